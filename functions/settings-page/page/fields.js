// HiBob's fields, read once and by whoever asks first.

import { get } from "./api.js";
import { whenDisconnected } from "./store.js";

let fields = null;

/** By id: `{id, name, type, category, came}`. */
export async function hibobFields() {
  if (fields === null) {
    const { categories } = await get("/api/fields");
    const all = categories.flatMap(({ id, name, values, fields: members }) =>
      members.map((field) => [field.id, { ...field, category: { id, name }, came: values }]),
    );
    fields = new Map(all);
  }
  return fields;
}

/** Another token may see other fields. */
export function forgetFields() {
  fields = null;
}

whenDisconnected(forgetFields);
