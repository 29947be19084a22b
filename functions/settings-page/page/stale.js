// Somebody else saved first: both versions are shown, and the admin says which one counts.

import { html } from "./vendor/lit-html.js";
import { text } from "./format.js";

/** `rows` are what differs: its name, what they saved, what this page would save. */
export const twoVersions = ({ heading, rows, take, keep }) =>
  html`<div class="notice warn" role="alert" data-test="stale">
    <p class="notice-title">${text("stale.title")}</p>
    <p>${text("stale.detail")}</p>
    <table class="stacking">
      <caption class="only-heard">
        ${text("stale.title")}
      </caption>
      <thead>
        <tr>
          <th scope="col">${heading}</th>
          <th scope="col">${text("stale.theirs")}</th>
          <th scope="col">${text("stale.yours")}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, theirs, yours]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td data-label=${text("stale.theirs")}>${theirs}</td>
              <td data-label=${text("stale.yours")}>${yours}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <div class="actions">
      <button class="button" type="button" data-test="take-theirs" @click=${take}>
        ${text("stale.takeTheirs")}
      </button>
      <button class="button" type="button" data-test="keep-mine" @click=${keep}>
        ${text("stale.keepMine")}
      </button>
    </div>
  </div>`;
