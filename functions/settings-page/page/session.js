// Who is signed in. The token lives in this module's memory alone: a reload asks HiThrive for another one.

const NONCE = "hibob-settings-nonce";

let config = null;
let token = null;
let wasAccepted = false;

/** Reads the token that HiThrive's login handed over, or goes there. Returns why the page must wait, if it must. */
export async function begin() {
  if (token !== null) return null;
  const answer = await fetch("/config.json");
  if (!answer.ok) throw new Error("no configuration");
  config = await answer.json();
  const handed = new URLSearchParams(location.hash.slice(1));
  if (handed.has("access_token")) return take(handed.get("access_token"));
  if (handed.has("error")) return clean("refused");
  signIn();
  return "leaving";
}

/** Goes to HiThrive's login, which comes back to the same place. */
export function signIn() {
  const nonce = crypto.randomUUID();
  sessionStorage.setItem(NONCE, nonce);
  const back = new URL(location.pathname, location.origin);
  const place = location.hash.slice(1);
  if (place) back.searchParams.set("at", place);
  back.searchParams.set("nonce", nonce);
  const login = new URL(config.loginUrl, location.href);
  login.searchParams.set("return_to", back.href);
  location.assign(login);
}

export const bearer = () => `Bearer ${token}`;

export function accepted() {
  wasAccepted = true;
}

/** Whether the token has ever opened anything. If not, another trip to the login would only go in circles. */
export const hasBeenAccepted = () => wasAccepted;

// A token that this tab did not ask for may be somebody else's: a link that signs an admin in to a stranger's team would
// have them type their company's HiBob token into it.
function take(handed) {
  const expected = sessionStorage.getItem(NONCE);
  sessionStorage.removeItem(NONCE);
  const isOurs = expected !== null && new URL(location.href).searchParams.get("nonce") === expected;
  clean();
  if (!isOurs) return "unexpected";
  token = handed;
  return null;
}

function clean(reason) {
  const place = new URL(location.href).searchParams.get("at");
  history.replaceState(null, "", location.pathname + (place ? `#${place}` : ""));
  return reason;
}
