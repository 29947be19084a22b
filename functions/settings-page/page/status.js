// Status: the toggle, the last, the running and the next run, and what waits.

import { html, nothing } from "./vendor/lit-html.js";
import { get, loadConnection, poll, post, request } from "./api.js";
import { chart } from "./chart.js";
import { instant, plural, text } from "./format.js";
import { peopleSearch } from "./people.js";
import {
  countTiles,
  heldView,
  loadRuns,
  putRun,
  refusalView,
  runKind,
  runList,
  runPill,
  runs,
} from "./runs.js";
import { isConnected, redraw, setConnection, store, whenDisconnected, zone } from "./store.js";
import {
  Action,
  button,
  loading,
  needsConnection,
  problemBox,
  sectionTitle,
  statusBox,
  switchButton,
  waiting,
} from "./ui.js";

const opening = new Action();
const toggling = new Action();
const syncing = new Action();
/** The run that is watched: under way, or just over. */
let watched = null;
let news = null;

export function enter() {
  if (!isConnected()) return;
  opening.run(async () => {
    await loadConnection();
    await loadRuns();
    const pending = store.connection.runningRun ?? store.connection.requestedRun;
    if (pending) syncing.run(() => watch(pending));
  });
}

whenDisconnected(() => {
  watched = null;
  news = null;
});

export function view() {
  if (!isConnected())
    return html`${sectionTitle(text("status.title"), text("status.lead"))}${needsConnection()}`;
  const { lastRun } = store.connection;
  return html`${sectionTitle(text("status.title"), text("status.lead"))} ${toggleCard()} ${runsCard()}
    ${
      lastRun && (lastRun.hold || lastRun.refusal)
        ? html`<div class="card">${heldView(lastRun.hold, lastRun.held)}${refusalView(lastRun.refusal)}</div>`
        : nothing
    }
    ${peopleSearch()}
    <section class="card" aria-labelledby="history-title">
      <h3 id="history-title">${text("runs.title")}</h3>
      ${problemBox(opening.problem)}
      ${opening.isBusy && runs().length === 0 ? loading() : html`${runs().length > 0 ? chart() : nothing}${runList()}`}
    </section>`;
}

function toggleCard() {
  const { enabled, mapping, settings } = store.connection;
  const detail = enabled ? (mapping ? "toggle.detail.on" : "toggle.detail.waiting") : "toggle.detail.off";
  return html`<section class="card" aria-labelledby="toggle-label">
    <div class="toggle-line">
      <div>
        <h3 id="toggle-label">${text("toggle.label")}</h3>
        <p class="hint" id="toggle-state">${text(detail, { at: settings.nightAt })}</p>
      </div>
      ${switchButton(toggling, { id: "toggle", isOn: enabled, start: toggle })}
    </div>
    ${problemBox(toggling.problem)}
  </section>`;
}

async function toggle() {
  const body = { enabled: !store.connection.enabled };
  setConnection(await request("PUT", "/api/connection/enabled", { body }));
}

function runsCard() {
  const { lastRun, nextRunAt, enabled } = store.connection;
  return html`<section class="card" aria-labelledby="now-title">
    <div class="card-head">
      <h3 id="now-title">${text("now.title")}</h3>
      ${button(syncing, text("now.sync"), sync, { kind: "primary", hook: "sync-now", isOff: !enabled })}
    </div>
    ${enabled ? nothing : html`<p class="hint">${text("now.off")}</p>`} ${problemBox(syncing.problem)}
    ${syncing.isBusy ? live() : statusBox(news?.summary, runKind(news ?? {}))}
    <dl class="facts">
      <div>
        <dt>${text("now.last")}</dt>
        <dd data-test="last-run">
          ${
            lastRun
              ? html`${instant(lastRun.id, zone())} ${runPill(lastRun)}
                  <p class="hint">${lastRun.summary}</p>`
              : text("now.last.none")
          }
        </dd>
      </div>
      <div>
        <dt>${text("now.next")}</dt>
        <dd data-test="next-run">${nextRunAt ? instant(nextRunAt, zone()) : text("now.next.none")}</dd>
      </div>
      <div>
        <dt>${text("now.zone")}</dt>
        <dd>${zone()} <a href="#settings">${text("now.zone.change")}</a></dd>
      </div>
    </dl>
  </section>`;
}

function live() {
  const people = watched?.findings.people ?? 0;
  const words = watched
    ? people > 0
      ? plural("now.live.people", people)
      : text("now.live.reading")
    : text("now.live.waiting");
  return html`<div class="live" data-test="live">
    ${waiting(words)} ${watched ? countTiles(watched.applied) : nothing}
  </div>`;
}

async function sync() {
  news = null;
  watched = null;
  const { run } = await post("/api/runs");
  await watch(run);
}

// A run that has been asked for is not found until a worker takes it up.
async function watch(id) {
  const path = `/api/runs/${encodeURIComponent(id)}`;
  const ask = () => get(path).catch((problem) => (problem.status === 404 ? null : Promise.reject(problem)));
  const run = await poll(
    async () => {
      watched = await ask();
      redraw();
      return watched;
    },
    (current) => current !== null && current.status !== "running",
  );
  putRun(run);
  news = run;
  await loadConnection();
}
