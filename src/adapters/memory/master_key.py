"""A master key in memory."""

import hashlib
import hmac

from ...domain.shared.errors import Reason
from ...ports.errors import Unavailable, Unreadable
from ...ports.master_key import Wrapped

_TAG = 32


class MemoryMasterKey:
    """Hides secrets by keys that anybody can guess: for tests only."""

    def __init__(self) -> None:
        self._versions = ["1"]

    @property
    def version(self) -> str:
        return self._versions[-1]

    def renew(self) -> None:
        """Let a new version wrap from now on; earlier ones stay known."""
        self._versions.append(str(int(self.version) + 1))

    def forget(self) -> None:
        """Know no version any more but the one that wraps."""
        del self._versions[:-1]

    async def wrap(self, secret: bytes, bound_to: bytes) -> Wrapped:
        hidden = _mixed(self.version, secret)
        return Wrapped(self.version, hidden + _tag(self.version, hidden, bound_to))

    async def unwrap(self, wrapped: Wrapped, bound_to: bytes) -> bytes:
        if wrapped.version not in self._versions:
            raise Unavailable(Reason("keys.unknown_master", {"version": wrapped.version}))
        hidden, tag = wrapped.content[:-_TAG], wrapped.content[-_TAG:]
        if not hmac.compare_digest(tag, _tag(wrapped.version, hidden, bound_to)):
            raise Unreadable
        return _mixed(wrapped.version, hidden)


def _mixed(version: str, secret: bytes) -> bytes:
    stream = hashlib.shake_256(version.encode()).digest(len(secret))
    return bytes(one ^ other for one, other in zip(secret, stream, strict=True))


def _tag(version: str, hidden: bytes, bound_to: bytes) -> bytes:
    return hmac.digest(version.encode(), bound_to + hidden, "sha256")
