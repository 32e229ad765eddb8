"""A box for secrets that hides nothing: for tests only."""

import hashlib
import hmac

from ...ports.secret_box import BoxNotOpened

_SEAL = 32


class MemorySecretBox:
    """Tells what it has sealed from anything else, and turns the bytes around, so that they do not stand there."""

    def __init__(self, key: bytes = b"memory", *earlier: bytes) -> None:
        self._key = key
        self._earlier = earlier

    def seal(self, secret: bytes, about: bytes) -> bytes:
        return _mark(self._key, secret, about) + secret[::-1]

    def open(self, sealed: bytes, about: bytes) -> bytes:
        return self._opened(sealed, about)[1]

    def is_outdated(self, sealed: bytes, about: bytes) -> bool:
        return self._opened(sealed, about)[0] != self._key

    def _opened(self, sealed: bytes, about: bytes) -> tuple[bytes, bytes]:
        mark, secret = sealed[:_SEAL], sealed[_SEAL:][::-1]
        for key in (self._key, *self._earlier):
            if hmac.compare_digest(mark, _mark(key, secret, about)):
                return key, secret
        raise BoxNotOpened


def _mark(key: bytes, secret: bytes, about: bytes) -> bytes:
    said = len(about).to_bytes(4, "big") + about + secret
    return hmac.digest(key, said, hashlib.sha256)
