// Single sign-on: from the HiBob dashboard into HiThrive, by way of the company's own identity provider.

import { html, nothing } from "./vendor/lit-html.js";
import { instant, plural, text } from "./format.js";
import { adminsCard } from "./sso-admins.js";
import { forgetProviderNews, providerCard } from "./sso-provider.js";
import { changeSso, loadSso, sso } from "./sso-state.js";
import { linksCard, valuesCard } from "./sso-values.js";
import { isConnected, zone } from "./store.js";
import {
  Action,
  loading,
  needsConnection,
  notice,
  pill,
  problemBox,
  sectionTitle,
  switchButton,
} from "./ui.js";

const opening = new Action();
const switching = new Action();
const choosing = new Action();

export function enter() {
  if (!isConnected()) return;
  forgetProviderNews();
  opening.run(loadSso);
}

export function view() {
  const head = sectionTitle(text("sso.title"), text("sso.lead"));
  if (!isConnected()) return html`${head}${needsConnection()}`;
  if (sso() === null)
    return html`${head}${opening.isBusy ? loading() : html`<div class="card">${problemBox(opening.problem)}</div>`}`;
  return html`${head}${problemBox(opening.problem)} ${statusCard()} ${valuesCard()} ${providerCard()}
  ${testCard()} ${linksCard()} ${adminsCard()} ${optionsCard()}`;
}

const inState = (...states) => sso().provider.certificates.filter(({ state }) => states.includes(state));
const mayBeOn = () => sso().provider !== null && inState("valid", "expiresSoon").length > 0;

function statusCard() {
  const { enabled, provider } = sso();
  const state = mayBeOn()
    ? enabled
      ? "on"
      : "ready"
    : enabled
      ? "stuck"
      : provider
        ? "expired"
        : "noProvider";
  return html`<section class="card" aria-labelledby="sso-toggle-label">
    <div class="toggle-line">
      <div>
        <h3 id="sso-toggle-label">${text("sso.toggle.label")}</h3>
        <p class="hint" id="sso-toggle-state" role="status" data-test="sso-state" data-state=${state}>
          ${text(`sso.state.${state}`)}
        </p>
      </div>
      ${switchButton(switching, {
        id: "sso-toggle",
        isOn: enabled,
        isOff: !enabled && !mayBeOn(),
        start: toggle,
      })}
    </div>
    ${problemBox(switching.problem)} ${provider ? expiryNotice() : nothing}
  </section>`;
}

// While another certificate is good for longer, the provider has changed over already, and there is nothing to do.
function expiryNotice() {
  if (!mayBeOn())
    return html`<div data-test="sso-expired">
      ${notice("bad", text("sso.expired.title"), text("sso.expired.detail"))}
    </div>`;
  const soon = inState("expiresSoon");
  if (soon.length === 0 || inState("valid", "notYet").length > 0) return nothing;
  const last = soon.map(({ notAfter }) => notAfter).reduce((one, other) => (one > other ? one : other));
  const days = Math.max(0, Math.floor((new Date(last) - Date.now()) / 86_400_000));
  return html`<div data-test="sso-expires-soon">
    ${notice(
      "warn",
      plural("sso.expiresSoon.title", days),
      text("sso.expiresSoon.detail", { at: instant(last, zone()) }),
    )}
  </div>`;
}

const optionsWith = (change) => () =>
  changeSso("options", ({ enabled, allowUnsolicited, signRequests }) => ({
    enabled,
    allowUnsolicited,
    signRequests,
    ...change,
  }));

const toggle = () => optionsWith({ enabled: !sso().enabled })();

const testCard = () =>
  html`<section class="card" aria-labelledby="sso-test-title">
    <h3 id="sso-test-title">${text("sso.test.title")}</h3>
    <p>${text("sso.test.lead")}</p>
    ${
      sso().provider
        ? html`<div class="actions">
            <a
              class="button primary"
              href=${sso().testUrl}
              target="_blank"
              rel="noopener"
              data-test="test-sign-in"
              >${text("sso.test.button")}<span class="only-heard"> ${text("sso.newTab")}</span></a
            >
          </div>`
        : html`<p class="hint">${text("sso.test.noProvider")}</p>`
    }
  </section>`;

const optionsCard = () =>
  html`<section class="card" aria-labelledby="sso-options-title">
    <div class="card-head">
      <h3 id="sso-options-title">${text("sso.options.title")}</h3>
      ${choosing.isBusy ? pill("busy", text("sso.options.saving")) : nothing}
    </div>
    ${option("allowUnsolicited", { hint: text("sso.option.allowUnsolicited.hint") })}
    ${option("signRequests", {
      hint: text(mayBeSigned() ? "sso.option.signRequests.hint" : "sso.signRequests.unprepared"),
      isOff: !mayBeSigned(),
    })}
    ${problemBox(choosing.problem)}
  </section>`;

// What is on can be switched off, also when HiThrive's key has gone.
const mayBeSigned = () => sso().canSignRequests || sso().signRequests;

const option = (name, { hint, isOff = false }) =>
  html`<label class="choice">
    <input
      type="checkbox"
      data-test="sso-${name}"
      .checked=${sso()[name]}
      aria-describedby="sso-${name}-hint"
      ?disabled=${isOff}
      aria-disabled=${choosing.isBusy ? "true" : nothing}
      @click=${(event) => {
        // It shows what is saved, and nothing else.
        event.preventDefault();
        choosing.run(optionsWith({ [name]: !sso()[name] }));
      }}
    />
    <span
      ><strong>${text(`sso.option.${name}`)}</strong><br /><span class="hint" id="sso-${name}-hint"
        >${hint}</span
      ></span
    >
  </label>`;
