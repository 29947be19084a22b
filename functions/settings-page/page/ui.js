// The few pieces that all sections are made of.

import { html, nothing } from "./vendor/lit-html.js";
import { Problem } from "./api.js";
import { redraw } from "./store.js";
import { text, textOr } from "./format.js";

/** Something a button starts: never twice at once, and what went wrong stays beside it until the next try. */
export class Action {
  isBusy = false;
  problem = null;

  async run(work) {
    if (this.isBusy) return;
    this.isBusy = true;
    this.problem = null;
    redraw();
    try {
      await work();
    } catch (error) {
      this.problem = Problem.of(error);
    } finally {
      this.isBusy = false;
      redraw();
    }
  }
}

/**
 * A button that starts an action. While it runs the button is disabled for everybody, but keeps the focus: the `disabled`
 * attribute would throw keyboard users back to the top of the page.
 */
export function button(action, label, start, { kind = "", hook, isOff = false } = {}) {
  const isOffNow = action.isBusy || isOff;
  return html`<button
    class="button ${kind}"
    type=${start ? "button" : "submit"}
    data-test=${hook ?? nothing}
    aria-disabled=${isOffNow ? "true" : nothing}
    aria-busy=${action.isBusy ? "true" : nothing}
    @click=${(event) => {
      if (isOffNow) event.preventDefault();
      else if (start) action.run(start);
    }}
  >
    ${action.isBusy ? html`<span class="spinner" aria-hidden="true"></span>` : nothing}${label}
  </button>`;
}

/** A switch, labelled by `<id>-label` and described by `<id>-state`. */
export const switchButton = (action, { id, isOn, isOff = false, start }) =>
  html`<button
    class="switch"
    type="button"
    role="switch"
    id=${id}
    aria-checked=${isOn}
    aria-labelledby="${id}-label"
    aria-describedby="${id}-state"
    aria-disabled=${action.isBusy || isOff ? "true" : nothing}
    @click=${() => isOff || action.run(start)}
  >
    <span class="knob" aria-hidden="true"></span
    ><span class="switch-word">${text(isOn ? "toggle.on" : "toggle.off")}</span>
  </button>`;

/** Where a problem is told. It stands there from the start, so that screen readers notice what comes into it. */
export function problemBox(problem, { without = () => false } = {}) {
  const errors = problem?.errors.filter((error) => !without(error)) ?? [];
  return html`<div class="alert-place" role="alert">
    ${
      problem
        ? html`<div class="notice bad" data-test="problem" data-problem=${problem.kind}>
            <p class="notice-title">${problem.title}</p>
            ${problem.detail ? html`<p>${problem.detail}</p>` : nothing}
            ${
              errors.length > 0
                ? html`<ul>
                    ${errors.map(errorLine)}
                  </ul>`
                : nothing
            }
          </div>`
        : nothing
    }
  </div>`;
}

const errorLine = ({ pointer, detail }) =>
  html`<li>${pointer ? html`<code>${pointer}</code> ` : nothing}${detail}</li>`;

/** Where progress and good news are told. */
export const statusBox = (words, kind = "good") =>
  html`<div class="status-place" role="status">
    ${words ? html`<p class="notice ${kind}">${words}</p>` : nothing}
  </div>`;

export const notice = (kind, title, body = nothing) =>
  html`<div class="notice ${kind}">
    <p class="notice-title">${title}</p>
    ${typeof body === "string" ? html`<p>${body}</p>` : body}
  </div>`;

/** Something is under way. */
export const waiting = (words, hook) =>
  html`<p class="loading" role="status" data-test=${hook ?? nothing}>
    <span class="spinner" aria-hidden="true"></span>${words}
  </p>`;

export const loading = () => waiting(text("loading"));

export const empty = (message) => html`<p class="empty">${message}</p>`;

/** Says that a section needs a connection first. */
export const needsConnection = () =>
  html`<div class="card">
    ${empty(text("needsConnection"))}
    <p><a class="button primary" href="#connect">${text("connect.button")}</a></p>
  </div>`;

/** A section's heading takes the focus when the section is opened. */
export const sectionTitle = (title, lead) =>
  html`<h2 id="section-title" tabindex="-1">${title}</h2>
    ${lead ? html`<p class="lead">${lead}</p>` : nothing}`;

const MARKS = { good: "✓", warn: "!", bad: "✕", idle: "○", busy: "…" };

/** A short state in a word, with a mark for those who do not see its colour. */
export const pill = (kind, label, hook) =>
  html`<span class="pill ${kind}" data-test=${hook ?? nothing}
    ><span aria-hidden="true">${MARKS[kind]}</span> ${label}</span
  >`;

/** Text from HiBob or HiThrive that may run in any direction. */
export const theirs = (value) => html`<bdi>${value}</bdi>`;

/** A field of HiThrive by the name an admin knows. */
export const targetName = (target) =>
  target.startsWith("custom:") ? theirs(target.slice("custom:".length)) : textOr(`target.${target}`, target);

/** Fields of HiThrive in a line. */
export const targetNames = (targets) =>
  targets.length > 0
    ? html`<p class="hint">${targets.map((target, at) => [at > 0 ? ", " : "", targetName(target)])}</p>`
    : nothing;

/** The options of a select. */
export const options = (choices, selected, label) =>
  choices.map(
    (choice) => html`<option value=${choice} ?selected=${choice === selected}>${label(choice)}</option>`,
  );
