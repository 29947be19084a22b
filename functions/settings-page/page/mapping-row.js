// One field of HiThrive and what fills it.

import "./field-picker.js";
import { html, nothing } from "./vendor/lit-html.js";
import { text, textOr } from "./format.js";
import { options, targetName, theirs } from "./ui.js";

/** The element that chooses one of a row's sources. */
export const sourceId = ({ target }, at) => `source-${target}-${Math.max(at, 0)}`;

/** `change` gets the members of the row that change, or null when the row goes. */
export function mappingRow(row, { faults, fields, sample, change }) {
  const offered = [...fields.values()].filter(({ type }) => row.accepts.includes(type));
  const name = row.isCustom ? row.target.slice("custom:".length) : textOr(`target.${row.target}`, row.target);
  const faultId = `fault-${row.target}`;
  const sources = row.sources.length > 0 ? row.sources : [null];
  return html`<div class="row" role="group" aria-label=${name} data-test="row-${row.target}">
    <div class="row-target">
      <h4>
        ${targetName(row.target)}${row.required ? html` <span class="required">${text("mapping.required")}</span>` : nothing}
      </h4>
      ${
        row.isCustom
          ? html`<button
              class="button quiet"
              type="button"
              data-test="remove-custom"
              @click=${() => change(null)}
            >
              ${text("mapping.custom.remove")}<span class="only-heard"> ${name}</span>
            </button>`
          : nothing
      }
    </div>
    <div class="row-sources">
      ${sources.map((source, at) => sourceView(source, at))}
      <div class="row-more">
        ${
          row.sources.at(-1)
            ? html`<button
                class="button quiet"
                type="button"
                data-test="add-fallback"
                @click=${() => change({ sources: [...row.sources, null] })}
              >
                ${text("mapping.fallback")}<span class="only-heard"> ${name}</span>
              </button>`
            : nothing
        }
        ${row.sources.some(Boolean) && !row.required ? whenEmpty() : nothing}
      </div>
      <div id=${faultId}>${faults.map((fault) => html`<p class="fault">${fault}</p>`)}</div>
    </div>
    <div class="row-sample" data-test="sample-${row.target}">
      ${row.sources.some(Boolean) ? sampleView(sample) : nothing}
    </div>
  </div>`;

  function sourceView(source, at) {
    const label =
      at === 0
        ? text("mapping.row.source", { target: name })
        : text("mapping.row.fallback", { target: name });
    return html`<div class="row-source">
      ${at > 0 ? html`<span class="or-else">${text("mapping.orElse")}</span>` : nothing}
      <field-picker
        id=${sourceId(row, at)}
        .fields=${offered}
        .value=${source?.id ?? null}
        .label=${label}
        .problem=${faults.length > 0 ? faultId : null}
        @pick=${({ detail: { id, type, category } }) => change({ sources: sources.with(at, { id, type, category }) })}
      ></field-picker>
      ${
        source || at > 0
          ? html`<button
              class="button icon"
              type="button"
              data-test="remove-source"
              aria-label=${text("mapping.row.remove", { source: label })}
              @click=${() => change({ sources: row.sources.toSpliced(at, 1) })}
            >
              <span aria-hidden="true">✕</span>
            </button>`
          : nothing
      }
    </div>`;
  }

  function whenEmpty() {
    return html`<label class="when-empty">
      <span>${text("mapping.whenEmpty")}</span>
      <select
        aria-label="${text("mapping.whenEmpty")}: ${name}"
        @change=${({ target }) => change({ whenEmpty: target.value })}
      >
        ${options(["clear", "keep"], row.whenEmpty, (choice) => text(`mapping.whenEmpty.${choice}`))}
      </select>
    </label>`;
  }
}

function sampleView(sample) {
  if (!sample) return html`<span class="hint">${text("mapping.sample.none")}</span>`;
  if (sample.state !== "value")
    return html`<span class="sample ${sample.state}">${text(`mapping.sample.${sample.state}`)}</span>`;
  const values = Array.isArray(sample.value) ? sample.value : [sample.value];
  return html`<span class="only-heard">${text("mapping.sample")} </span
    >${values.map((value) => html`<span class="sample">${theirs(value)}</span> `)}`;
}
