"""Whether the trail is as it was sealed: every entry and seal that was changed, removed, added or moved is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.ids import EntryId
from .chain import BEGINNING, Head, Kept, Seal, Sealed, digest_of, hash_of, signed_bytes


class Flaw(StrEnum):
    """What is wrong with an entry, with a seal, or with the end of the chain."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_MISSING = "entry_missing"
    ENTRY_ADDED = "entry_added"
    """It is in no seal, and does not wait for one."""
    ENTRY_MOVED = "entry_moved"
    """It stands at another place than the one that was sealed."""
    ENTRY_MISFILED = "entry_misfiled"
    """What it is searched by is not what it says, so that a search misses it."""
    ENTRY_UNSEALED = "entry_unsealed"
    """It has waited for its seal for so long that nobody seals, or somebody keeps others from sealing."""
    SEAL_CHANGED = "seal_changed"
    SEAL_MISSING = "seal_missing"
    SEAL_MOVED = "seal_moved"
    """It does not follow the seal before it."""
    SEAL_NOT_SIGNED = "seal_not_signed"
    KEY_UNKNOWN = "key_unknown"
    """It was signed by a key that is not accepted here, so nobody here can tell by whom."""
    TAIL_CUT = "tail_cut"
    """A later end of the chain was anchored elsewhere."""
    ANCHOR_DIFFERS = "anchor_differs"
    """Another seal of this number was anchored elsewhere."""


MOST_NAMED = 1000
"""So many seals are named of one gap: whoever puts a seal of an enormous number in is not to fill the memory."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where: in which seal, at which place, with which entry, as far as that is known."""

    flaw: Flaw
    seal: int | None = None
    place: int | None = None
    entry_id: EntryId | None = None


Verify = Callable[[str, bytes, bytes], bool | None]
"""Takes a key's name, what was signed and the signature; returns None for a key that nobody knows."""


def flaws_of_seal(seal: Seal, number: int, previous: str | None, verify: Verify) -> Iterator[Finding]:
    """Yield what is wrong with the seal itself, which should have that number and follow the hash ``previous``.

    ``previous`` is None where the seal before it is missing.
    """
    head = seal.head
    for missing in range(number, min(head.number, number + MOST_NAMED)):
        yield Finding(Flaw.SEAL_MISSING, missing)
    expected = (BEGINNING if number == 1 else previous) if head.number == number else None
    if expected is not None and seal.previous != expected:
        yield Finding(Flaw.SEAL_MOVED, head.number)
    if hash_of(head.number, seal.previous, head.sealed_at, seal.entries) != head.hash:
        yield Finding(Flaw.SEAL_CHANGED, head.number)
    yield from flaws_of_signature(head, verify)


def flaws_of_signature(head: Head, verify: Verify) -> Iterator[Finding]:
    """Yield what is wrong with the signature of a head."""
    is_signed = verify(head.key, signed_bytes(head.hash), head.signature)
    if is_signed is None:
        yield Finding(Flaw.KEY_UNKNOWN, head.number)
    elif not is_signed:
        yield Finding(Flaw.SEAL_NOT_SIGNED, head.number)


def flaws_of_entries(seal: Seal, kept: Mapping[int, Kept]) -> Iterator[Finding]:
    """Yield what is wrong with the entries of the seal; ``kept`` are those that stand at its places now."""
    sealed_ids = {one.entry_id for one in seal.entries}
    standing_ids = {one.entry.id for one in kept.values()}
    for one in seal.entries:
        flaw = _flaw(one, kept.get(one.place), sealed_ids, standing_ids)
        if flaw is not None:
            yield Finding(flaw, seal.number, one.place, one.entry_id)


def _flaw(one: Sealed, now: Kept | None, sealed: set[EntryId], standing: set[EntryId]) -> Flaw | None:
    if now is None:
        return Flaw.ENTRY_MOVED if one.entry_id in standing else Flaw.ENTRY_MISSING
    if now.entry.id != one.entry_id and (now.entry.id in sealed or one.entry_id in standing):
        return Flaw.ENTRY_MOVED
    if digest_of(now.entry) != one.digest or not now.entry.words_are_right:
        return Flaw.ENTRY_CHANGED
    return None


def flaws_of_anchor(anchored: Head, seals: Mapping[int, Head], last: int, verify: Verify) -> Iterator[Finding]:
    """Yield how the chain disagrees with a head that was anchored elsewhere; ``last`` is the number of its last seal.

    A head that nobody here has signed proves nothing against the chain, and is itself what is named.
    """
    broken = tuple(flaws_of_signature(anchored, verify))
    if broken:
        yield from broken
    elif anchored.number > last:
        yield Finding(Flaw.TAIL_CUT, anchored.number)
    elif anchored.number in seals and seals[anchored.number].hash != anchored.hash:
        yield Finding(Flaw.ANCHOR_DIFFERS, anchored.number)


def named(flaw: Flaw, entries: Sequence[Kept]) -> Iterator[Finding]:
    """Yield each of the entries as having that flaw."""
    for one in entries:
        yield Finding(flaw, None, one.place, one.entry.id)
