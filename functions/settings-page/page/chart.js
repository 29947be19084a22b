// The last thirty nights as bars, and the same as a table.

import { html, nothing, svg } from "./vendor/lit-html.js";
import { day, localDate, number, plural, text } from "./format.js";
import { zone } from "./store.js";
import { runs } from "./runs.js";

const NIGHTS = 30;
const KINDS = ["created", "updated", "deactivated", "skipped"];
const WIDTH = 600;
const HEIGHT = 120;
const STEP = WIDTH / NIGHTS;
/** Lower than this a bar is not seen. */
const LEAST = 3;

// Those who are left out because the company wants it so would bury everybody else.
const AS_WANTED = new Set(["outOfScope", "notYet", "neverHere", "overridden", "deactivatedElsewhere"]);

/** What all runs of each of the last thirty local dates did together, oldest first. */
function nights() {
  const now = Math.max(Date.now(), ...runs().map(({ id }) => Date.parse(id)));
  const byDate = new Map();
  for (let back = NIGHTS - 1; back >= 0; back -= 1) {
    const date = localDate(new Date(now - back * 86_400_000), zone());
    byDate.set(date, { date, runs: 0, counts: Object.fromEntries(KINDS.map((kind) => [kind, 0])) });
  }
  for (const { id, applied, findings } of runs()) {
    const night = byDate.get(localDate(new Date(id), zone()));
    if (!night) continue;
    night.runs += 1;
    const skipped = Object.entries(findings.skips)
      .filter(([reason]) => !AS_WANTED.has(reason))
      .reduce((sum, [, count]) => sum + count, 0);
    for (const kind of KINDS) night.counts[kind] += kind === "skipped" ? skipped : applied[kind];
  }
  return [...byDate.values()];
}

export function chart() {
  const all = nights();
  const ran = all.filter((night) => night.runs > 0);
  const total = (counts) => KINDS.reduce((sum, kind) => sum + counts[kind], 0);
  const highest = Math.max(1, ...all.map(({ counts }) => total(counts)));
  return html`<figure class="chart" data-test="chart">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT + 4}" role="img" aria-label=${plural("chart.label", ran.length)}>
      <line class="axis" x1="0" x2=${WIDTH} y1=${HEIGHT + 1} y2=${HEIGHT + 1}></line>
      ${all.map((night, at) => bar(night, at, highest))}
    </svg>
    <div class="chart-scale" aria-hidden="true">
      <span>${day(all[0].date)}</span><span>${plural("chart.highest", highest)}</span
      ><span>${day(all.at(-1).date)}</span>
    </div>
    <figcaption>
      <ul class="legend">
        ${KINDS.map((kind) => html`<li class=${kind}>${text(`kind.${kind}`)}</li>`)}
      </ul>
      ${ran.length > 0 ? table(ran) : nothing}
    </figcaption>
  </figure>`;
}

function bar({ date, runs: count, counts }, at, highest) {
  let top = HEIGHT;
  const parts = KINDS.filter((kind) => counts[kind] > 0).map((kind) => {
    const height = Math.max(LEAST, (counts[kind] / highest) * (HEIGHT - LEAST * KINDS.length));
    top -= height;
    return svg`<rect class=${kind} x=${at * STEP + 2} y=${top} width=${STEP - 4} height=${height}></rect>`;
  });
  const still = svg`<rect class="still" x=${at * STEP + 2} y=${HEIGHT - 2} width=${STEP - 4} height="2"></rect>`;
  return svg`<g><title>${day(date)}</title>${parts.length === 0 && count > 0 ? still : parts}</g>`;
}

const table = (ran) =>
  html`<details>
    <summary>${text("chart.table")}</summary>
    <div class="scroller" tabindex="0" role="region" aria-label=${text("chart.table")}>
      <table>
        <caption class="only-heard">
          ${text("chart.title")}
        </caption>
        <thead>
          <tr>
            <th scope="col">${text("chart.night")}</th>
            ${KINDS.map((kind) => html`<th scope="col">${text(`kind.${kind}`)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${ran.toReversed().map(
            ({ date, counts }) =>
              html`<tr>
                <th scope="row">${day(date)}</th>
                ${KINDS.map((kind) => html`<td>${number(counts[kind])}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
