"""A plan's calendar as an iCalendar feed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ...domain.planning.views import CalendarEntry

if TYPE_CHECKING:
    from icalendar import Event

_A_DAY = timedelta(days=1)
_LOOK_AGAIN = timedelta(hours=6)


def feed(title: str, entries: Iterable[CalendarEntry], at: datetime) -> bytes:
    """Return the entries as whole days; an entry keeps its UID, so that a moved day moves in every calendar."""
    from icalendar import Calendar  # noqa: PLC0415 - a server that is just starting needs none

    calendar = Calendar()
    calendar.add("prodid", "-//higherstudy//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", _LOOK_AGAIN, parameters={"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, at))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: CalendarEntry, at: datetime) -> Event:
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    event.add("uid", f"{entry.uid}@higherstudy")
    event.add("dtstamp", at)
    event.add("summary", entry.title)
    event.add("dtstart", entry.first)
    event.add("dtend", entry.last + _A_DAY)  # RFC 5545, 3.6.1: the end is the day after the last
    if entry.notes:
        event.add("description", entry.notes)
    event.add("transp", "TRANSPARENT")
    event.add("categories", ["due"] if entry.is_due else ["step"])
    return event
