"""A device with a passkey, in software: an ES256 key that answers as WebAuthn, level 3 says, without attestation."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


class Authenticator:
    """Answers the pages of one origin; ``site`` is the domain that its passkey belongs to."""

    def __init__(
        self, site: str = "localhost", origin: str = "http://localhost:8000", *, sure: bool = True, present: bool = True
    ) -> None:
        self.site, self.origin = site, origin
        self.sure, self.present = sure, present
        self.counter = 0
        self.credential = hashlib.sha256(f"{id(self)}".encode()).digest()
        self._key = generate_private_key(SECP256R1())

    def make(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return what ``navigator.credentials.create`` gives for these options."""
        about_key = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + self._cose_key()
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(_WITH_KEY, about_key)}
        said = self._client_data("webauthn.create", asked["challenge"])
        return self._answer({"clientDataJSON": text(said), "attestationObject": text(cbor2.dumps(statement))})

    def sign(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return what ``navigator.credentials.get`` gives for these options."""
        self.counter += 1
        said = self._client_data("webauthn.get", asked["challenge"])
        data = self._data()
        signature = self._key.sign(data + hashlib.sha256(said).digest(), ECDSA(SHA256()))
        return self._answer(
            {"clientDataJSON": text(said), "authenticatorData": text(data), "signature": text(signature)}
        )

    def _answer(self, response: Mapping[str, str]) -> dict[str, Any]:
        name = text(self.credential)
        return {"id": name, "rawId": name, "type": "public-key", "response": dict(response)}

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _data(self, flags: int = 0, more: bytes = b"") -> bytes:
        """Return the authenticator data (6.1): the site's hash, flags, the count, and the key where it is new."""
        flags |= (_PRESENT if self.present else 0) | (_VERIFIED if self.sure else 0)
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big") + more

    def _cose_key(self) -> bytes:
        """Return the public half as a COSE key (RFC 9053): EC2, ES256, P-256, x and y."""
        numbers = self._key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})


def text(given: bytes) -> str:
    """Return the bytes as base64url without padding."""
    return urlsafe_b64encode(given).decode().rstrip("=")


def from_text(given: str) -> bytes:
    """Return what the base64url says."""
    return urlsafe_b64decode(given + "=" * (-len(given) % 4))
