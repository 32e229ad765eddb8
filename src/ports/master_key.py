"""What wraps the keys of students: a key of ours, or a service that lets nobody see its keys."""

from typing import Protocol, runtime_checkable

from ..domain.shared.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A secret as it may be kept: sealed by the named version of the master key."""

    version: str
    content: bytes


@runtime_checkable
class MasterKey(Protocol):
    """Wraps small secrets, of 64 bytes at most; one version wraps, several are known."""

    @property
    def version(self) -> str:
        """The name of the version that wraps now; it tells nothing about the key."""
        ...

    async def wrap(self, secret: bytes, bound_to: bytes) -> Wrapped:
        """Return the secret wrapped; raise Unavailable when it cannot be done now."""
        ...

    async def unwrap(self, wrapped: Wrapped, bound_to: bytes) -> bytes:
        """Return the secret.

        Raises Unreadable for what was changed or is bound to something else, Unavailable for a version that is not
        known here (it may be still to come, or must be brought back) or when it cannot be done now.
        """
        ...
