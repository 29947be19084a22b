// A value to be taken along: shown whole, copied with one click.

import { html, nothing } from "./vendor/lit-html.js";
import { text } from "./format.js";
import { redraw } from "./store.js";

/** The field that was copied last, and whether the browser let us. */
let copied = { id: null, isDone: false };

export function copyField({ id, label, value, hint }) {
  const isLast = copied.id === id;
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <div class="copy-line">
      <input
        id=${id}
        class="code"
        readonly
        spellcheck="false"
        .value=${value}
        aria-describedby=${hint ? `${id}-hint` : nothing}
        @focus=${({ target }) => target.select()}
      />
      <button class="button" type="button" data-test="copy-${id}" @click=${() => copy(id, value)}>
        ${text(isLast && copied.isDone ? "copy.done" : "copy.button")}<span class="only-heard">
          ${label}</span
        >
      </button>
    </div>
    ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
    <div role="status">
      ${
        isLast
          ? copied.isDone
            ? html`<span class="only-heard">${text("copy.done.heard", { label })}</span>`
            : html`<p class="hint">${text("copy.byHand")}</p>`
          : nothing
      }
    </div>
  </div>`;
}

// Within another site's frame a browser may refuse; then the value is selected, ready for the keyboard.
async function copy(id, value) {
  copied = { id: null, isDone: false };
  redraw();
  const isDone = await navigator.clipboard.writeText(value).then(
    () => true,
    () => false,
  );
  copied = { id, isDone };
  if (!isDone) document.getElementById(id)?.focus();
  redraw();
}
