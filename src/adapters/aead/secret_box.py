"""Small secrets, sealed with AES-256-GCM."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from ...ports.secret_box import BoxNotOpened

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FORM = b"\x01"
"""Stands before what was sealed in this form, so that another form can come beside it."""
_NONCE = 12


class AeadSecretBox:
    """Seals with one key, under a random nonce each: good for some billions of secrets (NIST SP 800-38D, 8.3)."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        """``key`` gives 32 random bytes, and is asked when the first secret comes."""
        self._key = key

    def seal(self, secret: bytes, about: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return _FORM + nonce + self._cipher.encrypt(nonce, secret, about)

    def open(self, sealed: bytes, about: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - for the few who have such a secret

        form, nonce, rest = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        if form != _FORM or len(nonce) != _NONCE:
            raise BoxNotOpened
        try:
            return self._cipher.decrypt(nonce, rest, about)
        except InvalidTag as error:
            raise BoxNotOpened from error

    @cached_property
    def _cipher(self) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        return AESGCM(self._key())
