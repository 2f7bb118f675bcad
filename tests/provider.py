"""A small OpenID provider on an origin of its own: discovery, a page to sign in on, code with PKCE (S256), userinfo."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

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


class Provider(BaseHTTPRequestHandler):
    challenge = ""
    claims: dict[str, object] = {}
    wanted: list[str] = []

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
                {"issuer": base, "jwks_uri": f"{base}/jwks"}
                | {f"{name}_endpoint": f"{base}/{path}" for name, path in names.items()}
            )
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
        Provider.challenge, Provider.wanted = query["code_challenge"][0], query["scope"][0].split()
        answer = urlencode({"code": "the-code", "state": query["state"][0]})
        self.send(b"", "text/plain", 302, Location=f"{query['redirect_uri'][0]}?{answer}")

    def hand_out(self, form: dict[str, list[str]]) -> None:
        digest = hashlib.sha256(form.get("code_verifier", [""])[0].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        given = self.headers.get("Authorization", "Basic ").removeprefix("Basic ")
        client = base64.b64decode(given).decode()
        if form["code"] != ["the-code"] or proof != Provider.challenge or client != "portal:secret":
            self.answer({"error": "invalid_grant"}, 400)
        else:
            self.answer({"access_token": "the-token", "token_type": "Bearer", "expires_in": 60})


@contextmanager
def running() -> Iterator[str]:
    """The address of a provider that knows the client `portal` with the secret `secret`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
