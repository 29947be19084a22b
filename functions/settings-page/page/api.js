// Requests to the settings APIs, and what can go wrong with them.

import { accepted, bearer } from "./session.js";
import { setConnection } from "./store.js";
import { text, textOr } from "./format.js";

/** What went wrong, in words that can be shown: the API's own, or ours where nobody answered. */
export class Problem extends Error {
  constructor({ kind, title, detail = null, status = 0, errors = [], current = null }) {
    super(title);
    Object.assign(this, { kind, title, detail, status, errors, current });
  }

  static of(error) {
    if (error instanceof Problem) return error;
    console.error(error);
    return new Problem({
      kind: "page",
      title: text("problem.page"),
      detail: text("problem.page.detail"),
    });
  }

  static ofTask({ problem, detail }) {
    return new Problem({
      kind: problem,
      title: textOr(`task.failed.${problem}`, text("task.failed")),
      detail,
    });
  }
}

/** Makes a request. `version` becomes `If-Match`. Answers `{status, body, etag}` or throws a Problem. */
export async function request(method, path, { body, version } = {}) {
  const headers = { authorization: bearer(), accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (version) headers["if-match"] = version;
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      cache: "no-store",
    });
  } catch {
    throw new Problem({
      kind: "offline",
      title: text("problem.offline"),
      detail: text("problem.offline.detail"),
    });
  }
  if (answer.status === 401) {
    document.dispatchEvent(new Event("signed-out"));
    throw new Problem({ kind: "signed-out", title: text("problem.signedOut"), status: 401 });
  }
  accepted();
  const content = await answer.json().catch(() => null);
  if (!answer.ok) throw problemIn(answer, content);
  return { status: answer.status, body: content, etag: answer.headers.get("etag") };
}

export const get = async (path) => (await request("GET", path)).body;
export const post = async (path, body) => (await request("POST", path, { body })).body;

export async function loadConnection() {
  setConnection(await request("GET", "/api/connection"));
}

const TRIES = 4;
const SLOWEST = 5000;

/** Asks every second, then less and less often, until `isDone` says so. A failing network is given a few tries. */
export async function poll(ask, isDone) {
  let failures = 0;
  for (let pause = 1000; ; pause = Math.min(pause * 1.2, SLOWEST)) {
    try {
      const answer = await ask();
      failures = 0;
      if (isDone(answer)) return answer;
    } catch (error) {
      const mayPass = error.kind === "offline" || error.status >= 500 || error.status === 429;
      failures += 1;
      if (!mayPass || failures === TRIES) throw error;
    }
    await new Promise((resume) => setTimeout(resume, pause));
  }
}

/** Starts a task and follows it to its end. `show` gets it whenever there is news. Answers the task's id and result. */
export async function runTask(collection, body, show) {
  const id = taskId();
  const path = `${collection}/${id}`;
  show((await request("PUT", path, { body })).body);
  const task = await poll(
    async () => {
      const current = await get(path);
      show(current);
      return current;
    },
    ({ status }) => status === "done" || status === "failed",
  );
  if (task.status === "failed") throw Problem.ofTask(task.failure);
  return { id, result: task.result };
}

/** 32 random bytes: whoever has the id can read the result, and nobody can guess it. */
function taskId() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

// Bodies without a `type` are the gateway's own, which knows nothing of our problems.
function problemIn({ status, headers }, content) {
  const wait = Number(headers.get("retry-after"));
  const later = wait > 0 ? text("problem.retryAfter", { seconds: wait }) : null;
  if (!content?.type) {
    const title = textOr(`problem.gateway.${status}`, text("problem.gateway"));
    return new Problem({ kind: "gateway", title, detail: later, status });
  }
  const detail = [content.detail, later].filter(Boolean).join(" ");
  return new Problem({ ...content, kind: content.type.split("#").at(-1), detail });
}
