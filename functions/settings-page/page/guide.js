// The way from nothing to the first night, as a list that ticks itself off.

import { html, nothing } from "./vendor/lit-html.js";
import { number, text } from "./format.js";
import { isConnected, store } from "./store.js";
import { pill, sectionTitle } from "./ui.js";

/** What the API lets us see of somebody's progress. */
function seen() {
  const { connection } = store;
  const steps = connection.lastProof?.report.steps ?? [];
  const outcomeOf = (name) => steps.find(({ step }) => step === name)?.outcome;
  const passed = (name) => outcomeOf(name) === "passed";
  const connected = isConnected();
  return {
    here: true,
    connected,
    people: connected && passed("people"),
    inactive: connected && passed("inactivePeople"),
    // A warning is about categories that the mapping does not need.
    categories: connected && (passed("categories") || outcomeOf("categories") === "warning"),
    enabled: connection.enabled,
    mapped: connection.mapping !== null,
  };
}

// The categories that a service user is commonly given, as HiBob ships them.
const CATEGORIES = [
  "about",
  "root",
  "email",
  "employment",
  "home",
  "lifecycle",
  "personal",
  "personalContact",
  "userData",
  "work",
  "workContact",
];

// Each step with what proves it.
const PARTS = [
  {
    part: "start",
    steps: [
      ["open", "here"],
      ["plan", "connected"],
    ],
  },
  {
    part: "serviceUser",
    steps: [
      ["integrations", "connected"],
      ["automation", "connected"],
      ["serviceUsers", "connected"],
      ["name", "connected"],
      ["save", "connected"],
      ["keep", "connected"],
      ["done", "connected"],
    ],
  },
  {
    part: "permissions",
    steps: [
      ["groups", "people"],
      ["create", "people"],
      ["groupName", "people"],
      ["condition", "people"],
      ["lifecycle", "inactive"],
      ["add", "people"],
      ["grant", "categories"],
      ["applies", "inactive"],
      ["saveGroup", "people"],
    ],
  },
  {
    part: "connect",
    link: "#connect",
    steps: [
      ["enter", "connected"],
      ["connect", "connected"],
    ],
  },
  { part: "enable", link: "#status", steps: [["toggle", "enabled"]] },
  {
    part: "map",
    link: "#mapping",
    steps: [
      ["edit", "mapped"],
      ["fields", "mapped"],
      ["saveFields", "mapped"],
    ],
  },
];

export function view() {
  const proofs = seen();
  const all = PARTS.flatMap(({ steps }) => steps);
  const done = all.filter(([, proof]) => proofs[proof]).length;
  let at = 0;
  return html`${sectionTitle(text("guide.title"), text("guide.lead"))}
    <div class="progress-line">
      <progress max=${all.length} value=${done} aria-label=${text("guide.progress.label")}></progress>
      <span data-test="guide-progress">${text("guide.progress", { done, all: all.length })}</span>
    </div>
    ${done === all.length ? html`<p class="notice good">${text("guide.finished")}</p>` : nothing}
    ${PARTS.map(({ part, link, steps }) => {
      const start = at + 1;
      at += steps.length;
      const isDone = steps.every(([, proof]) => proofs[proof]);
      return html`<section class="card" aria-labelledby="guide-${part}">
        <div class="card-head">
          <h3 id="guide-${part}">${text(`guide.part.${part}`)}</h3>
          ${isDone ? pill("good", text("guide.done")) : nothing}
        </div>
        <ol class="steps" start=${start}>
          ${steps.map((step, index) => stepView(step, start + index, proofs))}
        </ol>
        ${link && !isDone ? html`<p><a class="button" href=${link}>${text(`guide.go.${part}`)}</a></p>` : nothing}
      </section>`;
    })}`;
}

function stepView([name, proof], position, proofs) {
  const isDone = proofs[proof];
  return html`<li class="step ${isDone ? "done" : ""}" data-test="step-${name}" data-done=${isDone}>
    <span class="step-mark" aria-hidden="true">${isDone ? "✓" : number(position)}</span>
    <div>
      <p>
        ${text(`guide.step.${name}`)}${isDone ? html`<span class="only-heard"> ${text("guide.done")}</span>` : nothing}
      </p>
      ${name === "grant" ? permissionList() : nothing}
    </div>
  </li>`;
}

const permissionList = () =>
  html`<details>
    <summary>${text("guide.categories")}</summary>
    <p>${text("guide.categories.feature")}</p>
    <p>${text("guide.categories.people")}</p>
    <ul class="columns">
      ${CATEGORIES.map((id) => html`<li>${text(`category.${id}`)}</li>`)}
    </ul>
    <p>${text("guide.categories.hint")}</p>
  </details>`;
