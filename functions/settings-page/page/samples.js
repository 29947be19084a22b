// The values of a real person beside a draft mapping.

import { html } from "./vendor/lit-html.js";
import { post } from "./api.js";
import { text } from "./format.js";
import { whenDisconnected } from "./store.js";
import { Action, button, problemBox, theirs } from "./ui.js";

/** Each look asks HiBob about one person, so a burst of changes waits until it has been over for so many milliseconds. */
const REST = 700;

const sampling = new Action();
let draft = () => [];
let wanted = "";
let answer = null;
let timer;

whenDisconnected(() => (answer = null));

export const sampleOf = (wantedTarget) => answer?.samples.find(({ target }) => target === wantedTarget);

/** Reads the values again, of the entries that there are when the editing rests. */
export function showSamples(entries) {
  draft = entries;
  clearTimeout(timer);
  timer = setTimeout(() => (sampling.isBusy ? showSamples(entries) : sampling.run(read)), REST);
}

async function read() {
  const entries = draft();
  if (entries.length > 0) answer = await post("/api/mapping/samples", { entries, person: wanted || null });
}

export const personChooser = () =>
  html`<form class="inline-form" @submit=${choose}>
    <label class="field">
      <span>${text("mapping.person")}</span>
      <input name="person" id="sample-person" maxlength="200" autocomplete="off" spellcheck="false" />
    </label>
    ${button(sampling, text("mapping.person.show"), null, { hook: "show-person" })}
    <p class="hint full" role="status">${answer?.person ? shownPerson(answer.person) : nobody()}</p>
    <div class="full">${problemBox(sampling.problem)}</div>
  </form>`;

const shownPerson = ({ name, email, employee }) =>
  html`${text("mapping.person.shown")} <strong>${theirs(name ?? email ?? employee)}</strong>`;

const nobody = () => text(sampling.isBusy ? "mapping.person.reading" : "mapping.person.nobody");

function choose(event) {
  event.preventDefault();
  wanted = new FormData(event.currentTarget).get("person").trim();
  sampling.run(read);
}
