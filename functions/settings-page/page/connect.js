// Connect: the service user, and the proof that it may do what the sync needs.

import { html, nothing } from "./vendor/lit-html.js";
import { loadConnection, request, runTask } from "./api.js";
import { forgetFields } from "./fields.js";
import { instant, taskWords, text, textOr } from "./format.js";
import { pendingProof, proofReport } from "./proof.js";
import { isConnected, redraw, setConnection, store, zone } from "./store.js";
import { Action, button, notice, pill, problemBox, sectionTitle, statusBox, waiting } from "./ui.js";

const connecting = new Action();
const proving = new Action();
let task = null;
let news = null;

export function view() {
  const report = store.connection.lastProof;
  const connected = isConnected();
  return html`${sectionTitle(text("connect.title"), text("connect.lead"))}
  ${connected ? connectedCard() : html`<div class="card">${form()}</div>`}
  ${
    proving.isBusy || proving.problem || report
      ? html`<section class="card" aria-labelledby="proof-title">
          <div class="card-head">
            <h3 id="proof-title">${text("proof.title")}</h3>
            ${
              report && !proving.isBusy
                ? html`<span class="hint"
                    >${text("proof.at", { at: instant(report.finishedAt, zone()) })}</span
                  >`
                : nothing
            }
          </div>
          ${problemBox(proving.problem)} ${proving.isBusy ? html`${progress()}${pendingProof()}` : nothing}
          ${report && !proving.isBusy ? proofReport(report.report) : nothing}
        </section>`
      : nothing
  }`;
}

function connectedCard() {
  const { attention } = store.connection;
  return html`<section class="card" aria-labelledby="connected-title">
    <div class="card-head">
      <h3 id="connected-title">${text("connect.connected")}</h3>
      ${attention ? pill("bad", text("state.needsAttention")) : pill("good", text("connect.connected.pill"), "connected")}
    </div>
    ${
      attention
        ? notice("bad", textOr(`attention.${attention.cause}`, attention.cause), text("connect.attention"))
        : html`<p>${text("connect.connected.lead")}</p>`
    }
    ${statusBox(news)}
    <div class="actions">
      ${button(proving, text("proof.again"), prove, { kind: "primary", hook: "check-again" })}
    </div>
    <details ?open=${attention !== null}>
      <summary data-test="replace">${text("connect.replace")}</summary>
      <p>${text("connect.replace.lead")}</p>
      ${form()}
    </details>
  </section>`;
}

function form() {
  const label = isConnected() ? text("connect.replace.button") : text("connect.button");
  return html`<form id="connect-form" @submit=${submit}>
    <label class="field">
      <span>${text("connect.id")}</span>
      <input
        name="serviceUserId"
        id="service-user-id"
        required
        maxlength="200"
        autocomplete="off"
        spellcheck="false"
      />
    </label>
    <label class="field">
      <span>${text("connect.token")}</span>
      <input
        name="token"
        id="service-user-token"
        type="password"
        required
        maxlength="1000"
        autocomplete="off"
        spellcheck="false"
        aria-describedby="token-hint"
      />
    </label>
    <p class="hint" id="token-hint">${text("connect.token.hint")}</p>
    ${problemBox(connecting.problem)}
    <div class="actions">${button(connecting, label, null, { kind: "primary", hook: "connect" })}</div>
  </form>`;
}

async function submit(event) {
  event.preventDefault();
  const { currentTarget } = event;
  if (proving.isBusy) return;
  let isConnectedNow = false;
  await connecting.run(async () => {
    const { serviceUserId, token } = Object.fromEntries(new FormData(currentTarget));
    const body = { serviceUserId: serviceUserId.trim(), token: token.trim() };
    const answer = await request("PUT", "/api/connection/service-user", { body });
    currentTarget.reset();
    news = text(answer.status === 201 ? "connect.news.connected" : "connect.news.replaced");
    setConnection(answer);
    isConnectedNow = true;
  });
  if (!isConnectedNow) return;
  redraw();
  document.getElementById("connected-title")?.scrollIntoView({ block: "nearest" });
  await proving.run(prove);
}

async function prove() {
  task = null;
  const { result } = await runTask("/api/connection/proofs", undefined, (current) => {
    task = current;
    redraw();
  });
  forgetFields();
  store.connection = {
    ...store.connection,
    lastProof: { finishedAt: new Date().toISOString(), report: result },
  };
  await loadConnection();
  news = null;
}

const progress = () => waiting(taskWords(task), "proof-progress");
