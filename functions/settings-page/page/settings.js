// Settings: who is written to, when the night is, and what becomes of joiners and leavers.

import { html, nothing } from "./vendor/lit-html.js";
import { Problem, loadConnection, request } from "./api.js";
import { disconnectCard, receiptCard } from "./disconnect.js";
import { hibobFields } from "./fields.js";
import { number, text } from "./format.js";
import { neverSyncEditor, readLines, scopeRules } from "./scope.js";
import { holdsUnsaved, isConnected, redraw, setConnection, store, whenDisconnected } from "./store.js";
import { twoVersions } from "./stale.js";
import { Action, button, needsConnection, options, problemBox, sectionTitle, statusBox } from "./ui.js";

const opening = new Action();
const saving = new Action();
let draft = null;
let fields = new Map();
let isStale = false;
let news = null;

export function enter() {
  if (!isConnected()) return;
  draft ??= structuredClone(store.connection.settings);
  opening.run(async () => (fields = await hibobFields()));
}

whenDisconnected(() => {
  draft = null;
  isStale = false;
  news = null;
});

const hasUnsaved = () =>
  draft !== null && isConnected() && JSON.stringify(draft) !== JSON.stringify(store.connection.settings);
holdsUnsaved(hasUnsaved);

export function view() {
  const head = sectionTitle(text("settings.title"), text("settings.lead"));
  if (!isConnected()) return html`${head}${receiptCard()}${needsConnection()}`;
  if (draft === null) return head;
  return html`${head}
    <form id="settings-form" @submit=${submit}>
      ${contacts()} ${night()} ${joinersAndLeavers()} ${scope()}
      <div class="save-bar">
        ${isStale ? stale() : problemBox(saving.problem, { without: ({ pointer }) => isShownInPlace(pointer) })}
        ${statusBox(hasUnsaved() ? null : news)}
        <div class="actions">
          ${button(saving, text("settings.save"), null, { kind: "primary", hook: "save-settings", isOff: isStale })}
        </div>
      </div>
    </form>
    ${disconnectCard()}`;
}

function change(assign) {
  assign();
  redraw();
}

const PLACES = [
  "/contacts",
  "/timeZone",
  "/nightAt",
  "/policy/leaversGraceHours",
  "/policy/createDaysBeforeStart",
];
PLACES.push("/policy/missingNights", "/policy/scope/rules", "/policy/scope/neverSync");

const within = (pointer, place) => pointer === place || pointer?.startsWith(`${place}/`);
const isShownInPlace = (pointer) => PLACES.some((place) => within(pointer, place));
const faults = (place) => (saving.problem?.errors ?? []).filter(({ pointer }) => within(pointer, place));

/** A field with its label, hint and what the API says is wrong with it. `input` gets its ARIA attributes. */
function field(key, place, input) {
  const wrong = faults(place);
  const id = `setting-${key}`;
  return html`<div class="field">
    <label for=${id}>${text(`settings.${key}`)}</label>
    ${input(id, wrong.length > 0 ? "true" : nothing)}
    <p class="hint" id="${id}-hint">${text(`settings.${key}.hint`)}</p>
    ${wrong.map(({ detail }) => html`<p class="fault" role="alert">${detail}</p>`)}
  </div>`;
}

const contacts = () =>
  html`<section class="card" aria-labelledby="contacts-title">
    <h3 id="contacts-title">${text("settings.contacts.title")}</h3>
    ${field(
      "contacts",
      "/contacts",
      (id, wrong) =>
        html`<textarea
          id=${id}
          rows="3"
          spellcheck="false"
          aria-describedby="${id}-hint"
          aria-invalid=${wrong}
          .value=${draft.contacts.join("\n")}
          @change=${({ target }) => change(() => (draft.contacts = readLines(target.value)))}
        ></textarea>`,
    )}
  </section>`;

const night = () =>
  html`<section class="card" aria-labelledby="night-title">
    <h3 id="night-title">${text("settings.night.title")}</h3>
    <div class="pair">
      ${field(
        "timeZone",
        "/timeZone",
        (id, wrong) =>
          html`<select
            id=${id}
            aria-describedby="${id}-hint"
            aria-invalid=${wrong}
            @change=${({ target }) => change(() => (draft.timeZone = target.value))}
          >
            ${options(timeZones(), draft.timeZone, (zone) => zone.replaceAll("_", " "))}
          </select>`,
      )}
      ${field(
        "nightAt",
        "/nightAt",
        (id, wrong) =>
          html`<input
            id=${id}
            type="time"
            required
            aria-describedby="${id}-hint"
            aria-invalid=${wrong}
            .value=${draft.nightAt.slice(0, 5)}
            @change=${({ target }) => change(() => (draft.nightAt = target.value))}
          />`,
      )}
    </div>
  </section>`;

const timeZones = () => [...new Set(["UTC", draft.timeZone, ...Intl.supportedValuesOf("timeZone")])].sort();

const AWAY = ["stayActive", "asInHiBob", "deactivate"];

const joinersAndLeavers = () =>
  html`<section class="card" aria-labelledby="policy-title">
    <h3 id="policy-title">${text("settings.policy.title")}</h3>
    <div class="pair">
      ${days("createDaysBeforeStart", 0, 90)} ${days("leaversGraceHours", 0, 2160)}
      ${days("missingNights", 3, 30)} ${choice("leave", AWAY)} ${choice("gardenLeave", AWAY)}
    </div>
  </section>`;

const days = (key, min, max) =>
  field(
    key,
    `/policy/${key}`,
    (id, wrong) =>
      html`<input
        id=${id}
        type="number"
        inputmode="numeric"
        required
        min=${min}
        max=${max}
        aria-describedby="${id}-hint"
        aria-invalid=${wrong}
        .value=${String(draft.policy[key])}
        @change=${({ target }) => change(() => (draft.policy[key] = Number(target.value)))}
      />`,
  );

const choice = (key, choices) =>
  field(
    key,
    `/policy/${key}`,
    (id) =>
      html`<select
        id=${id}
        aria-describedby="${id}-hint"
        @change=${({ target }) => change(() => (draft.policy[key] = target.value))}
      >
        ${options(choices, draft.policy[key], (each) => text(`settings.choice.${each}`))}
      </select>`,
  );

const scope = () =>
  html`<section class="card" aria-labelledby="scope-title">
    <h3 id="scope-title">${text("settings.scope.title")}</h3>
    <p>${text("settings.scope.lead")}</p>
    ${problemBox(opening.problem)}
    ${scopeRules(draft.policy.scope, {
      fields: [...fields.values()],
      faults: (at) => faults(`/policy/scope/rules/${at}`),
      change,
    })}
    ${field("neverSync", "/policy/scope/neverSync", (id, wrong) => neverSyncEditor(id, wrong, draft.policy.scope, change))}
    ${choice("outOfScope", ["keep", "deactivate"])}
  </section>`;

function submit(event) {
  event.preventDefault();
  saving.run(async () => {
    news = null;
    mustBeComplete();
    try {
      setConnection(await request("PUT", "/api/connection/settings", { body: draft, version: store.etag }));
    } catch (error) {
      if (error.kind !== "stale-edit") throw error;
      await loadConnection();
      isStale = true;
      return;
    }
    draft = structuredClone(store.connection.settings);
    news = text("settings.news");
  });
}

// A rule without a field cannot be sent at all.
function mustBeComplete() {
  const errors = draft.policy.scope.rules.flatMap(({ field }, at) =>
    field ? [] : [{ pointer: `/policy/scope/rules/${at}`, detail: text("scope.fault.field") }],
  );
  if (errors.length > 0)
    throw new Problem({ kind: "incomplete", title: text("settings.incomplete"), errors });
}

function stale() {
  const theirs = store.connection.settings;
  const flat = ({ policy, ...rest }) => ({ ...rest, ...policy });
  const [saved, mine] = [flat(theirs), flat(draft)];
  const keys = Object.keys(mine).filter((key) => JSON.stringify(saved[key]) !== JSON.stringify(mine[key]));
  return twoVersions({
    heading: text("stale.setting"),
    rows: keys.map((key) => [text(`settings.${key}`), shown(saved[key]), shown(mine[key])]),
    take: () => settle(structuredClone(theirs)),
    keep: () => settle(draft),
  });
}

function settle(settings) {
  draft = settings;
  isStale = false;
  redraw();
}

function shown(value) {
  if (typeof value === "number") return number(value);
  if (Array.isArray(value)) return value.join(", ") || "–";
  if (typeof value === "object")
    return text("settings.scope.shown", { rules: value.rules.length, people: value.neverSync.length });
  return AWAY.includes(value) || value === "keep" ? text(`settings.choice.${value}`) : value;
}
