"""What a catalogue file says, row by row, in the form in which it is compared and kept.

``number`` is the row of the file, 0 where its form has none; it counts for no digest.

The rows are named tuples: a national register has a hundred thousand of them, and a tuple is what is cheapest to make,
to compare and to hand to a database.
"""

from __future__ import annotations

from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from ..shared.dataclass import dataclass
from ..shared.sources import Source, SourceKind
from .catalogue_import import RowProblem, Table


class InstitutionRow(NamedTuple):
    """An institution; ``source`` and ``stated`` are JSON, ``stated`` holding what has no column of its own."""

    key: str
    name: str
    country: str
    city: str
    zone: str
    sector: str | None
    website: str
    source: str | None
    stated: str | None
    digest: int
    number: int = 0

    @property
    def places(self) -> int:
        """An institution has its campuses as rows of their own."""
        return 0


class CampusRow(NamedTuple):
    """A place where an institution teaches."""

    key: str
    institution_key: str
    name: str
    city: str
    region: str
    postcode: str
    stated: str | None
    digest: int
    number: int = 0

    @property
    def places(self) -> int:
        """A campus is one place."""
        return 0


class ProgrammeRow(NamedTuple):
    """A programme; ``details`` is its whole form as JSON where the columns cannot hold it.

    ``digest`` stands for all that the file says about the programme but its campuses, ``places`` for these.
    """

    key: str
    institution_key: str
    name: str
    search: str
    level: str
    award: str
    fields: tuple[str, ...]
    languages: tuple[str, ...]
    country: str
    duration_months: int | None
    duration_weeks: int | None
    tuition_minor: int | None
    tuition_currency: str | None
    tuition_per: str | None
    expired: bool
    synthetic: bool
    details: str | None
    stated: str | None
    digest: int
    places: int
    campuses: tuple[str, ...]
    number: int = 0


Row = InstitutionRow | CampusRow | ProgrammeRow


@dataclass(frozen=True, slots=True)
class Edition:
    """Which catalogue a file is an edition of, and where that is published."""

    origin: str
    title: str
    edition: str
    kind: SourceKind = SourceKind.OFFICIAL
    url: str = ""

    def source(self, retrieved_on: date) -> Source:
        """Return the edition as the source of what it says."""
        return Source(self.origin, self.title, self.kind, retrieved_on, self.url, self.edition)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one table with what was wrong beside them, and the keys that must stand as they are.

    ``read`` counts the file's rows behind this batch, ``refused`` those of them that could not be taken; a key is
    ``held`` when its row was refused, so that a mistake in a file never withdraws what stands.
    """

    table: Table
    rows: tuple[Row, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    read: int = 0
    refused: int = 0
    held: tuple[str, ...] = ()


def digest_of(content: bytes) -> int:
    """Return 63 bits that stand for the content."""
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big") >> 1


def places_of(digests: list[int]) -> int:
    """Return 63 bits that stand for a set of campuses, whatever their order."""
    return sum(digests) & 0x7FFF_FFFF_FFFF_FFFF
