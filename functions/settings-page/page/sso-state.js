// Single sign-on as it is saved, and how a part of it is saved.

import { request } from "./api.js";
import { redraw, whenDisconnected } from "./store.js";

let saved = null;
let etag = null;

/** What is saved; null until it has been read. */
export const sso = () => saved;

whenDisconnected(() => take({ body: null, etag: null }));

export async function loadSso() {
  take(await request("GET", "/api/sso"));
}

/** Replaces a part of what this page has seen. */
export async function saveSso(part, body) {
  take(await request("PUT", `/api/sso/${part}`, { body, version: etag }));
}

/** Makes a change that means the same whatever somebody else has saved meanwhile. */
export async function changeSso(part, changed) {
  try {
    await saveSso(part, changed(saved));
  } catch (error) {
    if (error.kind !== "stale-edit") throw error;
    await loadSso();
    await saveSso(part, changed(saved));
  }
}

function take(answer) {
  saved = answer.body;
  etag = answer.etag;
  redraw();
}
