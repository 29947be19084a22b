// Disconnect, and the receipt of what was erased.

import { html, nothing } from "./vendor/lit-html.js";
import { loadConnection, runTask } from "./api.js";
import { dialog } from "./dialog.js";
import { instant, plural, text, textOr } from "./format.js";
import { focusOnceDrawn, forgetConnection, redraw } from "./store.js";
import { Action, button, problemBox, waiting } from "./ui.js";

const disconnecting = new Action();
let isOpen = false;
let accounts = null;
let receipt = null;

export const disconnectCard = () =>
  html`<section class="card danger" aria-labelledby="disconnect-title">
    <h3 id="disconnect-title">${text("disconnect.title")}</h3>
    <p>${text("disconnect.lead")}</p>
    <div class="actions">
      <button class="button danger" type="button" data-test="disconnect" @click=${() => open(true)}>
        ${text("disconnect.open")}
      </button>
    </div>
    ${dialog({
      id: "disconnect",
      isOpen,
      title: text("disconnect.sure"),
      body: html`<fieldset>
          <legend>${text("disconnect.accounts")}</legend>
          ${["keep", "deactivate"].map(
            (choice) =>
              html`<label class="choice">
                <input
                  type="radio"
                  name="accounts"
                  value=${choice}
                  .checked=${accounts === choice}
                  @change=${() => choose(choice)}
                />
                <span
                  ><strong>${text(`disconnect.${choice}`)}</strong><br /><span class="hint"
                    >${text(`disconnect.${choice}.hint`)}</span
                  ></span
                >
              </label>`,
          )}
        </fieldset>
        <p>${text("disconnect.erases")}</p>
        ${problemBox(disconnecting.problem)}
        ${disconnecting.isBusy ? waiting(text("disconnect.busy")) : nothing}`,
      actions: button(disconnecting, text("disconnect.button"), disconnect, {
        kind: "danger",
        hook: "confirm-disconnect",
        isOff: accounts === null,
      }),
      close: () => open(false),
    })}
  </section>`;

function open(isMeant) {
  isOpen = isMeant;
  accounts = null;
  redraw();
}

function choose(choice) {
  accounts = choice;
  redraw();
}

async function disconnect() {
  const { result } = await runTask("/api/connection/disconnections", { accounts }, redraw);
  receipt = result;
  isOpen = false;
  focusOnceDrawn("receipt-title");
  await loadConnection();
  forgetConnection();
}

/** What the last disconnection on this page left behind. */
export function receiptCard() {
  if (!receipt) return nothing;
  const { disconnectedAt, accountsDeactivated, accountsKept, erased, kept, backupsExpireBy } = receipt;
  const facts = [
    plural("receipt.kept", accountsKept),
    plural("receipt.deactivated", accountsDeactivated),
    ...erased.map(({ what, items }) =>
      text("receipt.erased", { what: textOr(`receipt.what.${what}`, what), items }),
    ),
    ...kept.map(({ what, why }) => `${textOr(`receipt.what.${what}`, what)}: ${why}`),
    text("receipt.backups", { at: instant(backupsExpireBy, "UTC") }),
  ];
  return html`<section class="card" aria-labelledby="receipt-title" data-test="receipt">
    <h3 id="receipt-title" tabindex="-1">${text("receipt.title")}</h3>
    <p>${text("receipt.at", { at: instant(disconnectedAt, "UTC") })}</p>
    <ul>
      ${facts.map((fact) => html`<li>${fact}</li>`)}
    </ul>
    <div class="actions">
      <button class="button" type="button" data-test="download-receipt" @click=${download}>
        ${text("receipt.download")}
      </button>
    </div>
  </section>`;
}

function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(receipt, null, 2)], { type: "application/json" }));
  link.download = `hibob-disconnected-${receipt.disconnectedAt.slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
