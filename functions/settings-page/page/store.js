// What every section shows: the connection, and how to show it again.

export const store = {
  connection: null,
  /** What `If-Match` must say when the settings are saved. */
  etag: null,
  /** The section on show, and what its deep link names beyond that. */
  section: null,
  detail: null,
};

let draw = () => {};
let isScheduled = false;

/** Shows the state as it is, once, however often it is asked for in one turn. */
export function redraw() {
  if (isScheduled) return;
  isScheduled = true;
  queueMicrotask(() => {
    isScheduled = false;
    draw();
    if (wanted === null) return;
    document.getElementById(wanted)?.focus();
    wanted = null;
  });
}

export function drawWith(drawing) {
  draw = drawing;
}

let wanted = null;

/** Moves the focus to an element that the next drawing shows. */
export function focusOnceDrawn(id) {
  wanted = id;
}

export function setConnection({ body, etag }) {
  store.connection = body;
  store.etag = etag;
  redraw();
}

export const isConnected = () => store.connection !== null && store.connection.state !== "notConnected";

export const zone = () => store.connection?.settings?.timeZone ?? "UTC";

// Sections are loaded when they are opened, and tell here what others must know of them.

const forgetters = [];
const guards = [];

/** What a section keeps of a connection goes with it. */
export const whenDisconnected = (forget) => forgetters.push(forget);

export function forgetConnection() {
  for (const forget of forgetters) forget();
  redraw();
}

/** A section says whether leaving the page would lose something. */
export const holdsUnsaved = (hasUnsaved) => guards.push(hasUnsaved);

export const hasUnsaved = () => guards.some((guard) => guard());
