"""A plan's calendar as an iCalendar file, for a subscription or to be put into a calendar once (RFC 5545)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ...domain.planning.calendar_entries import CalendarEntry, EntryKind
from ...domain.planning.sent_calendar import CalendarNow, SentEntry
from ...ports.messages import Messages
from .zones import zone_component

if TYPE_CHECKING:
    from icalendar import Alarm, Calendar, Event

PRODUCT = "-//higherstudy//plan//EN"
MARK = "x-higherstudy-mark"
_A_DAY = timedelta(days=1)
_LOOK_AGAIN = timedelta(hours=6)
_MORNING = timedelta(hours=9)
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_TITLES = {EntryKind.DUE: "calendar.due", EntryKind.DEADLINE: "calendar.deadline"}


def feed(title: str, now: CalendarNow, messages: Messages, *, link: str = "", cancelled: bool = False) -> bytes:
    """Return the calendar with the title, and the ``link`` that leads back; equal ones give equal bytes.

    A subscription shows what stands, so that what is gone is left out of it. A file that is put into a calendar has to
    say itself what was ``cancelled``, since the calendar keeps what a later file is silent about.
    """
    calendar = _head(title, link)
    for zone in sorted({entry.at.zone for entry in now.entries if entry.at is not None} - {"UTC"}):
        years = [entry.at.local.year for entry in now.entries if entry.at is not None and entry.at.zone == zone]
        calendar.add_component(zone_component(zone, min(years), max(years)))
    for entry in now.entries:
        calendar.add_component(_event(entry, now.told[entry.uid], link, messages))
    for uid, sent in now.cancelled if cancelled else ():
        calendar.add_component(_cancelled(uid, sent))
    content: bytes = calendar.to_ical()
    return content


def _head(title: str, link: str) -> Calendar:
    from icalendar import Calendar  # noqa: PLC0415 - a server that is just starting needs none

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    # What RFC 7986 calls them comes first, and then what programs have called them for longer.
    calendar.add("name", _clean(title))
    calendar.add("x-wr-calname", _clean(title))
    if link:
        calendar.add("url", link)
    calendar.add("refresh-interval", _LOOK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    return calendar


def _event(entry: CalendarEntry, sent: SentEntry, link: str, messages: Messages) -> Event:
    title = _clean(_title(entry, messages))
    code = _TITLES.get(entry.kind)
    summary = messages.sentence(code, {"title": title}) if code else title
    event = _bare(entry.uid, summary, sent)
    if entry.at is None:
        event.add("dtstart", entry.first)
        event.add("dtend", entry.last + _A_DAY)  # RFC 5545, 3.6.1: the end is the day after the last
    else:
        event.add("dtstart", _zoned(entry.at.local, entry.at.zone))  # a deadline is a moment and lasts no time
    if told := _description(entry, messages):
        event.add("description", told)
    if link:
        event.add("url", link)
    if entry.kind is not EntryKind.STEP:
        event.add("priority", 1 if entry.is_window else 3)
    event.add("categories", [entry.kind.value])
    for days in entry.remind:
        event.add_component(_alarm(entry, title, days, messages))
    return event


def _title(entry: CalendarEntry, messages: Messages) -> str:
    """Return the title in the language of the messages."""
    if entry.step is None:
        return entry.title
    return messages.text(entry.step) + (f" ({entry.of})" if entry.of else "")


def _bare(uid: str, summary: str, sent: SentEntry) -> Event:
    """Return what stands and what is cancelled have in common; a moment of change counts in whole seconds."""
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    event.add("uid", f"{uid}@higherstudy")
    event.add("dtstamp", sent.changed_at)
    event.add("last-modified", sent.changed_at)
    event.add("sequence", sent.sequence)
    event.add("status", "CANCELLED" if sent.cancelled else "CONFIRMED")
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    event.add(MARK, sent.mark)
    return event


def _cancelled(uid: str, sent: SentEntry) -> Event:
    event = _bare(uid, _clean(sent.title), sent)
    event.add("dtstart", sent.first)
    event.add("dtend", sent.last + _A_DAY)
    return event


def _zoned(local: datetime, zone: str) -> datetime:
    return local.replace(tzinfo=ZoneInfo(zone))


def _description(entry: CalendarEntry, messages: Messages) -> str:
    lines = [messages.sentence(note.code, note.params) for note in entry.notes]
    advice = messages.text(entry.step, "advice") if entry.step and entry.advice else entry.advice
    return _clean("\n".join(filter(None, [*lines, advice])))


def _alarm(entry: CalendarEntry, title: str, days: int, messages: Messages) -> Alarm:
    from icalendar import Alarm  # noqa: PLC0415

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    code = {0: "calendar.today", 1: "calendar.tomorrow"}.get(days, "calendar.in_days")
    alarm.add("description", messages.sentence(code, {"title": title, "days": days}))
    # A whole day begins at midnight; nobody wants to be told anything then.
    alarm.add("trigger", -days * _A_DAY + (_MORNING if entry.at is None else timedelta()))
    return alarm


def _clean(text: str) -> str:
    """Leave out what no text of a calendar may hold (RFC 5545, 3.1)."""
    return _NOT_IN_TEXT.sub("", text)
