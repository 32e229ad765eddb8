"""Signatures that are the same in every run, for tests and for embedding: whoever knows this code can make them."""

import hashlib
import hmac


class MemorySignatures:
    """Signs with a name and a word."""

    def __init__(self, key: str = "memory", *, others: tuple[str, ...] = ()) -> None:
        self._key = key
        self._known = {key, *others}

    def sign(self, content: bytes) -> tuple[str, bytes]:
        return self._key, _signature(self._key, content)

    def verify(self, key: str, content: bytes, signature: bytes) -> bool | None:
        return hmac.compare_digest(_signature(key, content), signature) if key in self._known else None


def _signature(key: str, content: bytes) -> bytes:
    return hmac.digest(key.encode(), content, hashlib.sha256)
