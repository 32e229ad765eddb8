"""Sealing what was written, and noting the end of the chain where the database cannot reach it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from ....ports.anchors import Anchors
from ....ports.signatures import Signatures
from ....ports.transactions import Transactions
from ...shared.dataclass import dataclass
from ..chain import Head, seal_of
from ..checking import Finding, Flaw, flaws_of_anchor, named

BATCH = 1000
"""So many entries are in one seal at most."""
WAITS_AT_MOST = timedelta(hours=1)
"""Whoever sees an entry wait for longer says so: until it is sealed it can be changed unseen."""


@dataclass(frozen=True)
class SealEntries:
    """Put entries that wait under the next seal; one process at a time does."""

    transactions: Transactions
    signatures: Signatures

    async def __call__(self) -> int:
        """Return how many entries were sealed; 0 where none waits, or another process is at it."""
        async with self.transactions() as work:
            if not await work.audit_trail.is_mine_to_seal():
                return 0
            kept = await work.audit_trail.waiting(BATCH)
            if kept:
                before = await work.audit_trail.last()
                await work.audit_trail.seal(seal_of(kept, before, work.now, self.signatures.sign))
        return len(kept)


@dataclass(frozen=True)
class AnchorHead:
    """Note the present end of the chain outside the database; see whether it is still what was noted before, and
    whether anybody seals."""

    transactions: Transactions
    signatures: Signatures
    anchors: Anchors

    async def __call__(self) -> tuple[Finding, ...]:
        """Return how the chain disagrees with what was noted, since it was cut or written anew; and the entry that has
        waited longest for its seal, where that is too long.

        Raises Unavailable where the anchors, or the database, do not answer.
        """
        async with self.transactions() as work:
            last = await work.audit_trail.last()
            late = [one for one in await work.audit_trail.waiting(1) if one.entry.at < work.now - WAITS_AT_MOST]
        number = last.number if last else 0
        found = await disagreements(self.anchors, number, _by_number(last), number, self.signatures)
        if last is not None:
            await self.anchors.put(last)
        return (*found, *named(Flaw.ENTRY_UNSEALED, late))


async def disagreements(
    anchors: Anchors, since: int, heads: Mapping[int, Head], last: int, signatures: Signatures
) -> tuple[Finding, ...]:
    """Return what is wrong by the heads that were noted of that number and later ones."""
    found: list[Finding] = []
    async for anchored in anchors.heads(since):
        found += flaws_of_anchor(anchored, heads, last, signatures.verify)
    return tuple(found)


def _by_number(head: Head | None) -> dict[int, Head]:
    return {head.number: head} if head else {}
