// "Why is this person not here?": search, and one person's story.

import { html, nothing } from "./vendor/lit-html.js";
import { post } from "./api.js";
import { instant, text, textOr } from "./format.js";
import { heldTag, kindPill } from "./runs.js";
import { focusOnceDrawn, whenDisconnected, zone } from "./store.js";
import { Action, button, empty, notice, pill, problemBox, targetNames, theirs } from "./ui.js";

const searching = new Action();
const telling = new Action();
let query = "";
let found = null;
let story = null;

whenDisconnected(() => {
  found = null;
  story = null;
});

export const peopleSearch = () =>
  html`<section class="card" aria-labelledby="people-title" id="person">
    <h3 id="people-title" tabindex="-1">${text("people.title")}</h3>
    <p>${text("people.lead")}</p>
    <form class="inline-form" role="search" @submit=${search}>
      <label class="field">
        <span>${text("people.query")}</span>
        <input
          name="query"
          id="people-query"
          type="search"
          required
          minlength="2"
          maxlength="200"
          autocomplete="off"
          spellcheck="false"
        />
      </label>
      ${button(searching, text("people.search"), null, { kind: "primary", hook: "search-people" })}
    </form>
    ${problemBox(searching.problem)}
    <div role="status">${found ? results() : nothing}</div>
    ${problemBox(telling.problem)} ${story ? storyView() : nothing}
  </section>`;

function search(event) {
  event.preventDefault();
  const wanted = new FormData(event.currentTarget).get("query").trim();
  searching.run(async () => {
    story = null;
    telling.problem = null;
    found = await post("/api/people/search", { query: wanted });
    query = wanted;
  });
}

const results = () =>
  html`${
      found.people.length === 0
        ? empty(text("people.none", { query }))
        : html`<ul class="people">
            ${found.people.map(
              ({ employee, name, email, state }) =>
                html`<li class="person">
                  <div class="person-head">
                    <strong>${theirs(name ?? email)}</strong>
                    <span class="hint">${theirs(email ?? "")}</span> ${accountPill(state)}
                    ${
                      (employee ?? email)
                        ? button(
                            telling,
                            html`${text("people.story")}<span class="only-heard"> ${name ?? email}</span>`,
                            () => tell(employee ?? email),
                            { hook: "show-story" },
                          )
                        : nothing
                    }
                  </div>
                </li>`,
            )}
          </ul>`
    }
    ${found.isComplete ? nothing : html`<p class="hint">${text("people.incomplete")}</p>`}
    <p class="ask-hibob">
      ${text("people.ask")}
      ${button(telling, text("people.ask.button", { query }), () => tell(query), { kind: "quiet", hook: "ask-hibob" })}
    </p>`;

async function tell(person) {
  story = null;
  story = await post("/api/people/story", { person });
  focusOnceDrawn("story-title");
}

const accountPill = (state) => pill(state === "active" ? "good" : "idle", text(`account.${state}`));

function storyView() {
  const { employee, name, email, account, sentences, hibobProblem, runs } = story;
  return html`<article class="story" aria-labelledby="story-title" data-test="story">
    <h4 id="story-title" tabindex="-1">${theirs(name ?? email ?? employee)}</h4>
    ${hibobProblem ? notice("warn", text("story.hibobProblem"), textOr(`task.failed.${hibobProblem}`, hibobProblem)) : nothing}
    <ul class="sentences">
      ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
    </ul>
    <dl class="facts">
      ${fact("story.email", email && theirs(email))}
      ${fact("story.employee", employee && html`<code>${employee}</code>`)}
      ${account ? accountFacts(account) : fact("story.account", text("story.account.none"))}
    </dl>
    ${
      runs.length > 0
        ? html`<h5>${text("story.runs")}</h5>
            <ul class="people">
              ${runs.map(
                ({ run, kind, reason, held, fields }) =>
                  html`<li class="person">
                    <div class="person-head">
                      <a href="#run=${run}">${instant(run, zone())}</a> ${kindPill(kind)} ${heldTag(held)}
                    </div>
                    ${reason ? html`<p>${textOr(`reason.${reason}`, reason)}</p>` : nothing}
                    ${targetNames(fields)}
                  </li>`,
              )}
            </ul>`
        : nothing
    }
  </article>`;
}

const fact = (key, value) =>
  value
    ? html`<div>
        <dt>${text(key)}</dt>
        <dd>${value}</dd>
      </div>`
    : nothing;

const accountFacts = (account) =>
  html`${fact("story.account", accountPill(account.state))}
  ${fact("story.override", account.override && text(`story.override.${account.override}`))}
  ${fact("story.origin", account.origin && textOr(`story.origin.${account.origin}`, account.origin))}
  ${fact("story.deactivated", account.deactivatedAt && instant(account.deactivatedAt, zone()))}
  ${fact("story.changed", account.updatedAt && instant(account.updatedAt, zone()))}`;
