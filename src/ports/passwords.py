"""How passwords are kept and compared."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Passwords(Protocol):
    """Turns passwords into hashes that tell nothing, slowly enough to hurt a guesser, and not on the event loop."""

    async def hash(self, password: str) -> str:
        """Return a salted hash that ``matches`` accepts for this password only."""
        ...

    async def matches(self, password: str, hashed: str) -> bool:
        """Return whether the hash was made from the password; take as long when the hash is unreadable."""
        ...

    def is_outdated(self, hashed: str) -> bool:
        """Return whether a hash that ``matches`` has accepted was made more cheaply, or otherwise, than now."""
        ...
