"""Needs that were found before: a copy that says what it was found from, and counts only while that is still so."""

from __future__ import annotations

from datetime import date

from ..shared.canonical import canonical_bytes, sha256_of
from ..shared.dataclass import dataclass
from ..shared.ids import StudentId
from .need import Need

_FORM = 1
"""Another number whenever needs are found in another way."""


@dataclass(frozen=True, slots=True)
class KeptNeeds:
    """The needs of a student; ``basis`` is the digest of what they were found from (``basis_of``).

    ``record_version`` is that of her record when they were found.
    """

    student_id: StudentId
    record_version: int
    basis: str
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A student as the queue knows her before anything is worked out.

    ``versions`` is a word that is another one as soon as her record, a plan, a paper or an application has changed;
    ``zone`` is that of her days.
    """

    student_id: StudentId
    record_version: int
    name: str
    language: str
    zone: str
    versions: str
    kept: KeptNeeds | None = None


def basis_of(standing: Standing, today: date, *others: str) -> str:
    """Return the digest of everything that her needs follow from: what is hers, her day, and what ``others`` name (the
    editions of the rules, the catalogue, the zones and the holidays)."""
    parts = {"form": _FORM, "hers": standing.versions, "today": today.isoformat(), "others": list(others)}
    return sha256_of(canonical_bytes(parts))
