"""Where unguessable texts come from."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Secrets(Protocol):
    """Makes texts that nobody can guess."""

    def new(self) -> str:
        """Return a fresh text of at least 128 bits, made of letters, digits, hyphens and underscores only."""
        ...
