// What an admin carries away: our values for the identity provider, and the links for the HiBob dashboard.

import { html } from "./vendor/lit-html.js";
import { copyField } from "./copy-field.js";
import { text } from "./format.js";
import { sso } from "./sso-state.js";

const PROVIDERS = ["okta", "entra", "google", "oneLogin"];
const PORTALS = ["rewards", "reports", "admin"];
const STEPS = ["copy", "place", "name"];

export function valuesCard() {
  const { entityId, acsUrl, metadataUrl } = sso().serviceProvider;
  const value = (id, value) =>
    copyField({
      id: `sso-${id}`,
      label: text(`sso.value.${id}`),
      value,
      hint: text(`sso.value.${id}.hint`),
    });
  return html`<section class="card" aria-labelledby="sso-values-title">
    <h3 id="sso-values-title">${text("sso.values.title")}</h3>
    <p>${text("sso.values.lead")}</p>
    ${value("entityId", entityId)} ${value("acsUrl", acsUrl)} ${value("metadataUrl", metadataUrl)}
    <p>${text("sso.values.nameId")}</p>
    ${PROVIDERS.map(
      (name) =>
        html`<details>
          <summary>${text(`sso.howTo.${name}`)}</summary>
          <p>${text(`sso.howTo.${name}.steps`)}</p>
        </details>`,
    )}
  </section>`;
}

export const linksCard = () =>
  html`<section class="card" aria-labelledby="sso-links-title">
    <h3 id="sso-links-title">${text("sso.links.title")}</h3>
    <p>${text("sso.links.lead")}</p>
    ${PORTALS.map((portal) =>
      copyField({
        id: `sso-link-${portal}`,
        label: text(`sso.link.${portal}`),
        value: sso().links[portal],
        hint: text(`sso.link.${portal}.hint`),
      }),
    )}
    <details>
      <summary>${text("sso.links.howTo")}</summary>
      <ol>
        ${STEPS.map((step) => html`<li>${text(`sso.links.step.${step}`)}</li>`)}
      </ol>
    </details>
  </section>`;
