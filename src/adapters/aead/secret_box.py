"""Small secrets, sealed with AES-256-GCM."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...ports.secret_box import BoxNotOpened

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FORM = b"\x01"
"""Stands before what was sealed in this form, so that another form can come beside it."""
_NONCE = 12


class AeadSecretBox:
    """Seals with the first of its keys, under a random nonce each: good for some billions of secrets (NIST SP
    800-38D, 8.3). It opens with any of them: what is sealed names no key, for there are never more than a few."""

    def __init__(self, keys: Callable[[], Sequence[bytes]]) -> None:
        """``keys`` gives keys of 32 random bytes, the one in use first. It is asked when the first secret comes, again
        before each sealing, and where none of those that are known opens, so that a running process notices a change.
        """
        self._keys = keys
        self._known: Sequence[bytes] = ()

    def seal(self, secret: bytes, about: bytes) -> bytes:
        self._known = self._keys()
        nonce = os.urandom(_NONCE)
        return _FORM + nonce + _cipher(self._known[0]).encrypt(nonce, secret, about)

    def open(self, sealed: bytes, about: bytes) -> bytes:
        return self._opened(sealed, about)[1]

    def is_outdated(self, sealed: bytes, about: bytes) -> bool:
        self._known = self._keys()
        return self._opened(sealed, about)[0] != self._known[0]

    def _opened(self, sealed: bytes, about: bytes) -> tuple[bytes, bytes]:
        """Return the key that opens it, and the secret."""
        nonce, rest = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        if sealed[:1] != _FORM or len(nonce) != _NONCE:
            raise BoxNotOpened
        tried = self._known
        found = _opened_by(tried, nonce, rest, about)
        if found is None:
            self._known = self._keys()
            found = _opened_by([key for key in self._known if key not in tried], nonce, rest, about)
        if found is None:
            raise BoxNotOpened
        return found


def _opened_by(keys: Sequence[bytes], nonce: bytes, rest: bytes, about: bytes) -> tuple[bytes, bytes] | None:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - for the few who have such a secret

    for key in keys:
        try:
            return key, _cipher(key).decrypt(nonce, rest, about)
        except InvalidTag:
            continue
    return None


def _cipher(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    return AESGCM(key)
