"""What a calendar has told already, so that a change is told as an update and what is gone as cancelled.

Calendar programs take a later version of an entry only where its sequence has risen, and forget a file's entry only
where they are told to. Neither follows from the plan of today, so it is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from ..shared.dataclass import dataclass
from .calendar_entries import CalendarEntry

_REMEMBERED = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class SentEntry:
    """One entry as it was last told; ``sequence`` counts its changes, the last of them at ``changed_at``."""

    title: str
    first: date
    last: date
    mark: str
    sequence: int
    changed_at: datetime
    cancelled: bool = False


Sent = Mapping[str, SentEntry]
"""What the calendar of one plan has told, by uid."""


@dataclass(frozen=True, slots=True)
class CalendarNow:
    """A calendar as it is told now: the entries that stand, and the memory of all, those that are cancelled too."""

    entries: tuple[CalendarEntry, ...]
    told: Sent

    @property
    def cancelled(self) -> tuple[tuple[str, SentEntry], ...]:
        """What was told once and stands no more, with its uid."""
        return tuple((uid, sent) for uid, sent in self.told.items() if sent.cancelled)


def tell(entries: Iterable[CalendarEntry], before: Sent, at: datetime) -> CalendarNow:
    """Return the calendar with these entries after what it has told before.

    An entry that changed, went or came back counts up by one and is changed at ``at``, to the second; any other stays
    as it was told. What is cancelled is forgotten after 400 days.
    """
    moment = at.replace(microsecond=0)
    standing = tuple(entries)
    told = {entry.uid: _told(entry, before.get(entry.uid), moment) for entry in standing}
    for uid, sent in before.items():
        if uid in told:
            continue
        gone = sent if sent.cancelled else replace(sent, sequence=sent.sequence + 1, changed_at=moment, cancelled=True)
        if moment - gone.changed_at <= _REMEMBERED:
            told[uid] = gone
    return CalendarNow(standing, told)


def _told(entry: CalendarEntry, before: SentEntry | None, at: datetime) -> SentEntry:
    if before is not None and before.mark == entry.mark and not before.cancelled:
        return before
    sequence = 0 if before is None else before.sequence + 1
    return SentEntry(entry.title, entry.first, entry.last, entry.mark, sequence, at)
