// The company's identity provider: who it is, and how it is told to us, by its metadata or by hand.

import { html, nothing } from "./vendor/lit-html.js";
import { Problem } from "./api.js";
import { instant, text } from "./format.js";
import { loadSso, saveSso, sso } from "./sso-state.js";
import { holdsUnsaved, redraw, whenDisconnected, zone } from "./store.js";
import { Action, button, pill, problemBox, statusBox, theirs } from "./ui.js";

const saving = new Action();
const reading = new Action();
const STATES = { valid: "good", expiresSoon: "warn", expired: "bad", notYet: "idle" };
/** What a request may carry, less the room that its JSON needs. */
const LARGEST_FILE = 220_000;

const emptyDraft = () => ({
  way: "metadata",
  metadataXml: "",
  entityId: "",
  signOnUrl: "",
  certificates: ["", ""],
  keepCurrent: false,
});
let draft = emptyDraft();
let isReplacing = false;
/** The name of the file whose text is in the draft. */
let fileName = null;
let news = null;

const hasUnsaved = () => {
  const { metadataXml, entityId, signOnUrl, certificates } = draft;
  return [metadataXml, entityId, signOnUrl, ...certificates].some((typed) => typed.trim() !== "");
};
holdsUnsaved(hasUnsaved);

whenDisconnected(() => {
  draft = emptyDraft();
  fileName = null;
  saving.problem = null;
  news = null;
});

export function forgetProviderNews() {
  news = null;
}

export function providerCard() {
  const { provider } = sso();
  return html`<section class="card" aria-labelledby="sso-provider-title">
    <h3 id="sso-provider-title">${text("sso.provider.title")}</h3>
    <p>${text(provider ? "sso.provider.lead.saved" : "sso.provider.lead")}</p>
    ${provider ? providerFacts(provider) : nothing} ${statusBox(news)}
    ${
      provider
        ? html`<details ?open=${isReplacing} @toggle=${({ target }) => (isReplacing = target.open)}>
            <summary data-test="replace-provider">${text("sso.provider.replace")}</summary>
            ${form()}
          </details>`
        : form()
    }
  </section>`;
}

const providerFacts = ({ entityId, signOnUrl, certificates }) =>
  html`<dl class="facts" data-test="sso-provider">
      <div>
        <dt>${text("sso.provider.entityId")}</dt>
        <dd><code>${theirs(entityId)}</code></dd>
      </div>
      <div>
        <dt>${text("sso.provider.signOnUrl")}</dt>
        <dd><code>${theirs(signOnUrl)}</code></dd>
      </div>
    </dl>
    <div>
      <h4>${text("sso.certificates")}</h4>
      <ul class="people">
        ${certificates.map(certificateView)}
      </ul>
    </div>`;

const certificateView = ({ fingerprint, subject, notBefore, notAfter, state }) =>
  html`<li class="person" data-test="certificate" data-state=${state}>
    <div class="person-head">
      <strong>${theirs(subject)}</strong> ${pill(STATES[state] ?? "idle", text(`sso.certificate.${state}`))}
    </div>
    <p>
      ${text("sso.certificate.times", { from: instant(notBefore, zone()), to: instant(notAfter, zone()) })}
    </p>
    <p class="hint">${text("sso.certificate.fingerprint")} <code>${fingerprint}</code></p>
  </li>`;

const PLACES = ["/metadataXml", "/entityId", "/signOnUrl", "/certificates"];
const KEEP = "/keepCurrent";
const isAt = (pointer, place) => pointer === place || pointer?.startsWith(`${place}/`);
const faults = (place) => (saving.problem?.errors ?? []).filter(({ pointer }) => isAt(pointer, place));
// What is wrong with fields that are not on show must be told all the same.
const isShownInPlace = (pointer) =>
  (pointer === KEEP && sso().provider) ||
  PLACES.some((place) => isAt(pointer, place) && (place === "/metadataXml") === (draft.way === "metadata"));

const form = () =>
  html`<form id="sso-provider-form" @submit=${submit}>
    <fieldset>
      <legend class="only-heard">${text("sso.way")}</legend>
      <div class="pair">${way("metadata")} ${way("values")}</div>
    </fieldset>
    ${draft.way === "metadata" ? metadataFields() : valueFields()} ${sso().provider ? keepBox() : nothing}
    ${problemBox(saving.problem, { without: ({ pointer }) => isShownInPlace(pointer) })}
    <div class="actions">
      ${button(saving, text("sso.provider.save"), null, { kind: "primary", hook: "save-provider" })}
    </div>
  </form>`;

const way = (name) =>
  html`<label class="choice">
    <input
      type="radio"
      name="way"
      value=${name}
      .checked=${draft.way === name}
      @change=${() => change(() => (draft.way = name))}
    />
    <span
      ><strong>${text(`sso.way.${name}`)}</strong><br /><span class="hint"
        >${text(`sso.way.${name}.hint`)}</span
      ></span
    >
  </label>`;

const keepBox = () =>
  html`<div class="field">
    <label class="choice">
      <input
        type="checkbox"
        data-test="keep-current"
        aria-describedby="sso-keep-hint"
        .checked=${draft.keepCurrent}
        @change=${({ target }) => (draft.keepCurrent = target.checked)}
      />
      <span
        ><strong>${text("sso.keepCurrent")}</strong><br /><span class="hint" id="sso-keep-hint"
          >${text("sso.keepCurrent.hint")}</span
        ></span
      >
    </label>
    <div role="alert">${faults(KEEP).map(({ detail }) => html`<p class="fault">${detail}</p>`)}</div>
  </div>`;

function change(assign) {
  assign();
  redraw();
}

/** A field with its label, hint and what is wrong with it. `input` gets its id and whether something is. */
function field(key, wrong, input) {
  const id = `sso-provider-${key}`;
  return html`<div class="field">
    <label for=${id}>${text(`sso.field.${key}`)}</label>
    ${input(id, wrong.length > 0 ? "true" : nothing)}
    <p class="hint" id="${id}-hint">${text(`sso.field.${key}.hint`)}</p>
    <div role="alert">${wrong.map(({ detail }) => html`<p class="fault">${detail}</p>`)}</div>
  </div>`;
}

const metadataFields = () =>
  html`${field(
    "file",
    [],
    (id) =>
      html`<input
        id=${id}
        type="file"
        accept=".xml,text/xml,application/xml"
        aria-describedby="${id}-hint"
        @change=${takeFile}
      />`,
  )}
  ${problemBox(reading.problem)} ${statusBox(fileName && text("sso.file.read", { name: fileName }))}
  ${field("metadataXml", faults("/metadataXml"), (id, wrong) =>
    textArea(id, wrong, 6, draft.metadataXml, (typed) => (draft.metadataXml = typed)),
  )}`;

const valueFields = () =>
  html`${address("entityId")} ${address("signOnUrl")}
  ${field("certificate", faults("/certificates"), (id, wrong) =>
    textArea(id, wrong, 6, draft.certificates[0], (typed) => (draft.certificates[0] = typed)),
  )}
  ${field("nextCertificate", [], (id, wrong) =>
    textArea(id, wrong, 3, draft.certificates[1], (typed) => (draft.certificates[1] = typed)),
  )}`;

const address = (key) =>
  field(
    key,
    faults(`/${key}`),
    (id, wrong) =>
      html`<input
        id=${id}
        class="code"
        autocomplete="off"
        spellcheck="false"
        aria-describedby="${id}-hint"
        aria-invalid=${wrong}
        .value=${draft[key]}
        @input=${({ target }) => (draft[key] = target.value)}
      />`,
  );

const textArea = (id, wrong, rows, value, take) =>
  html`<textarea
    id=${id}
    class="code"
    rows=${rows}
    spellcheck="false"
    aria-describedby="${id}-hint"
    aria-invalid=${wrong}
    .value=${value}
    @input=${({ target }) => take(target.value)}
  ></textarea>`;

// The same file can be chosen again after it was mended.
async function takeFile({ target }) {
  const [file] = target.files;
  if (!file) return;
  fileName = null;
  await reading.run(async () => {
    if (file.size > LARGEST_FILE)
      throw new Problem({
        kind: "too-large",
        title: text("sso.file.tooLarge"),
        detail: text("sso.file.tooLarge.detail"),
      });
    draft.metadataXml = await file.text();
    fileName = file.name;
    saving.problem = null;
  });
  target.value = "";
}

function body() {
  const { way, metadataXml, entityId, signOnUrl, certificates } = draft;
  const keepCurrent = draft.keepCurrent && sso().provider !== null;
  if (way === "metadata") return { metadataXml, keepCurrent };
  const given = certificates.map((certificate) => certificate.trim()).filter(Boolean);
  return { entityId: entityId.trim(), signOnUrl: signOnUrl.trim(), certificates: given, keepCurrent };
}

function submit(event) {
  event.preventDefault();
  saving.run(async () => {
    news = null;
    try {
      await saveSso("provider", body());
    } catch (error) {
      if (error.kind !== "stale-edit") throw error;
      // Theirs is shown above, ours stays in the form.
      await loadSso();
      throw new Problem({
        kind: "stale-edit",
        title: text("stale.title"),
        detail: text("sso.provider.stale"),
      });
    }
    draft = emptyDraft();
    fileName = null;
    isReplacing = false;
    news = text("sso.provider.news");
  });
}
