"""How entries are sealed: batch after batch, each seal over the digests of its entries and over the seal before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from ..shared.canonical import canonical_bytes, sha256_of
from ..shared.dataclass import dataclass
from ..shared.ids import EntryId
from .entry import Entry

BEGINNING = ""
"""What the first seal names as the one before it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry and its place in the trail: a number that is given once, growing, with gaps where nothing was kept."""

    place: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a seal holds of one entry."""

    place: int
    entry_id: EntryId
    digest: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain at one seal, which is all that has to be kept elsewhere to know everything before it."""

    number: int
    hash: str
    sealed_at: datetime
    key: str
    """The name of the key that signed."""
    signature: bytes


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of the chain. ``entries`` are in the order of their places."""

    head: Head
    previous: str
    entries: tuple[Sealed, ...]

    @property
    def number(self) -> int:
        """Its place in the chain, from 1 on, without a gap."""
        return self.head.number


Sign = Callable[[bytes], tuple[str, bytes]]
"""Returns the name of the key and the signature."""


def seal_of(kept: Iterable[Kept], before: Head | None, now: datetime, sign: Sign) -> Seal:
    """Return the seal over these entries that follows the one before."""
    entries = tuple(Sealed(one.place, one.entry.id, digest_of(one.entry)) for one in sorted(kept, key=_place))
    number, previous = (before.number + 1, before.hash) if before else (1, BEGINNING)
    found = hash_of(number, previous, now, entries)
    key, signature = sign(signed_bytes(found))
    return Seal(Head(number, found, now, key, signature), previous, entries)


def digest_of(entry: Entry) -> str:
    """Return the SHA-256 of the entry; of what stands apart the digests count, so that it may be forgotten."""
    return sha256_of(
        canonical_bytes(
            {
                "id": str(entry.id),
                "at": moment(entry.at),
                "action": entry.action,
                "subject": entry.subject,
                "subject_id": _text(entry.subject_id),
                "student_id": _text(entry.student_id),
                "actor": _text(entry.actor),
                "on_behalf_of": _text(entry.on_behalf_of),
                "request_id": entry.request_id,
                "trace": entry.trace,
                "details": dict(entry.details),
                "address": entry.address_digest,
                "reason": entry.reason_digest,
            }
        )
    )


def hash_of(number: int, previous: str, sealed_at: datetime, entries: Sequence[Sealed]) -> str:
    """Return the SHA-256 of a seal: of its place, its time, the seal before it and what it holds of its entries."""
    return sha256_of(
        canonical_bytes(
            {
                "number": number,
                "previous": previous,
                "sealed_at": moment(sealed_at),
                "entries": [[one.place, str(one.entry_id), one.digest] for one in entries],
            }
        )
    )


def signed_bytes(seal_hash: str) -> bytes:
    """Return what is signed, which begins with what it is, so that the signature is good for nothing else."""
    return f"higherstudy audit seal v1 {seal_hash}".encode()


def moment(at: datetime) -> str:
    """Return the moment in UTC to the microsecond, as it is hashed and shown."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _text(given: UUID | None) -> str:
    return "" if given is None else str(given)


def _place(one: Kept) -> int:
    return one.place
