"""A provider that says whatever a test lets it say: wrong tokens, rubbish, nothing at all."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import RSAKey

from .programs import LOCAL

CLIENT = "higherstudy"
Say = Callable[[Mapping[str, str]], tuple[int, bytes]]
"""Returns status and body for the form that was sent, which is empty for a look at something."""


def an_rsa_key(kid: str) -> RSAKey:
    """Return a new key of that name."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


@dataclass
class StrangeProvider:
    """What it says is changed by tests: ``says`` by path, ``claims`` and ``header`` of its tokens, its ``key``."""

    issuer: str
    key: RSAKey
    shown: list[RSAKey]
    now: Callable[[], float] = time.time
    says: dict[str, Say] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """The paths in the order in which they were asked for."""
    nonce: str = ""
    """What the browser was sent with; a real one remembers it by the code."""

    def answer(self, path: str, form: Mapping[str, str]) -> tuple[int, bytes]:
        """Return status and body."""
        self.asked.append(path)
        if path in self.says:
            return self.says[path](form)
        documents: dict[str, Callable[[], dict[str, Any]]] = {
            "/.well-known/openid-configuration": self.discovered,
            "/keys": lambda: {"keys": [key.as_dict(private=False) for key in self.shown]},
            "/token": lambda: {"access_token": "an-access-token", "token_type": "Bearer", "id_token": self.id_token()},
            "/user": lambda: {"sub": "student-1"},
        }
        return (200, json.dumps(documents[path]()).encode()) if path in documents else (404, b"{}")

    def discovered(self) -> dict[str, Any]:
        """Return its document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/user",
            **self.document,
        }

    def stated(self) -> dict[str, Any]:
        """Return the claims of its next token."""
        now = int(self.now())
        all_of_them = {
            "iss": self.issuer,
            "sub": "student-1",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "email": "student@university.example",
            "email_verified": True,
            **self.claims,
        }
        return {name: value for name, value in all_of_them.items() if value is not None}

    def id_token(self) -> str:
        """Return its next token, signed with its key."""
        return jwt.encode({"alg": "RS256", "kid": self.key.kid, **self.header}, self.stated(), self.key)

    def unsigned(self, header: Mapping[str, Any], signature: bytes = b"") -> str:
        """Return its next token with another header and signature."""
        parts = (json.dumps(header).encode(), json.dumps(self.stated()).encode(), signature)
        return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


@contextmanager
def strange_provider(key: RSAKey) -> Iterator[StrangeProvider]:
    """Start one, whose tokens are as they have to be until a test says otherwise."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: Mapping[str, str]) -> None:
            status, body = provider.answer(self.path, form)
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", body.decode())
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            with suppress(ConnectionError):  # whoever asked did not wait
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer((LOCAL, 0), Handler)
    server.daemon_threads = True
    provider = StrangeProvider(f"http://{LOCAL}:{server.server_port}", key, [key])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
