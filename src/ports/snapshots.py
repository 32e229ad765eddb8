"""The whole catalogue as matching looks at it: the distinct requirements, and which programmes state them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from ..domain.matching.asking import Apart
    from ..domain.matching.entry import Entry
    from ..domain.matching.trees import Trees
    from ..domain.matching.unlocking import Opening
    from ..domain.matching.wanted import Wanted, Wishes
    from ..domain.shared.ids import ProgrammeId


class Selection(Protocol):
    """The programmes of a snapshot that fit a question. Any call may raise Unavailable."""

    @property
    def counts(self) -> Sequence[int]:
        """How many programmes state each tree."""
        ...

    @property
    def leaves(self) -> Sequence[int]:
        """The places of the leaves of these trees, ascending; others need not be judged."""
        ...

    async def standings(self, leaves: bytes) -> bytes:
        """Return how each tree stands, given how each leaf does; both as values of Standing, one byte each."""
        ...

    async def openings(self, rows: Sequence[bytes]) -> Sequence[Opening]:
        """Return what is met or probably met, for each row of the leaves' standings."""
        ...

    async def page(self, ranks: Mapping[int, int], wishes: Wishes, start: int, size: int) -> Sequence[ProgrammeId]:
        """Return the programmes whose trees are ranked, from place ``start`` (from 0) on, at most ``size``.

        They are ordered by the tree's rank, then by how they fit the wishes, then by name and key, letter by letter as
        the domain compares texts.
        """
        ...


class Snapshot(Protocol):
    """Every programme on offer, as one edition of the catalogue has them; none that has expired or was withdrawn."""

    @property
    def trees(self) -> Trees:
        """The distinct requirements of all of them."""
        ...

    async def select(self, wanted: Wanted) -> Selection:
        """Return the programmes that fit; raise Unavailable when the store does not answer."""
        ...


@runtime_checkable
class Snapshots(Protocol):
    """Gives the snapshot of the catalogue as it stands."""

    async def current(self, apart: Apart) -> Snapshot:
        """Return the snapshot of the current edition; whoever asks first after a change waits until it is made.

        In its trees the requirements of those stand apart whom the rules tell apart. Raises
        Unavailable when the store does not answer.
        """
        ...


class Entries(Protocol):
    """Reads what a snapshot is made from."""

    def every(self) -> AsyncIterator[Sequence[Entry]]:
        """Yield every programme on offer, in lots, in any order; raise Unavailable when the store does not answer."""
        ...
