"""What signs the seals of the audit trail: an Ed25519 key, whose public half is enough to check them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class Ed25519Signatures:
    """Signs with one secret of 32 bytes, and accepts what it or one of the other public keys has signed."""

    def __init__(self, secret: Callable[[], bytes], others: Iterable[bytes] = ()) -> None:
        """``secret`` is asked for when it is first needed; ``others`` are the 32 raw bytes of public keys."""
        self._secret = secret
        self._others = tuple(others)

    @property
    def public_key(self) -> bytes:
        """The 32 raw bytes by which others check what this key signs."""
        return self._private.public_key().public_bytes_raw()

    def sign(self, content: bytes) -> tuple[str, bytes]:
        return name_of(self.public_key), self._private.sign(content)

    def verify(self, key: str, content: bytes, signature: bytes) -> bool | None:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - its weight is for those who seal or check

        public = self._known.get(key)
        if public is None:
            return None
        try:
            public.verify(signature, content)
        except InvalidSignature:
            return False
        return True

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

        return Ed25519PrivateKey.from_private_bytes(self._secret())

    @cached_property
    def _known(self) -> dict[str, Ed25519PublicKey]:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

        return {name_of(raw): Ed25519PublicKey.from_public_bytes(raw) for raw in (self.public_key, *self._others)}


def name_of(public_key: bytes) -> str:
    """Return the name of a key: the first half of its SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:32]
