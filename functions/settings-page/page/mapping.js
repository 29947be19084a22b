// Field mapping: show, edit, see it on a real person, preview, save.

import { html, nothing } from "./vendor/lit-html.js";
import { get, loadConnection, request } from "./api.js";
import { complaintsBy, customRow, differences, entriesOf, faultsOf, isSame, rowsOf } from "./draft.js";
import { dialog } from "./dialog.js";
import { hibobFields } from "./fields.js";
import { plural, text } from "./format.js";
import { mappingRow, sourceId } from "./mapping-row.js";
import { closePreview, previewDialog, previewOf, startPreview } from "./preview.js";
import { personChooser, sampleOf, showSamples } from "./samples.js";
import { focusOnceDrawn, holdsUnsaved, isConnected, redraw, whenDisconnected } from "./store.js";
import { twoVersions } from "./stale.js";
import {
  Action,
  button,
  empty,
  loading,
  needsConnection,
  notice,
  problemBox,
  sectionTitle,
  statusBox,
  targetName,
} from "./ui.js";

const opening = new Action();
const editing = new Action();
const saving = new Action();

const state = {
  targets: null,
  custom: null,
  /** HiBob's fields by id. */
  fields: new Map(),
  saved: null,
  /** What `If-Match` must say. */
  version: null,
  /** The rows while the mapping is edited. */
  rows: null,
  isSuggestion: false,
  /** What was sent when the API complained, and what is saved when somebody else was faster. */
  sent: [],
  stale: null,
  isCancelling: false,
  news: null,
};

/** Whether leaving would lose something. */
const hasUnsaved = () => state.rows !== null && !isSame(entriesOf(state.rows), state.saved.entries);
holdsUnsaved(hasUnsaved);

whenDisconnected(() => Object.assign(state, { saved: null, rows: null, stale: null, news: null }));

export function enter() {
  if (isConnected() && state.saved === null) opening.run(load);
}

async function load() {
  const [targets, saved] = await Promise.all([get("/api/targets"), request("GET", "/api/mapping")]);
  Object.assign(state, targets);
  take(saved);
  redraw();
  // While HiBob cannot be asked, the saved mapping is shown by the fields' ids.
  state.fields = await hibobFields();
}

function take({ body, etag }) {
  state.saved = body;
  state.version = etag ?? `"${body.version}"`;
}

export function view() {
  if (!isConnected())
    return html`${sectionTitle(text("mapping.title"), text("mapping.lead"))}${needsConnection()}`;
  return html`${sectionTitle(text("mapping.title"), text("mapping.lead"))} ${problemBox(opening.problem)}
  ${opening.isBusy ? loading() : nothing} ${opening.problem ? button(opening, text("again"), load) : nothing}
  ${state.saved === null ? nothing : state.rows ? editor() : reader()}`;
}

function reader() {
  const { entries, removalsSeen } = state.saved;
  return html`<section class="card" aria-labelledby="saved-mapping">
    <div class="card-head">
      <h3 id="saved-mapping" tabindex="-1">${text("mapping.saved")}</h3>
      ${button(editing, text("mapping.edit"), edit, { kind: "primary", hook: "edit-mapping" })}
    </div>
    ${statusBox(state.news)} ${problemBox(editing.problem)}
    ${entries.length > 0 && !removalsSeen ? notice("warn", text("mapping.unseen"), text("mapping.unseen.detail")) : nothing}
    ${entries.length === 0 ? empty(text("mapping.none")) : savedTable(entries)}
  </section>`;
}

const savedTable = (entries) =>
  html`<table class="stacking" data-test="saved-mapping">
    <caption class="only-heard">
      ${text("mapping.saved")}
    </caption>
    <thead>
      <tr>
        <th scope="col">${text("mapping.target")}</th>
        <th scope="col">${text("mapping.source")}</th>
        <th scope="col">${text("mapping.whenEmpty")}</th>
      </tr>
    </thead>
    <tbody>
      ${entries.map(
        ({ target, sources, whenEmpty }) =>
          html`<tr>
            <th scope="row">${targetName(target)}</th>
            <td data-label=${text("mapping.source")}>${sourceNames(sources)}</td>
            <td data-label=${text("mapping.whenEmpty")}>${text(`mapping.whenEmpty.${whenEmpty}`)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;

const sourceNames = (sources) =>
  sources.map(({ id }) => state.fields.get(id)?.name ?? id).join(` ${text("mapping.orElse")} `);

const draftEntries = () => entriesOf(state.rows ?? []);

async function edit() {
  let { entries } = state.saved;
  state.fields = await hibobFields();
  state.isSuggestion = entries.length === 0;
  if (state.isSuggestion) ({ entries } = await get("/api/mapping/suggestion"));
  state.rows = rowsOf(entries, state);
  state.news = null;
  state.stale = null;
  saving.problem = null;
  focusOnceDrawn("editor-title");
  showSamples(draftEntries);
}

function editor() {
  const complaints = complaintsBy(saving.problem, state.sent);
  const faults = state.rows.map((row) => [
    ...faultsOf(row, state.fields),
    ...(complaints.get(row.target) ?? []),
  ]);
  const isSound = state.rows.every((row) => faultsOf(row, state.fields).length === 0);
  const entries = entriesOf(state.rows);
  const previewed = previewOf(entries);
  const wrong = faults.filter((list) => list.length > 0).length;
  return html`<section class="card" aria-labelledby="editor-title" data-test="mapping-editor">
      <h3 id="editor-title" tabindex="-1">${text("mapping.editing")}</h3>
      ${state.isSuggestion ? notice("calm", text("mapping.suggested"), text("mapping.suggested.detail")) : nothing}
      ${personChooser()}
      <div class="rows">
        ${state.rows.map((row, at) =>
          mappingRow(row, {
            faults: faults[at],
            fields: state.fields,
            sample: sampleOf(row.target),
            change: (change) => changeRow(row, change),
          }),
        )}
      </div>
      ${customField()}
    </section>
    <div class="save-bar">
      ${stale()}
      ${wrong > 0 ? html`<p class="fault" role="status">${plural("mapping.faults", wrong)}</p>` : nothing}
      ${problemBox(saving.problem?.kind === "stale-edit" ? null : saving.problem, {
        without: ({ entry }) => entry !== null && entry !== undefined,
      })}
      <p class="hint">${text(previewed ? "mapping.previewed" : "mapping.notPreviewed")}</p>
      <div class="actions">
        ${button(saving, text("mapping.preview"), () => startPreview(entries), {
          kind: previewed ? "" : "primary",
          hook: "preview",
          isOff: !isSound,
        })}
        ${saveButton(previewed, isSound)}
        <button class="button quiet" type="button" data-test="cancel-edit" @click=${cancel}>
          ${text("mapping.cancel")}
        </button>
      </div>
    </div>
    ${previewDialog(saveButton(true, isSound))} ${cancelDialog()}`;
}

const saveButton = (isMain, isSound) =>
  button(saving, text("mapping.save"), save, {
    kind: isMain ? "primary" : "",
    hook: "save-fields",
    isOff: !isSound || state.stale !== null,
  });

function changeRow(row, change) {
  if (change === null) {
    state.rows = state.rows.filter((other) => other !== row);
    focusOnceDrawn("custom-field");
  } else {
    const isResized = change.sources && change.sources.length !== row.sources.length;
    Object.assign(row, change);
    if (isResized) focusOnceDrawn(sourceId(row, row.sources.length - 1));
  }
  redraw();
  showSamples(draftEntries);
}

function cancel() {
  if (hasUnsaved()) askWhetherToCancel(true);
  else throwAway();
}

function throwAway() {
  state.rows = null;
  state.isCancelling = false;
  focusOnceDrawn("saved-mapping");
  redraw();
}

function askWhetherToCancel(isAsked) {
  state.isCancelling = isAsked;
  redraw();
}

const cancelDialog = () =>
  dialog({
    id: "cancel",
    isOpen: state.isCancelling,
    title: text("mapping.cancel.sure"),
    body: text("mapping.cancel.detail"),
    actions: html`<button class="button danger" type="button" data-test="throw-away" @click=${throwAway}>
      ${text("mapping.cancel.button")}
    </button>`,
    close: () => askWhetherToCancel(false),
  });

async function save() {
  closePreview();
  state.sent = entriesOf(state.rows);
  const body = { entries: state.sent, preview: previewOf(state.sent) };
  try {
    take(await request("PUT", "/api/mapping", { body, version: state.version }));
  } catch (error) {
    if (error.kind === "stale-edit") state.stale = error.current;
    throw error;
  }
  state.rows = null;
  state.stale = null;
  state.news = text("mapping.news.saved");
  focusOnceDrawn("saved-mapping");
  await loadConnection();
}

function stale() {
  if (!state.stale) return nothing;
  const named = (entry) => (entry ? sourceNames(entry.sources) : text("mapping.notMapped"));
  const rows = differences(state.stale.entries, state.sent);
  return twoVersions({
    heading: text("mapping.target"),
    rows: rows.map(([target, theirEntry, yours]) => [targetName(target), named(theirEntry), named(yours)]),
    take: () => settle(true),
    keep: () => settle(false),
  });
}

function settle(isTheirs) {
  take({ body: state.stale });
  if (isTheirs) state.rows = null;
  state.stale = null;
  saving.problem = null;
  redraw();
}

const customField = () =>
  html`<form class="inline-form" @submit=${addCustom}>
    <label class="field">
      <span>${text("mapping.custom")}</span>
      <input
        name="name"
        id="custom-field"
        required
        maxlength=${state.custom.maxLength}
        autocomplete="off"
        aria-describedby="custom-hint"
      />
    </label>
    ${button(editing, text("mapping.custom.add"), null, { hook: "add-custom" })}
    <p class="hint full" id="custom-hint">${text("mapping.custom.hint")}</p>
  </form>`;

function addCustom(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const name = new FormData(form).get("name").trim();
  if (name === "") return;
  const target = state.custom.prefix + name;
  if (!state.rows.some((row) => row.target === target)) state.rows.push(customRow(target, state.custom));
  form.reset();
  focusOnceDrawn(sourceId({ target }, 0));
  redraw();
}
