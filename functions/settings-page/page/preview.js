// What a run with a draft mapping would change, on real people.

import { html, nothing } from "./vendor/lit-html.js";
import { runTask } from "./api.js";
import { dialog } from "./dialog.js";
import { plural, taskWords, text, textOr } from "./format.js";
import { countTiles, findingsView, kindPill, refusalView, wouldBeHeldView } from "./runs.js";
import { isSame } from "./draft.js";
import { redraw } from "./store.js";
import { Action, empty, problemBox, targetName, theirs, waiting } from "./ui.js";

const previewing = new Action();
let isOpen = false;
let task = null;
/** The last finished preview: of which entries, under which id, and what it says. */
let finished = null;

/** The id of the finished preview of exactly these entries: who saves with it has seen what it removes. */
export const previewOf = (entries) => (finished && isSame(finished.entries, entries) ? finished.id : null);

export function closePreview() {
  isOpen = false;
  redraw();
}

/** Opens the dialog, and starts a preview if there is none of these entries. */
export function startPreview(entries) {
  isOpen = true;
  redraw();
  if (previewing.isBusy || previewOf(entries)) return;
  finished = null;
  previewing.run(async () => {
    const { id, result } = await runTask("/api/mapping/previews", { entries }, (current) => {
      task = current;
      redraw();
    });
    finished = { id, entries, result };
  });
}

export const previewDialog = (saveButton) =>
  dialog({
    id: "preview",
    isOpen,
    title: text("preview.title"),
    body: html`${problemBox(previewing.problem)}
    ${previewing.isBusy ? waiting(taskWords(task), "preview-progress") : nothing}
    ${finished ? previewView(finished.result) : nothing}`,
    actions: finished ? saveButton : nothing,
    close: closePreview,
  });

const previewView = (preview) =>
  html`<div class="preview" data-test="preview-result">
    <p>${text("preview.lead")}</p>
    ${countTiles(preview.planned)} ${refusalView(preview.refusal)}
    ${wouldBeHeldView(preview.hold, preview.held)} ${findingsView(preview.findings)}
    <h4>${text("preview.people")}</h4>
    ${
      preview.people.length === 0
        ? empty(text("preview.people.none"))
        : html`<p class="hint">${text("preview.people.lead")}</p>
            <ul class="people">
              ${preview.people.map(personView)}
            </ul>`
    }
  </div>`;

function personView({ employee, name, email, kind, reason, edits, moreEdits, because }) {
  return html`<li class="person" data-test="preview-person">
    <div class="person-head">
      <strong>${theirs(name ?? email ?? employee)}</strong>
      ${kindPill(kind)}
      ${because.map((why) => html`<span class="tag">${text(`preview.because.${why}`)}</span>`)}
    </div>
    ${reason ? html`<p>${textOr(`reason.${reason}`, reason)}</p>` : nothing}
    ${
      edits.length > 0
        ? html`<table class="stacking edits">
            <caption class="only-heard">
              ${text("preview.edits")}
            </caption>
            <thead>
              <tr>
                <th scope="col">${text("preview.field")}</th>
                <th scope="col">${text("preview.before")}</th>
                <th scope="col">${text("preview.after")}</th>
              </tr>
            </thead>
            <tbody>
              ${edits.map(
                ({ target, before, after }) =>
                  html`<tr>
                    <th scope="row">${targetName(target)}</th>
                    <td data-label=${text("preview.before")}>${shown(before)}</td>
                    <td data-label=${text("preview.after")}>${shown(after)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>`
        : nothing
    }
    ${moreEdits > 0 ? html`<p class="hint">${plural("preview.more", moreEdits)}</p>` : nothing}
  </li>`;
}

function shown(value) {
  const values = value === null ? [] : [value].flat();
  if (values.length === 0) return html`<span class="hint">${text("preview.nothing")}</span>`;
  return values.map((each) => html`<span class="sample">${theirs(each)}</span> `);
}
