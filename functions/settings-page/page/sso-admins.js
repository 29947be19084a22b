// Who may open HiThrive's admin area by single sign-on.

import { html, nothing } from "./vendor/lit-html.js";
import { post } from "./api.js";
import { text } from "./format.js";
import { changeSso, sso } from "./sso-state.js";
import { focusOnceDrawn, whenDisconnected } from "./store.js";
import { Action, button, empty, pill, problemBox, statusBox, theirs } from "./ui.js";

const saving = new Action();
const searching = new Action();
let found = null;
let news = null;

whenDisconnected(() => {
  found = null;
  news = null;
});

export const adminsCard = () =>
  html`<section class="card" aria-labelledby="sso-admins-title">
    <h3 id="sso-admins-title" tabindex="-1">${text("sso.admins.title")}</h3>
    <p>${text("sso.admins.lead")}</p>
    ${
      sso().admins.length === 0
        ? empty(text("sso.admins.none"))
        : html`<ul class="people" data-test="sso-admins">
            ${sso().admins.map((admin) => personLine(admin, remove))}
          </ul>`
    }
    ${problemBox(saving.problem)} ${statusBox(news)}
    <form class="inline-form" role="search" @submit=${search}>
      <label class="field">
        <span>${text("sso.admins.query")}</span>
        <input
          name="query"
          id="sso-admins-query"
          type="search"
          required
          minlength="2"
          maxlength="200"
          autocomplete="off"
          spellcheck="false"
        />
      </label>
      ${button(searching, text("people.search"), null, { hook: "search-admins" })}
    </form>
    ${problemBox(searching.problem)}
    <div role="status">${found ? results() : nothing}</div>
  </section>`;

const isListed = (account) => sso().admins.some((admin) => admin.account === account);

const results = () =>
  html`${
    found.people.length === 0
      ? empty(text("people.none", { query: found.query }))
      : html`<ul class="people">
          ${found.people.map((person) => personLine({ ...person, active: person.state === "active" }, add))}
        </ul>`
  }
  ${found.isComplete ? nothing : html`<p class="hint">${text("people.incomplete")}</p>`}`;

const personLine = (person, act) =>
  html`<li class="person" data-account=${person.account}>
    <div class="person-head">
      <strong>${theirs(calling(person))}</strong>
      ${person.name && person.email ? html`<span class="hint">${theirs(person.email)}</span>` : nothing}
      ${person.active ? nothing : pill("idle", text("account.inactive"))}
      ${
        act === add && isListed(person.account)
          ? pill("good", text("sso.admins.listed"))
          : button(
              saving,
              html`${text(act === add ? "sso.admins.add" : "sso.admins.remove")}<span class="only-heard">
                  ${calling(person)}</span
                >`,
              () => act(person),
              { hook: act === add ? "add-admin" : "remove-admin" },
            )
      }
    </div>
  </li>`;

const calling = ({ name, email, account }) => name ?? email ?? account;

function search(event) {
  event.preventDefault();
  const query = new FormData(event.currentTarget).get("query").trim();
  searching.run(async () => {
    found = { query, ...(await post("/api/people/search", { query })) };
  });
}

const others = ({ admins }, account) =>
  admins.map((admin) => admin.account).filter((other) => other !== account);

async function add(person) {
  news = null;
  const { account } = person;
  await changeSso("admins", (saved) => ({ accounts: [...others(saved, account), account] }));
  settle("sso.admins.added", person);
}

async function remove(person) {
  news = null;
  await changeSso("admins", (saved) => ({ accounts: others(saved, person.account) }));
  settle("sso.admins.removed", person);
}

// The button that was pressed is gone.
function settle(key, person) {
  news = text(key, { name: calling(person) });
  focusOnceDrawn("sso-admins-title");
}
