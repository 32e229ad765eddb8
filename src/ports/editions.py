"""Which state of the catalogue stands."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class Editions(Protocol):
    """Tells one state of the whole catalogue from the next, so that copies of what was read can be told by it."""

    async def current(self) -> str:
        """Return a short word that is another one, never seen before, as soon as an import has changed the catalogue.

        Raises Unavailable when the store does not answer.
        """
        ...
