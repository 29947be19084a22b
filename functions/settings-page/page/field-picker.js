// A searchable list of HiBob's fields: the ARIA combobox pattern with a grouped list box below the input.

import { html, nothing, render } from "./vendor/lit-html.js";
import { plural, text } from "./format.js";

let pickers = 0;

/**
 * Properties: `fields` (of one type each: `{id, name, type, category, came}`), `value` (a field's id or null), `label`,
 * `problem` (the id of the element that says what is wrong). Fires `pick` with the field as its detail.
 */
class FieldPicker extends HTMLElement {
  #fields = [];
  #value = null;
  #label = "";
  #problem = null;
  #query = null;
  #active = -1;
  #id = `picker-${(pickers += 1)}`;

  connectedCallback() {
    this.addEventListener("focusout", () => this.#close());
    this.#draw();
  }

  set fields(fields) {
    this.#change(() => (this.#fields = fields));
  }

  set value(value) {
    this.#change(() => (this.#value = value));
  }

  set label(label) {
    this.#change(() => (this.#label = label));
  }

  set problem(problem) {
    this.#change(() => (this.#problem = problem));
  }

  focus() {
    this.querySelector("input")?.focus();
  }

  get #isOpen() {
    return this.#query !== null;
  }

  /** The fields whose name, id or category hold every word that was typed. */
  get #matches() {
    const words = (this.#query ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    return this.#fields.filter(({ id, name, category }) => {
      const hay = `${name} ${id} ${category.name}`.toLowerCase();
      return words.every((word) => hay.includes(word));
    });
  }

  #change(assign) {
    assign();
    this.#draw();
  }

  #open(query = "") {
    this.#query = query;
    const at = this.#matches.findIndex(({ id }) => id === this.#value);
    this.#active = query === "" ? at : 0;
    this.#draw();
    this.#showActive();
  }

  #close() {
    if (!this.#isOpen) return;
    this.#query = null;
    this.#active = -1;
    this.#draw();
    this.querySelector("input").value = this.#shown();
  }

  #pick(field) {
    this.#value = field.id;
    this.#close();
    this.dispatchEvent(new CustomEvent("pick", { detail: field }));
  }

  #move(by) {
    const { length } = this.#matches;
    if (length === 0) return;
    this.#active = (Math.max(this.#active, by > 0 ? -1 : 0) + by + length) % length;
    this.#draw();
    this.#showActive();
  }

  #showActive() {
    this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  #keyed(event) {
    const keys = {
      ArrowDown: () => (this.#isOpen ? this.#move(1) : this.#open()),
      ArrowUp: () => (this.#isOpen ? this.#move(-1) : this.#open()),
      Enter: () => this.#isOpen && this.#matches[this.#active] && this.#pick(this.#matches[this.#active]),
      Escape: () => this.#isOpen && this.#close(),
    };
    if (!(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  }

  #shown() {
    const field = this.#fields.find(({ id }) => id === this.#value);
    return field ? `${field.name} · ${field.category.name}` : (this.#value ?? "");
  }

  #draw() {
    if (!this.isConnected) return;
    const { length } = this.#isOpen ? this.#matches : [];
    render(
      html`<input
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck="false"
          aria-label=${this.#label}
          aria-autocomplete="list"
          aria-expanded=${this.#isOpen}
          aria-controls=${this.#isOpen ? `${this.#id}-list` : nothing}
          aria-activedescendant=${this.#active >= 0 ? `${this.#id}-${this.#active}` : nothing}
          aria-invalid=${this.#problem ? "true" : nothing}
          aria-describedby=${this.#problem ?? nothing}
          placeholder=${text("picker.placeholder")}
          .value=${this.#query ?? this.#shown()}
          @focus=${(event) => event.target.select()}
          @click=${() => this.#isOpen || this.#open()}
          @input=${(event) => this.#open(event.target.value)}
          @keydown=${(event) => this.#keyed(event)}
        />
        ${this.#isOpen ? this.#list() : nothing}
        <span class="only-heard" role="status"
          >${this.#isOpen ? plural("picker.matches", length) : nothing}</span
        >`,
      this,
    );
  }

  #list() {
    const matches = this.#matches;
    if (matches.length === 0) return html`<p class="options empty">${text("picker.none")}</p>`;
    const groups = Map.groupBy(
      matches.map((field, at) => ({ field, at })),
      ({ field }) => field.category.id,
    );
    return html`<div class="options" role="listbox" id="${this.#id}-list" aria-label=${this.#label}>
      ${[...groups.values()].map(
        (options) =>
          html`<div role="group" aria-label=${options[0].field.category.name}>
            <p class="option-group" aria-hidden="true">${options[0].field.category.name}</p>
            ${options.map((option) => this.#option(option))}
          </div>`,
      )}
    </div>`;
  }

  // The pressed mouse must not take the focus, or the list would close before the click arrives.
  #option({ field, at }) {
    return html`<div
      class="option"
      role="option"
      id="${this.#id}-${at}"
      data-field=${field.id}
      aria-selected=${at === this.#active}
      @mousedown=${(event) => event.preventDefault()}
      @click=${() => this.#pick(field)}
    >
      <span>${field.name}</span> <code>${field.id}</code>
      ${field.came === "none" ? html`<span class="hint">${text("picker.noValues")}</span>` : nothing}
    </div>`;
  }
}

customElements.define("field-picker", FieldPicker);
