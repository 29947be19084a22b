// An identity provider on samlify: a log-in page, and answers to one application.
//
// Prints its address when it listens. The application's metadata are fetched when the first request comes.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";

// The packages are beside the checks' other tools, not beside this file.
const require = createRequire(new URL("../../.venv/node_modules/", import.meta.url));
const samlify = require("samlify");
samlify.setSchemaValidator(require("@authenio/samlify-node-xmllint"));

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    application: { type: "string" }, // where its metadata are
    people: { type: "string" }, // such as {"ada@acme.example": "Ada"}
    sign: { type: "string" }, // assertion or response
    "signed-requests": { type: "boolean", default: false }, // refuse requests that are not signed
    key: { type: "string" }, // a file
    certificate: { type: "string" }, // a file
  },
});
const people = JSON.parse(options.people);
const emailFormat = samlify.Constants.namespace.format.emailAddress;

const identityProvider = (url) =>
  samlify.IdentityProvider({
    entityID: `${url}/metadata`,
    privateKey: readFileSync(options.key, "utf8"),
    signingCert: readFileSync(options.certificate, "utf8"),
    nameIDFormat: [emailFormat],
    wantAuthnRequestsSigned: options["signed-requests"],
    requestSignatureAlgorithm: samlify.Constants.algorithms.signature.RSA_SHA256,
    singleSignOnService: [{ Binding: samlify.Constants.namespace.binding.redirect, Location: `${url}/sign-on` }],
  });

// What is signed follows what the application's metadata want, so an administrator who chooses otherwise changes that.
async function application() {
  const metadata = await (await fetch(options.application)).text();
  const wanted = `WantAssertionsSigned="${options.sign === "assertion"}"`;
  return samlify.ServiceProvider({ metadata: metadata.replace(/WantAssertionsSigned="[^"]*"/, wanted) });
}

const escape = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt()};`);
const page = (title, content) => `<!doctype html><title>${title}</title><h1>${title}</h1>${content}`;
const hidden = (fields) =>
  Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`).join("");

// The request, checked as it came. The bytes that were signed are those of the query, in the order in which they came.
async function read(provider, sp, rawQuery) {
  const query = Object.fromEntries(new URLSearchParams(rawQuery));
  const octetString = rawQuery.split("&").filter((part) => !part.startsWith("Signature=")).join("&");
  return provider.parseLoginRequest(sp, "redirect", { query, octetString });
}

async function logInPage(provider, rawQuery) {
  await read(provider, await application(), rawQuery);
  const buttons = Object.entries(people)
    .map(([email, name]) => `<button name="email" value="${escape(email)}">${escape(name)}</button>`).join("");
  return page("Who are you?", `<form method="post" action="/log-in">${hidden({ query: rawQuery })}${buttons}</form>`);
}

async function answerPage(provider, form) {
  const sp = await application();
  const request = await read(provider, sp, form.get("query"));
  const relayState = new URLSearchParams(form.get("query")).get("RelayState") ?? "";
  const { context, entityEndpoint } =
    await provider.createLoginResponse(sp, request, "post", { email: form.get("email") }, undefined, false, relayState);
  const fields = hidden({ SAMLResponse: context, RelayState: relayState });
  return page("One moment", `<form method="post" action="${escape(entityEndpoint)}">${fields}<button>Continue</button></form>` +
    "<script>document.forms[0].submit()</script>");
}

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

let provider;
const server = createServer(async (request, response) => {
  const { pathname, search } = new URL(request.url, "http://127.0.0.1");
  const send = (status, type, text) => response.writeHead(status, { "Content-Type": `${type}; charset=utf-8` }).end(text);
  try {
    if (pathname === "/metadata") send(200, "application/samlmetadata+xml", provider.getMetadata());
    else if (pathname === "/sign-on") send(200, "text/html", await logInPage(provider, search.slice(1)));
    else if (pathname === "/log-in") send(200, "text/html", await answerPage(provider, await body(request)));
    else send(404, "text/html", "Nothing here.");
  } catch (error) {
    console.error(error);
    send(400, "text/html", escape(`Refused: ${error}`));
  }
});
server.listen(Number(options.port), "127.0.0.1", () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  provider = identityProvider(url);
  console.log(url);
});
