"""A SendGrid on this machine: takes mails as its v3 Mail Send does, and signs events as its Event Webhook does."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .fake_http import Answer, Asked, FakeService, served

API_KEY = "SG.a-key-of-tests"
SENDER = "no-reply@study.example"
LARGEST = 30 * 2**20
URL = "/v1/webhooks/sendgrid"
_RESERVED = {"to", "from", "subject", "reply-to", "cc", "bcc", "content-type", "x-sg-id", "x-sg-eid", "dkim-signature"}

Mail = Mapping[str, Any]


@dataclass
class FakeSendGrid(FakeService):
    """Takes every mail that has the form, twice the same one too, as the real one does: it knows no id of ours."""

    taken: list[tuple[str, Mail]] = field(default_factory=list)
    """Its own id of each mail, and the mail."""
    signing: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public_key(self) -> str:
        """The verification key, as it is shown to whoever sets the webhook up."""
        return base64.b64encode(
            self.signing.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        ).decode()

    def answer(self, asked: Asked) -> Answer:
        """Return what it says to a mail."""
        if (asked.method, asked.path) != ("POST", "/v3/mail/send"):
            return Answer(404, b'{"errors":[{"field":null,"message":"not found"}]}')
        if asked.headers.get("authorization") != f"Bearer {API_KEY}":
            return _wrong(401, "", "The provided authorization grant is invalid, expired, or revoked")
        if len(asked.body) > LARGEST:
            return _wrong(413, "", "The JSON payload you have included in your request is too large.")
        try:
            mail = json.loads(asked.body)
        except ValueError:
            return _wrong(400, "", "Bad Request")
        if mail["from"]["email"] != SENDER:
            return _wrong(403, "from", "The from address does not match a verified Sender Identity.")
        if wrong := _wrong_field(mail):
            return _wrong(400, wrong, f"{mail['personalizations']} is not valid")
        name = f"Fake-{len(self.taken)}_id"
        self.taken.append((name, mail))
        return Answer(202, b"", {"X-Message-Id": name})

    def signed(self, events: Sequence[Mapping[str, Any]], at: datetime) -> tuple[str, dict[str, str], bytes]:
        """Return the request, as address, headers and body, that tells of these events."""
        return self.signed_body((json.dumps(list(events)) + "\r\n").encode(), at)

    def signed_body(self, body: bytes, at: datetime) -> tuple[str, dict[str, str], bytes]:
        """Return the request with this body, whatever it is."""
        timestamp = str(int(at.timestamp()))
        signature = self.signing.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        headers = {
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        }
        return URL, headers, body


@contextmanager
def fake_sendgrid() -> Iterator[FakeSendGrid]:
    """Start one."""
    service = FakeSendGrid()
    with served(service):
        yield service


def _wrong_field(mail: Mail) -> str:
    """Return the first field that the real one would not take, blank for none."""
    for place, one in enumerate(mail["personalizations"]):
        for number, to in enumerate(one["to"]):
            name, at, host = to["email"].rpartition("@")
            if not (name and at and "." in host) or not to["email"].isprintable() or " " in to["email"]:
                return f"personalizations.{place}.to.{number}.email"
        if not all(isinstance(value, str) for value in one.get("custom_args", {}).values()):
            return f"personalizations.{place}.custom_args"
    if not mail["subject"] or "\n" in mail["subject"]:
        return "subject"
    kinds = [part["type"] for part in mail["content"]]
    if kinds != sorted(kinds, key=["text/plain", "text/html"].index) or not all(p["value"] for p in mail["content"]):
        return "content"
    if any(name.lower() in _RESERVED or "\n" in value for name, value in mail.get("headers", {}).items()):
        return "headers"
    for place, one in enumerate(mail.get("attachments", ())):
        try:
            base64.b64decode(one["content"], validate=True)
        except binascii.Error:
            return f"attachments.{place}.content"
    return ""


def _wrong(status: int, where: str, message: str) -> Answer:
    told = {"errors": [{"message": message, "field": where or None, "help": None}]}
    return Answer(status, json.dumps(told).encode(), {"Content-Type": "application/json"})
