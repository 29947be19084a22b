// Whom the team wants: rules over HiBob's fields, and people never to sync.

import "./field-picker.js";
import { html, nothing } from "./vendor/lit-html.js";
import { text } from "./format.js";
import { focusOnceDrawn } from "./store.js";
import { options } from "./ui.js";

export const readLines = (value) =>
  value
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

// One value is `equals`, several are `oneOf`; on the page both are lines.
const KINDS = {
  oneOf: {
    read: ({ equals, oneOf }) => oneOf ?? (equals === undefined ? [] : [equals]),
    write: (lines) => (lines.length === 1 ? { equals: lines[0] } : { oneOf: lines }),
  },
  emailDomain: {
    read: ({ emailDomain }) => [emailDomain],
    write: (lines) => ({ emailDomain: (lines[0] ?? "").replace(/^@/, "") }),
  },
};

const kindOf = ({ condition }) => ("emailDomain" in condition ? "emailDomain" : "oneOf");

/** The rules of a scope, to be edited. `faults` tells what the API says is wrong with the rule at a place. */
export function scopeRules(scope, { fields, faults, change }) {
  const add = () =>
    change(() => {
      scope.rules.push({ effect: "include", field: null, condition: { oneOf: [] } });
      focusOnceDrawn(`rule-${scope.rules.length - 1}`);
    });
  const remove = (at) =>
    change(() => {
      scope.rules.splice(at, 1);
      focusOnceDrawn("add-rule");
    });
  return html`<ul class="scope" data-test="scope-rules">
      ${scope.rules.map((rule, at) => ruleView(rule, at))}
    </ul>
    <button class="button" type="button" id="add-rule" data-test="add-rule" @click=${add}>
      ${text("scope.add")}
    </button>`;

  function ruleView(rule, at) {
    const kind = kindOf(rule);
    const { read, write } = KINDS[kind];
    const named = (key) => `${text("scope.rule", { position: at + 1 })}: ${text(key)}`;
    const wrong = faults(at);
    return html`<li class="rule" data-test="rule">
      <select
        aria-label=${named("scope.effect")}
        @change=${({ target }) => change(() => (rule.effect = target.value))}
      >
        ${options(["include", "exclude"], rule.effect, (effect) => text(`scope.effect.${effect}`))}
      </select>
      <field-picker
        id="rule-${at}"
        .fields=${fields}
        .value=${rule.field?.id ?? null}
        .label=${named("scope.field")}
        .problem=${wrong.length > 0 ? `rule-fault-${at}` : null}
        @pick=${({ detail: { id, type, category } }) => change(() => (rule.field = { id, type, category }))}
      ></field-picker>
      <select
        aria-label=${named("scope.kind")}
        @change=${({ target }) => change(() => (rule.condition = KINDS[target.value].write(read(rule.condition))))}
      >
        ${options(Object.keys(KINDS), kind, (each) => text(`scope.kind.${each}`))}
      </select>
      <textarea
        rows="2"
        required
        spellcheck="false"
        aria-label=${named("scope.values")}
        placeholder=${text(`scope.values.${kind}`)}
        .value=${read(rule.condition).join("\n")}
        @change=${({ target }) => change(() => (rule.condition = write(readLines(target.value))))}
      ></textarea>
      <button
        class="button icon"
        type="button"
        aria-label=${named("scope.remove")}
        @click=${() => remove(at)}
      >
        <span aria-hidden="true">✕</span>
      </button>
      <div class="full" id="rule-fault-${at}">
        ${wrong.map(({ detail }) => html`<p class="fault">${detail}</p>`)}
      </div>
    </li>`;
  }
}

/** People never to sync, one HiBob id or address a line. */
export const neverSyncEditor = (id, wrong, scope, change) =>
  html`<textarea
    id=${id}
    rows="3"
    spellcheck="false"
    aria-describedby="${id}-hint"
    aria-invalid=${wrong ?? nothing}
    .value=${scope.neverSync.map(({ employee, email }) => employee ?? email).join("\n")}
    @change=${({ target }) =>
      change(() => {
        scope.neverSync = readLines(target.value).map((line) =>
          line.includes("@") ? { email: line } : { employee: line },
        );
      })}
  ></textarea>`;
