"""A small OpenID provider on an origin of its own: discovery, a page to sign in on, code with PKCE (S256), an ID token signed
with a real key, userinfo.
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from django.http import HttpResponseBase
from django.test import Client
from jwt.algorithms import RSAAlgorithm

# as the guideline's userinfo of a corporation's prime account answers
PRIME = {
    "sub": "g-prime-1",
    "account_type": "2",
    "corp_type": "1",
    "corporate_number": "3990000007001",
    "name": "株式会社時計台製作所",
    "prefecture_name": "北海道",
    "address1": "札幌市中央区",
    "address2": "北一条西２丁目１番地",
    "rep_last_nm": "髙田",
    "rep_first_nm": "誠一",
    "user_last_nm": "髙田",
    "user_first_nm": "誠一",
    "user_tel_no_contact": "0110000000",
    "email": "takada@firms.example",
    "email_verified": True,
}


class Key:
    """A pair of keys of the provider, under a name."""

    def __init__(self, kid: str) -> None:
        self.kid = kid

    @cached_property
    def private(self) -> RSAPrivateKey:
        return generate_private_key(65537, 2048)

    @property
    def published(self) -> dict[str, object]:
        public: dict[str, object] = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        return public | {"kid": self.kid, "use": "sig", "alg": "RS256"}

    def sign(self, claims: Mapping[str, object], **header: object) -> str:
        return jwt.encode(dict(claims), self.private, "RS256", {"kid": self.kid, **header})


KEY = Key("first")


class Provider(BaseHTTPRequestHandler):
    """`keys`: which it publishes; `issuer`: what it calls itself, where it is not its own address."""

    challenge = ""
    nonce = ""
    claims: Mapping[str, object] = {}
    wanted: list[str] = []
    keys: tuple[Key, ...] = (KEY,)
    issuer = ""

    def log_message(self, *_args: object) -> None:
        pass

    def send(self, data: bytes, kind: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(data)),
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def answer(self, body: Mapping[str, object], status: int = 200) -> None:
        self.send(json.dumps(body).encode(), "application/json", status)

    def do_GET(self) -> None:
        base = f"http://{self.headers['Host']}"
        if self.path.startswith("/.well-known/"):
            names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            self.answer(
                {"issuer": self.issuer or base, "jwks_uri": f"{base}/jwks"}
                | {f"{name}_endpoint": f"{base}/{path}" for name, path in names.items()}
            )
        elif self.path == "/jwks":
            self.answer({"keys": [key.published for key in self.keys]})
        elif self.path.startswith("/authorize"):
            page = f'<!DOCTYPE html><form method="post" action="{self.path.replace("&", "&amp;")}"><button>認証する</button></form>'
            self.send(page.encode(), "text/html; charset=utf-8")
        elif self.path == "/userinfo" and self.headers["Authorization"] == "Bearer the-token":
            self.answer(self.claims)
        else:
            self.answer({"error": "invalid_token"}, 401)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode())
        if self.path.startswith("/authorize"):
            self.send_back(parse_qs(urlsplit(self.path).query))
        else:
            self.hand_out(form)

    def send_back(self, query: dict[str, list[str]]) -> None:
        Provider.asked(query)
        answer = urlencode({"code": "the-code", "state": query["state"][0]})
        self.send(b"", "text/plain", 302, Location=f"{query['redirect_uri'][0]}?{answer}")

    @classmethod
    def asked(cls, query: dict[str, list[str]]) -> None:
        cls.challenge, cls.wanted = query["code_challenge"][0], query["scope"][0].split()
        cls.nonce = query["nonce"][0]

    def hand_out(self, form: dict[str, list[str]]) -> None:
        digest = hashlib.sha256(form.get("code_verifier", [""])[0].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        given = self.headers.get("Authorization", "Basic ").removeprefix("Basic ")
        client = base64.b64decode(given).decode()
        if form["code"] != ["the-code"] or proof != Provider.challenge or client != "portal:secret":
            self.answer({"error": "invalid_grant"}, 400)
        else:
            token = {"access_token": "the-token", "token_type": "Bearer", "expires_in": 60}
            self.answer(token | {"id_token": self.sign(self.of_the_token())})

    def sign(self, claims: dict[str, object]) -> str | None:
        """The ID token; None sends none."""
        return KEY.sign(claims)

    def of_the_token(self) -> dict[str, object]:
        now = int(time.time())
        return {
            "iss": self.issuer or f"http://{self.headers['Host']}",
            "aud": "portal",
            "sub": self.claims["sub"],
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
        }


@contextmanager
def running() -> Iterator[str]:
    """The address of a provider that knows the client `portal` with the secret `secret`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def come_back(client: Client, provider: type[Provider], **claims: object) -> HttpResponseBase:
    """Press the provider's button, be sent there, and come back with the code."""
    provider.claims = claims
    return client.get(sent_back(client, provider), follow=True)


def sent_back(client: Client, provider: type[Provider], button: str = "") -> str:
    """Press the provider's button; the address that it then sends the browser back to."""
    sent = client.post(f"/accounts/oidc/gbizid/login/{button}")
    query = parse_qs(urlsplit(sent.url).query)  # type: ignore[attr-defined]
    assert query["code_challenge_method"] == ["S256"]
    provider.asked(query)
    return f"/accounts/oidc/gbizid/login/callback/?code=the-code&state={query['state'][0]}"
