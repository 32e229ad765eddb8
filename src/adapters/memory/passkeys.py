"""Passkeys for tests: the same questions and answers, sealed with what anybody with the source could know."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from ...ports.passkeys import Json, NewPasskey, PasskeyRefused, Signed

_SITE = "memory"


class MemoryPasskeys:
    """Believes a ``MemoryDevice``; never use it for real accounts, for the public key is the secret one."""

    async def to_make(self, challenge: bytes, *, user: bytes, name: str, known: Sequence[bytes], service: str) -> Json:
        return {
            "rp": {"id": _SITE, "name": service},
            "user": {"id": _text(user), "name": name},
            "challenge": _text(challenge),
            "excludeCredentials": [{"id": _text(one), "type": "public-key"} for one in known],
        }

    async def made(self, answer: Json, challenge: bytes) -> NewPasskey:
        said = _response(answer)
        key = _bytes(said.get("key"))
        _demand_seal(said, "make", challenge, key)
        return NewPasskey(self.credential_of(answer), key, int(said["counter"]))

    async def to_sign(self, challenge: bytes, known: Sequence[bytes], *, sure_of_user: bool) -> Json:
        return {
            "rpId": _SITE,
            "challenge": _text(challenge),
            "allowCredentials": [{"id": _text(one), "type": "public-key"} for one in known],
            "userVerification": "required" if sure_of_user else "preferred",
        }

    def credential_of(self, answer: Json) -> bytes:
        return _bytes(answer.get("id"))

    async def signed(
        self, answer: Json, challenge: bytes, public_key: bytes, counter: int, *, sure_of_user: bool
    ) -> Signed:
        said = _response(answer)
        _demand_seal(said, "sign", challenge, public_key)
        found = Signed(int(said["counter"]), bool(said["sure"]))
        if (found.counter or counter) and found.counter <= counter:
            raise PasskeyRefused
        if sure_of_user and not found.user_verified:
            raise PasskeyRefused
        return found


class MemoryDevice:
    """A device that makes one passkey for ``MemoryPasskeys`` and signs with it."""

    def __init__(self, name: str = "device", *, sure: bool = True) -> None:
        self.sure = sure
        self.counter = 0
        self._key = hashlib.sha256(name.encode()).digest()

    def make(self, asked: Json) -> Json:
        """Return the answer to what ``to_make`` says."""
        return self._answer(asked, "make", {"key": _text(self._key)})

    def sign(self, asked: Json) -> Json:
        """Return the answer to what ``to_sign`` says."""
        self.counter += 1
        return self._answer(asked, "sign", {})

    def _answer(self, asked: Json, what: str, more: Mapping[str, str]) -> Json:
        said = {"counter": self.counter, "sure": self.sure, **more}
        seal = _seal(said, what, _bytes(asked["challenge"]), self._key)
        return {"id": _text(self._key[:16]), "type": "public-key", "response": {**said, "seal": seal}}


def _response(answer: Json) -> Mapping[str, Any]:
    said = answer.get("response")
    if not isinstance(said, dict) or not isinstance(said.get("counter"), int) or not isinstance(said.get("sure"), bool):
        raise PasskeyRefused
    return said


def _demand_seal(said: Mapping[str, Any], what: str, challenge: bytes, key: bytes) -> None:
    if not hmac.compare_digest(str(said.get("seal")).encode(), _seal(said, what, challenge, key).encode()):
        raise PasskeyRefused


def _seal(said: Mapping[str, Any], what: str, challenge: bytes, key: bytes) -> str:
    whole = f"{what}:{said['counter']}:{said['sure']}:".encode() + challenge
    return hmac.new(key, whole, hashlib.sha256).hexdigest()


def _text(given: bytes) -> str:
    return urlsafe_b64encode(given).decode().rstrip("=")


def _bytes(given: object) -> bytes:
    if not isinstance(given, str):
        raise PasskeyRefused
    try:
        return urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))
    except ValueError:
        raise PasskeyRefused from None
