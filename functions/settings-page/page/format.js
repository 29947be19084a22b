// Texts with their blanks filled in, numbers, dates.

import { texts } from "./texts.js";

const language = document.documentElement.lang;
const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);

export const number = (value) => numbers.format(value);

/** A text with its `{blanks}` filled in. */
export function text(key, values = {}) {
  const pattern = texts[key];
  if (pattern === undefined) throw new Error(`no text ${key}`);
  return pattern.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? number(value) : String(value);
  });
}

/** A text for a word of the API's, which a later version of it may add to. */
export const textOr = (key, fallback, values) => (key in texts ? text(key, values) : fallback);

/** The form of a text that goes with a count. */
export function plural(key, count, values = {}) {
  const form = `${key}.${plurals.select(count)}`;
  return text(form in texts ? form : `${key}.other`, { ...values, count });
}

/** How far a task is. */
export const taskWords = (task) =>
  task?.people ? plural("task.people", task.people) : text(`task.status.${task?.status ?? "waiting"}`);

/** An instant on the tenant's wall clock. */
export function instant(iso, timeZone) {
  return new Intl.DateTimeFormat(language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  }).format(new Date(iso));
}

/** The local date of an instant, `YYYY-MM-DD`. */
export function localDate(date, timeZone) {
  return new Intl.DateTimeFormat("sv", { timeZone }).format(date);
}

/** A local date as it is read. */
export function day(date) {
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" }).format(
    new Date(`${date}T00:00:00Z`),
  );
}

export function seconds(milliseconds) {
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: "second",
    maximumFractionDigits: 1,
  }).format(milliseconds / 1000);
}

export const list = (words) => new Intl.ListFormat(language).format(words);
