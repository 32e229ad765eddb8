"""What a question to the rows consists of, for each sentence that must hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

SOON = timedelta(minutes=10)
"""An event is passed on within seconds, a lease runs out within one minute: later than this, nobody is doing it."""


@dataclass(frozen=True, slots=True)
class Question:
    """``broken`` selects one text column, the rows that break the sentence; ``looked`` counts those that could."""

    looked: str
    broken: str


def words(given: Iterable[str]) -> str:
    """Return our own words as they stand in a list."""
    return ", ".join(f"'{word}'" for word in given)


def count_of(table: str, where: str = "") -> str:
    """Return what counts the rows of a table."""
    return f"SELECT count(*) FROM {table}" + (f" WHERE {where}" if where else "")  # noqa: S608 - only our own words go in


def interval(span: timedelta) -> str:
    """Return the span as the server reads it."""
    return f"interval '{int(span.total_seconds())} seconds'"
