"""An identity provider on pysaml2: a log-in page, and answers to one application.

Prints its address when it listens. The application's metadata are fetched when the first request comes.
"""

import argparse
import html
import json
import shutil
import urllib.request
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.authn_context import PASSWORDPROTECTEDTRANSPORT
from saml2.config import IdPConfig
from saml2.metadata import create_metadata_string
from saml2.s_utils import UnknownPrincipal, UnsupportedBinding
from saml2.saml import NAMEID_FORMAT_EMAILADDRESS, NameID
from saml2.server import Server
from saml2.sigver import SignatureError
from saml2.xmldsig import DIGEST_SHA1, DIGEST_SHA256, SIG_RSA_SHA1, SIG_RSA_SHA256

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--application", required=True, help="where the application's metadata are")
parser.add_argument("--people", required=True, help='such as {"ada@acme.example": "Ada"}')
parser.add_argument("--sign", choices=["assertion", "response"], required=True)
parser.add_argument("--sha1", action="store_true", help="sign as pysaml2 does unless it is told otherwise")
parser.add_argument("--signed-requests", action="store_true", help="refuse requests that are not signed")
parser.add_argument("--key", required=True, help="a file with the private key")
parser.add_argument("--certificate", required=True, help="a file with its certificate")
options = parser.parse_args()
people = json.loads(options.people)


class Provider:
    def __init__(self, url):
        self.url = url

    def config(self, **more):
        return IdPConfig().load(
            {
                "entityid": f"{self.url}/metadata",
                "xmlsec_binary": shutil.which("xmlsec1"),
                "key_file": options.key,
                "cert_file": options.certificate,
                "service": {
                    "idp": {
                        "endpoints": {"single_sign_on_service": [(f"{self.url}/sign-on", BINDING_HTTP_REDIRECT)]},
                        "name_id_format": [NAMEID_FORMAT_EMAILADDRESS],
                        "policy": {"default": {"lifetime": {"minutes": 5}}},
                        "want_authn_requests_signed": options.signed_requests,
                    }
                },
                **more,
            }
        )

    def metadata(self):
        return create_metadata_string(None, config=self.config(), sign=False)

    @cached_property
    def server(self):
        with urllib.request.urlopen(options.application) as response:
            application = response.read().decode()
        return Server(config=self.config(metadata={"inline": [application]}))

    def read(self, query):
        """The request, checked as it came."""
        return self.server.parse_authn_request(
            query["SAMLRequest"],
            BINDING_HTTP_REDIRECT,
            relay_state=query.get("RelayState"),
            sigalg=query.get("SigAlg"),
            signature=query.get("Signature"),
        )

    def answer(self, query, email):
        """A page that posts the answer."""
        arguments = self.server.response_args(self.read(query).message, [BINDING_HTTP_POST])
        destination = arguments.pop("destination")
        arguments.pop("name_id_policy", None)
        response = self.server.create_authn_response(
            {},
            destination=destination,
            name_id=NameID(format=NAMEID_FORMAT_EMAILADDRESS, text=email),
            authn={"class_ref": PASSWORDPROTECTEDTRANSPORT},
            sign_assertion=options.sign == "assertion",
            sign_response=options.sign == "response",
            sign_alg=SIG_RSA_SHA1 if options.sha1 else SIG_RSA_SHA256,
            digest_alg=DIGEST_SHA1 if options.sha1 else DIGEST_SHA256,
            **arguments,
        )
        form = self.server.apply_binding(
            BINDING_HTTP_POST, str(response), destination, query.get("RelayState"), response=True
        )
        return form["data"]


class Pages(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self):
        address = urlsplit(self.path)
        if address.path == "/metadata":
            self.send(200, self.provider.metadata(), "application/samlmetadata+xml")
        elif address.path == "/sign-on":
            query = dict(parse_qsl(address.query))
            self.guarded(lambda: self.provider.read(query) and log_in_page(query))
        else:
            self.send(404, "Nothing here.")

    def do_POST(self):
        query = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        email = query.pop("email")
        self.guarded(lambda: self.provider.answer(query, email))

    def guarded(self, page):
        try:
            self.send(200, page())
        except (SignatureError, UnknownPrincipal, UnsupportedBinding) as refusal:
            self.send(400, html.escape(f"Refused: {refusal!r}"))

    def send(self, status, text, kind="text/html"):
        body = text if isinstance(text, bytes) else text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing, so that the address stays the only thing on the output."""


def log_in_page(query):
    hidden = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">' for name, value in query.items()
    )
    buttons = "".join(
        f'<button name="email" value="{html.escape(email)}">{html.escape(name)}</button>' for email, name in people.items()
    )
    return f'<!doctype html><title>Log in</title><h1>Who are you?</h1><form method="post" action="/log-in">{hidden}{buttons}</form>'


listener = ThreadingHTTPServer(("127.0.0.1", options.port), Pages)
Pages.provider = Provider(f"http://127.0.0.1:{listener.server_port}")
print(Pages.provider.url, flush=True)
listener.serve_forever()
