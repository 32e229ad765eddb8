"""Texts that only we can have made: what they say, signed with a secret key for one purpose."""

import base64
import hashlib
import hmac

from ...domain.shared.errors import NotFound, Reason

_SIGNATURE = 32


class Signer:
    """Signs for one purpose, so that a text made for another opens nothing here."""

    def __init__(self, key: bytes, purpose: bytes) -> None:
        if len(key) < _SIGNATURE:
            raise ValueError("the key of signed links needs at least 32 bytes")
        self._key = key
        self._purpose = purpose

    def token(self, said: bytes) -> str:
        """Return the text, which may stand in an address."""
        return base64.urlsafe_b64encode(self._sign(said) + said).rstrip(b"=").decode()

    def open(self, token: str) -> bytes:
        """Return what the text says; raise NotFound when it is not ours."""
        try:
            whole = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except ValueError:
            raise NotFound(Reason("file.link_not_valid")) from None
        signature, said = whole[:_SIGNATURE], whole[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._sign(said)):
            raise NotFound(Reason("file.link_not_valid"))
        return said

    def _sign(self, said: bytes) -> bytes:
        return hmac.digest(self._key, self._purpose + b"\0" + said, hashlib.sha256)
