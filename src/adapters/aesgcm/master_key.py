"""A master key of our own: 32 secret bytes, given by settings or kept in a file."""

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence

from ...domain.shared.errors import Reason
from ...ports.errors import Unavailable, Unreadable
from ...ports.master_key import Wrapped

_NONCE = 12


class AesGcmMasterKey:
    """Wraps by AES-256-GCM under the first of the keys, unwraps under any of them."""

    def __init__(self, known: Callable[[], Sequence[bytes]]) -> None:
        """``known`` returns the keys, the one in use first; it is asked before one is used to wrap, for the
        version, and for one that is not among them, so that a running process notices a change."""
        self._known = known
        self._keys: Mapping[str, bytes] = {}
        self._version = ""

    @property
    def version(self) -> str:
        self._look()
        return self._version

    async def wrap(self, secret: bytes, bound_to: bytes) -> Wrapped:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - few requests need it

        version = self.version
        nonce = os.urandom(_NONCE)  # random ones are safe for some four thousand million keys (NIST SP 800-38D, 8.3)
        content = nonce + AESGCM(self._keys[version]).encrypt(nonce, secret, bound_to)
        return Wrapped(version, content)

    async def unwrap(self, wrapped: Wrapped, bound_to: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        if wrapped.version not in self._keys:
            self._look()
        key = self._keys.get(wrapped.version)
        if key is None:
            raise Unavailable(Reason("keys.unknown_master", {"version": wrapped.version}))
        try:
            return AESGCM(key).decrypt(wrapped.content[:_NONCE], wrapped.content[_NONCE:], bound_to)
        except (InvalidTag, ValueError) as error:
            raise Unreadable from error

    def _look(self) -> None:
        known = self._known()
        self._keys = {version_of(key): key for key in known}
        self._version = version_of(known[0])


def version_of(key: bytes) -> str:
    """Return the name of a key, from which nobody can tell the key."""
    return hashlib.sha256(b"higherstudy master key\0" + key).hexdigest()[:16]
