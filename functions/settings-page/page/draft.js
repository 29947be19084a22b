// A mapping while it is edited: one row per field of HiThrive, mapped or not. Pure.

import { text } from "./format.js";

/** The rows for the entries of a mapping: HiThrive's fields in their order, then the customer's own. */
export function rowsOf(entries, { targets, custom }) {
  const rows = targets.map(({ key, required, accepts }) => ({
    target: key,
    required,
    accepts,
    isCustom: false,
  }));
  const known = new Set(rows.map(({ target }) => target));
  for (const { target } of entries) {
    if (!known.has(target)) rows.push(customRow(target, custom));
  }
  for (const row of rows) {
    const entry = entries.find(({ target }) => target === row.target);
    row.sources = [...(entry?.sources ?? [])];
    row.whenEmpty = entry?.whenEmpty ?? "clear";
  }
  return rows;
}

export const customRow = (target, { accepts }) => ({
  target,
  required: false,
  accepts,
  isCustom: true,
  sources: [],
  whenEmpty: "clear",
});

/** What the API is sent. A source that was added and not yet chosen is null and left out. */
export const entriesOf = (rows) =>
  rows
    .map(({ target, sources, whenEmpty }) => ({ target, sources: sources.filter(Boolean), whenEmpty }))
    .filter(({ sources }) => sources.length > 0);

/** Whether two lists of entries say the same, in whatever order. */
export function isSame(some, others) {
  const canonical = (entries) =>
    JSON.stringify(
      entries
        .map(({ target, sources, whenEmpty }) => [target, sources.map(({ id }) => id), whenEmpty])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  return canonical(some) === canonical(others);
}

/** What is wrong with a row before anybody is asked. `fields` are HiBob's by id. */
export function faultsOf(row, fields) {
  const sources = row.sources.filter(Boolean);
  const faults = [];
  if (row.required && sources.length === 0) faults.push(text("mapping.fault.required"));
  for (const { id } of sources) {
    const field = fields.get(id);
    if (!field) faults.push(text("mapping.fault.vanished", { field: id }));
    else if (!row.accepts.includes(field.type))
      faults.push(text("mapping.fault.type", { field: field.name }));
  }
  if (new Set(sources.map(({ id }) => id)).size < sources.length) faults.push(text("mapping.fault.twice"));
  return faults;
}

/** The API's complaints about the entries it was sent, by target; those about no single entry under null. */
export function complaintsBy(problem, entries) {
  const complaints = new Map();
  for (const { entry, detail } of problem?.errors ?? []) {
    const target = entries[entry]?.target ?? null;
    complaints.set(target, [...(complaints.get(target) ?? []), detail]);
  }
  return complaints;
}

/** The targets that two mappings fill differently: `[target, some entry, other entry]`. */
export function differences(some, others) {
  const targets = new Set([...some, ...others].map(({ target }) => target));
  const of = (entries, wanted) => entries.find(({ target }) => target === wanted);
  return [...targets]
    .map((target) => [target, of(some, target), of(others, target)])
    .filter(([, a, b]) => !isSame(a ? [a] : [], b ? [b] : []));
}
