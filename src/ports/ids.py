"""Where new ids come from."""

from typing import Protocol, runtime_checkable
from uuid import UUID


@runtime_checkable
class Ids(Protocol):
    """Makes ids that never repeat and rise with time (UUIDv7, RFC 9562)."""

    def new(self) -> UUID:
        """Return an id that was never given before."""
        ...
