// Modal dialogs. The browser keeps the focus inside and gives it back.

import { html, nothing } from "./vendor/lit-html.js";
import { text } from "./format.js";

/** A dialog that is open while `isOpen`. `close` is told when the person leaves it by any way. */
export function dialog({ id, isOpen, title, body, actions, close }) {
  return html`<dialog id=${id} aria-labelledby="${id}-title" ?data-open=${isOpen} @close=${close}>
    ${
      isOpen
        ? html`<div class="dialog-head">
              <h3 id="${id}-title">${title}</h3>
              <button class="button quiet" type="button" data-test="close-dialog" @click=${close}>
                ${text("dialog.close")}
              </button>
            </div>
            <div class="dialog-body" tabindex="0" role="group" aria-labelledby="${id}-title">${body}</div>
            <div class="actions">${actions}</div>`
        : nothing
    }
  </dialog>`;
}

/** Opens and closes what the last drawing said. */
export function settleDialogs() {
  for (const element of document.querySelectorAll("dialog")) {
    const isMeant = "open" in element.dataset;
    if (isMeant && !element.open) element.showModal();
    if (!isMeant && element.open) element.close();
  }
}
