// Starts the page: signs in, reads the connection, shows the section that the address names.

import { html, nothing, render } from "./vendor/lit-html.js";
import { Problem, loadConnection } from "./api.js";
import { settleDialogs } from "./dialog.js";
import { text, textOr } from "./format.js";
import { begin, hasBeenAccepted, signIn } from "./session.js";
import { drawWith, focusOnceDrawn, hasUnsaved, redraw, store } from "./store.js";
import { loading, notice, pill, problemBox } from "./ui.js";

// Each has a `view` and may have an `enter`, for when it is opened.
const SECTIONS = {
  guide: () => import("./guide.js"),
  connect: () => import("./connect.js"),
  mapping: () => import("./mapping.js"),
  status: () => import("./status.js"),
  settings: () => import("./settings.js"),
  sso: () => import("./sso.js"),
};

const STATES = { on: "good", running: "good", waitingForMapping: "warn", needsAttention: "bad" };

/** What keeps the page from being shown: a problem, or why somebody must sign in first. */
let obstacle = null;
let signInReason = null;
let section = null;
/** The first section to be shown leaves the focus where the browser puts it. */
let hasMoved = false;

function page() {
  return html`${section ? html`<a class="skip" href="#section-title" @click=${skip}>${text("skip")}</a>` : nothing}
    <header class="top">
      <div class="top-line">
        <h1>${text("title")}</h1>
        ${store.connection ? statePill(store.connection.state) : nothing}
      </div>
      ${store.connection ? html`<p class="summary" data-test="summary" role="status">${store.connection.summary}</p>` : nothing}
    </header>
    ${store.connection && !signInReason ? navigation() : nothing}
    <main id="main">${signInReason ? signedOut() : nothing}${content()}</main>`;
}

const statePill = (state) => pill(STATES[state] ?? "idle", textOr(`state.${state}`, state), "state");

const navigation = () =>
  html`<nav aria-label=${text("nav")}>
    <ul>
      ${Object.keys(SECTIONS).map(
        (name) =>
          html`<li>
            <a
              href="#${name}"
              data-test="nav-${name}"
              aria-current=${name === store.section ? "page" : nothing}
              >${text(`nav.${name}`)}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`;

function content() {
  if (signInReason && !store.connection) return nothing;
  if (section && !obstacle) return html`${attention()}${section.view()}`;
  return obstacle
    ? html`<div class="card">
        ${problemBox(obstacle)}
        <div class="actions">
          <button class="button" type="button" @click=${start}>${text("again")}</button>
        </div>
      </div>`
    : loading();
}

function attention() {
  const { attention: needed, suspicion } = store.connection;
  if (store.section === "connect") return nothing;
  if (!needed) return suspicion ? notice("warn", text("suspicion.title"), text("suspicion.detail")) : nothing;
  const place = needed.cause === "mappingUnusable" ? "mapping" : "connect";
  const meaning = html`<p data-test="attention">
    ${text("attention.meaning")} <a href="#${place}">${text(`attention.go.${place}`)}</a>
  </p>`;
  return notice("bad", textOr(`attention.${needed.cause}`, needed.cause), meaning);
}

const signedOut = () =>
  html`<div class="card" data-test="signed-out">
    ${notice("warn", text("signIn.title"), text(`signIn.${signInReason}`))}
    <div class="actions">
      <button class="button primary" type="button" data-test="sign-in" @click=${signIn}>
        ${text("signIn.button")}
      </button>
    </div>
  </div>`;

function skip(event) {
  event.preventDefault();
  document.getElementById("section-title")?.focus();
}

// The address says where we are: `#mapping`, or `#run=<id>` and `#person`, which are places within the status.
async function follow() {
  const [[place, detail] = ["", ""]] = new URLSearchParams(location.hash.slice(1));
  const isInStatus = place === "run" || place === "person";
  const name = place in SECTIONS ? place : isInStatus ? "status" : usualSection();
  store.detail = place === "run" ? detail : null;
  store.section = name;
  document.title = `${text(`nav.${name}`)} · ${text("title")}`;
  redraw();
  const opened = await SECTIONS[name]();
  if (store.section !== name) return;
  section = opened;
  section.enter?.();
  if (hasMoved || isInStatus) focusOnceDrawn(place === "person" ? "people-title" : "section-title");
  hasMoved = true;
  redraw();
}

const usualSection = () => (store.connection.mapping && store.connection.enabled ? "status" : "guide");

async function start() {
  obstacle = null;
  redraw();
  try {
    signInReason ??= await begin();
    if (signInReason === "leaving") return;
    if (signInReason === null) {
      if (!store.connection) await loadConnection();
      await follow();
    }
  } catch (error) {
    obstacle = Problem.of(error);
  }
  redraw();
}

document.addEventListener("signed-out", () => {
  if (hasBeenAccepted() && !hasUnsaved()) return signIn();
  signInReason = hasBeenAccepted() ? "expired" : "refused";
  redraw();
});

window.addEventListener("hashchange", () => {
  if (store.connection) start();
});

window.addEventListener("beforeunload", (event) => {
  if (hasUnsaved()) event.preventDefault();
});

drawWith(() => {
  render(page(), document.getElementById("page"));
  settleDialogs();
});
start();
