"""A box for secrets that hides nothing: for tests only."""

import hashlib
import hmac

from ...ports.secret_box import BoxNotOpened

_SEAL = 32


class MemorySecretBox:
    """Tells what it has sealed from anything else, and turns the bytes around, so that they do not stand there."""

    def __init__(self, key: bytes = b"memory") -> None:
        self._key = key

    def seal(self, secret: bytes, about: bytes) -> bytes:
        return self._mark(secret, about) + secret[::-1]

    def open(self, sealed: bytes, about: bytes) -> bytes:
        mark, secret = sealed[:_SEAL], sealed[_SEAL:][::-1]
        if not hmac.compare_digest(mark, self._mark(secret, about)):
            raise BoxNotOpened
        return secret

    def _mark(self, secret: bytes, about: bytes) -> bytes:
        said = len(about).to_bytes(4, "big") + about + secret
        return hmac.digest(self._key, said, hashlib.sha256)
