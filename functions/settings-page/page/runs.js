// Runs: how they are told, their list, and the people of each.

import { html, nothing } from "./vendor/lit-html.js";
import { get } from "./api.js";
import { instant, list, number, plural, seconds, text, textOr } from "./format.js";
import { redraw, store, whenDisconnected, zone } from "./store.js";
import { Action, button, empty, notice, pill, problemBox, targetName, targetNames, theirs } from "./ui.js";

const KINDS = ["created", "updated", "deactivated", "reactivated"];

const STATUSES = {
  running: "busy",
  handedBack: "busy",
  applied: "good",
  held: "warn",
  refused: "bad",
  needsAttention: "bad",
  waitingForMapping: "idle",
  failed: "bad",
};

/** Whether a run went well, as marks and colours say it. */
export const runKind = ({ status }) => STATUSES[status] ?? "idle";

export const runPill = ({ status }) =>
  pill(runKind({ status }), textOr(`run.status.${status}`, status), `run-${status}`);

/** Says of a change that it was not made yet. */
export const heldTag = (held) => (held ? html`<span class="tag">${text("kind.held")}</span>` : nothing);

export const kindPill = (kind) => html`<span class="kind ${kind}">${textOr(`kind.${kind}`, kind)}</span>`;

export const countTiles = (counts) =>
  html`<dl class="tiles">
    ${KINDS.map(
      (kind) =>
        html`<div class="tile ${kind}">
          <dt>${text(`kind.${kind}`)}</dt>
          <dd>${number(counts[kind])}</dd>
        </div>`,
    )}
  </dl>`;

const countLine = (counts) =>
  list(
    KINDS.filter((kind) => counts[kind] > 0).map((kind) => text(`count.${kind}`, { count: counts[kind] })),
  ) || text("count.nothing");

const waitingView = (title, counts, hold, advice) =>
  html`<div class="notice warn" data-test="held">
    <p class="notice-title">${title}</p>
    <p>${counts}</p>
    <p>${guardText(hold)}</p>
    <p>${advice}</p>
  </div>`;

/** What waits for a person, and why. */
export function heldView(hold, held) {
  if (!hold) return nothing;
  const counts = text("held.counts", { counts: countLine(held) });
  return waitingView(
    text("held.title"),
    counts,
    hold,
    textOr(`held.advice.${hold.guard}`, text("held.advice")),
  );
}

/** The same of a preview, where nothing has been done yet. */
export function wouldBeHeldView(hold, held) {
  if (!hold) return nothing;
  const counts = text("wouldBeHeld.counts", { counts: countLine(held) });
  const advice = textOr(`wouldBeHeld.advice.${hold.guard}`, text("wouldBeHeld.advice"));
  return waitingView(text("wouldBeHeld.title"), counts, hold, advice);
}

export const refusalView = (refusal) =>
  refusal
    ? html`<div data-test="refusal">
        ${notice(
          "bad",
          text("refusal.title"),
          html`<p>${guardText(refusal)}</p>
            ${withheldList(refusal.fields ?? [])}`,
        )}
      </div>`
    : nothing;

const guardText = ({ guard, ...values }) => textOr(`guard.${guard}`, guard, values);

export function findingsView({ missing, unresolvedManagers, skips, withheld, unreadable }) {
  const facts = [
    missing > 0 && plural("finding.missing", missing),
    unresolvedManagers > 0 && plural("finding.managers", unresolvedManagers),
    ...Object.entries(skips).map(
      ([reason, count]) => html`${textOr(`reason.${reason}`, reason)}: ${number(count)}`,
    ),
    ...Object.entries(unreadable).map(
      ([target, count]) => html`${targetName(target)}: ${plural("finding.unreadable", count)}`,
    ),
  ].filter(Boolean);
  return html`${
    facts.length > 0
      ? html`<h4>${text("finding.title")}</h4>
          <ul class="findings" data-test="findings">
            ${facts.map((fact) => html`<li>${fact}</li>`)}
          </ul>`
      : nothing
  }
  ${withheld.length > 0 ? notice("warn", text("finding.withheld"), withheldList(withheld)) : nothing}`;
}

const withheldList = (fields) =>
  html`<ul>
    ${fields.map(({ field, category }) => html`<li><code>${field}</code> · ${text("finding.grant", { category })}</li>`)}
  </ul>`;

// The list.

const paging = new Action();
const state = { runs: null, next: null, shown: 8, people: new Map(), open: new Set() };

export const runs = () => state.runs ?? [];

/** Reads the newest runs; about two a night are enough for the chart. */
export async function loadRuns() {
  const page = await get("/api/runs?limit=60");
  state.runs = page.runs;
  state.next = page.next;
  const linked = page.runs.find(({ id }) => id === store.detail);
  if (store.section === "status" && store.detail && !linked) {
    state.runs = [...state.runs, await get(`/api/runs/${encodeURIComponent(store.detail)}`)];
  }
  if (store.detail) toggle(store.detail, true);
}

/** Puts a newer report of a run in its place. */
export function putRun(run) {
  state.runs = [run, ...runs().filter(({ id }) => id !== run.id)].sort((a, b) => (a.id < b.id ? 1 : -1));
  state.people.delete(run.id);
  if (state.open.has(run.id)) loadPeople(run.id);
  redraw();
}

whenDisconnected(() => {
  Object.assign(state, { runs: null, next: null, shown: 8 });
  state.people.clear();
  state.open.clear();
});

export function runList() {
  const shown = runs().filter(({ id }, at) => at < state.shown || id === store.detail);
  if (shown.length === 0) return empty(text("runs.none"));
  return html`<ul class="runs" data-test="runs">
      ${shown.map(runView)}
    </ul>
    ${problemBox(paging.problem)}
    ${state.shown < runs().length || state.next ? button(paging, text("runs.more"), more, { hook: "more-runs" }) : nothing}`;
}

async function more() {
  state.shown += 12;
  if (state.shown <= runs().length || !state.next) return;
  const page = await get(`/api/runs?limit=60&before=${encodeURIComponent(state.next)}`);
  state.runs = [...runs(), ...page.runs];
  state.next = page.next;
}

function toggle(id, isOpen = !state.open.has(id)) {
  state.open[isOpen ? "add" : "delete"](id);
  if (isOpen && !state.people.has(id)) loadPeople(id);
  redraw();
}

function loadPeople(id) {
  const known = { action: new Action(), people: [], next: null, isComplete: false };
  state.people.set(id, known);
  known.action.run(() => readPeople(id, known));
}

async function readPeople(id, known) {
  const cursor = known.next ? `?cursor=${encodeURIComponent(known.next)}` : "";
  const page = await get(`/api/runs/${encodeURIComponent(id)}/people${cursor}`);
  known.people = [...known.people, ...page.people];
  known.next = page.next;
  known.isComplete = page.next === null;
}

function runView(run) {
  const isOpen = state.open.has(run.id);
  const body = `run-${run.id}`;
  return html`<li class="run" data-test="run" data-run=${run.id}>
    <h4>
      <button
        class="disclosure"
        type="button"
        aria-expanded=${isOpen}
        aria-controls=${body}
        @click=${() => toggle(run.id)}
      >
        <span class="run-when">${instant(run.id, zone())}</span>
        <span class="run-what"
          >${run.status === "applied" || run.status === "held" ? countLine(run.applied) : run.summary}</span
        >
        ${run.trigger === "admin" ? html`<span class="tag">${text("runs.admin")}</span>` : nothing}
        ${runPill(run)}
      </button>
    </h4>
    <div id=${body} ?hidden=${!isOpen}>${isOpen ? runBody(run) : nothing}</div>
  </li>`;
}

function runBody(run) {
  const facts = [
    text("runs.facts.people", { people: run.findings.people, active: run.findings.activeAccounts }),
    run.durationMs > 0 && text("runs.facts.duration", { duration: seconds(run.durationMs) }),
    run.hibobCalls > 0 && plural("runs.facts.calls", run.hibobCalls),
    run.attempts > 1 && plural("runs.facts.attempts", run.attempts),
    run.mappingVersion !== null && text("runs.facts.mapping", { version: run.mappingVersion }),
  ].filter(Boolean);
  return html`<div class="run-body">
    <p>${run.summary}</p>
    ${countTiles(run.applied)} ${heldView(run.hold, run.held)} ${refusalView(run.refusal)}
    ${run.failure ? notice("bad", text("runs.failed"), html`<p><code>${run.failure}</code></p>`) : nothing}
    <p class="hint">${facts.join(" · ")}</p>
    ${findingsView(run.findings)} ${peopleOf(run.id)}
  </div>`;
}

function peopleOf(id) {
  const known = state.people.get(id);
  if (!known) return nothing;
  const { action, people, isComplete } = known;
  return html`<h5>${text("runs.people")}</h5>
    ${problemBox(action.problem)}
    ${people.length === 0 && isComplete ? empty(text("runs.people.none")) : nothing}
    <ul class="people">
      ${people.map(
        ({ employee, name, email, kind, reason, held, fields, links }) =>
          html`<li class="person" data-test="run-person">
            <div class="person-head">
              <strong>${theirs(name ?? email ?? employee ?? text("person.unknown"))}</strong>
              ${kindPill(kind)} ${heldTag(held)} ${links ? html`<span class="tag">${text("runs.linked")}</span>` : nothing}
            </div>
            ${reason ? html`<p>${textOr(`reason.${reason}`, reason)}</p>` : nothing} ${targetNames(fields)}
          </li>`,
      )}
    </ul>
    ${isComplete ? nothing : button(action, text("runs.people.more"), () => readPeople(id, known), { hook: "more-people" })}`;
}
