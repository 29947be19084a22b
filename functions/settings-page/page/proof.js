// What the proof of a connection found.

import { html, nothing } from "./vendor/lit-html.js";
import { list, plural, text, textOr } from "./format.js";
import { pill } from "./ui.js";

const STEPS = [
  "credentials",
  "people",
  "inactivePeople",
  "categories",
  "emails",
  "duplicates",
  "managers",
  "directory",
];

const OUTCOMES = { passed: "good", warning: "warn", failed: "bad", cannotCheck: "idle" };
const STATES = { granted: "good", notGranted: "bad", noValues: "warn", notAsked: "idle" };

/** The steps while they are being taken. */
export const pendingProof = () =>
  html`<ul class="proof">
    ${STEPS.map((step) => html`<li>${pill("busy", text("proof.outcome.pending"))} ${text(`proof.step.${step}`)}</li>`)}
  </ul>`;

export function proofReport(report) {
  return html`<ul class="proof" data-test="proof">
      ${report.steps.map(
        ({ step, outcome }) =>
          html`<li data-test="proof-${step}" data-outcome=${outcome}>
            ${pill(OUTCOMES[outcome] ?? "idle", textOr(`proof.outcome.${outcome}`, outcome))}
            <div>
              <span>${textOr(`proof.step.${step}`, step)}</span>
              ${explained(step, outcome, report)}
            </div>
          </li>`,
      )}
    </ul>
    ${permissions(report.categories)} ${canBeUnticked(report)}`;
}

function explained(step, outcome, report) {
  const { emails, managers } = report;
  const facts = {
    people: () => plural("proof.fact.people", report.people),
    inactivePeople: () => plural("proof.fact.inactive", report.inactive),
    emails: () => text("proof.fact.emails", emails),
    duplicates: () => emails.duplicates > 0 && plural("proof.fact.duplicates", emails.duplicates),
    managers: () => text("proof.fact.managers", managers),
  };
  const isUnknown = outcome === "cannotCheck";
  const fact = isUnknown ? null : facts[step]?.();
  const advice =
    isUnknown && step !== "directory" ? text("proof.advice.cannotCheck") : adviceOn(step, outcome);
  return html`${fact ? html`<p class="hint">${fact}</p>` : nothing}
  ${advice ? html`<p class="hint">${advice}</p>` : nothing}`;
}

const adviceOn = (step, outcome) =>
  outcome === "passed"
    ? null
    : textOr(`proof.advice.${step}.${outcome}`, textOr(`proof.advice.${step}`, null));

// What is needed and missing comes first, what is fine last.
const urgency = ({ state, needed }) => (state === "granted" ? 2 : needed ? 0 : 1);

function permissions(categories) {
  const rows = categories.filter(({ standard, needed, state }) => standard || needed || state === "granted");
  rows.sort((a, b) => urgency(a) - urgency(b));
  return html`<h4>${text("permissions.title")}</h4>
    <p class="hint">${text("permissions.lead")}</p>
    <table class="stacking" data-test="permissions">
      <caption class="only-heard">
        ${text("permissions.title")}
      </caption>
      <thead>
        <tr>
          <th scope="col">${text("permissions.category")}</th>
          <th scope="col">${text("permissions.state")}</th>
          <th scope="col">${text("permissions.where")}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(permission)}
      </tbody>
    </table>`;
}

function permission({ id, name, state, needed, neededFor, screenPath, box }) {
  const uses = neededFor.map((target) => textOr(`target.${target}`, target.replace(/^custom:/, "")));
  const stateKind = state === "notGranted" && !needed ? "idle" : (STATES[state] ?? "idle");
  return html`<tr data-test="category-${id}" data-state=${state}>
    <th scope="row">
      ${name}
      ${
        needed
          ? html`<p class="hint">
              ${uses.length > 0 ? text("permissions.needed.for", { uses: list(uses) }) : text("permissions.needed")}
            </p>`
          : nothing
      }
    </th>
    <td data-label=${text("permissions.state")}>
      ${pill(stateKind, textOr(`permissions.state.${state}`, state))}
    </td>
    <td class=${state === "granted" ? "quiet-cell" : nothing} data-label=${text("permissions.where")}>
      ${
        state === "granted"
          ? html`<span class="hint">${text("permissions.fine")}</span>`
          : html`<p class="path">${screenPath.join(" › ")}</p>
              <p class="tick"><span aria-hidden="true">☐</span> ${box}</p>`
      }
    </td>
  </tr>`;
}

function canBeUnticked({ canBeUnticked: ids, categories }) {
  if (ids.length === 0) return nothing;
  const names = ids.map((id) => categories.find((category) => category.id === id)?.name ?? id);
  return html`<div class="notice calm" data-test="can-be-unticked">
    <p class="notice-title">${plural("permissions.unticked", ids.length)}</p>
    <p>${text("permissions.unticked.detail", { names: list(names) })}</p>
  </div>`;
}
