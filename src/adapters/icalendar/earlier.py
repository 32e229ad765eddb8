"""What an earlier file of ours told, for those who keep their calendar in a file alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from ...domain.planning.sent_calendar import Sent, SentEntry
from ...domain.shared.errors import Invalid, Reason
from .feed import MARK, PRODUCT

_A_DAY = timedelta(days=1)
_OURS = "@higherstudy"


def told_by(content: bytes) -> Sent:
    """Return what the calendar file told, by uid; raise Invalid where it is no calendar that ``feed`` has written."""
    from icalendar import Calendar  # noqa: PLC0415 - slow, and seldom needed

    try:
        calendar = Calendar.from_ical(content)
        is_ours = str(calendar["prodid"]) == PRODUCT
        sent = dict(_entry(event) for event in calendar.walk("VEVENT")) if is_ours else {}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Invalid(Reason("calendar.not_ours")) from error
    if not is_ours:
        raise Invalid(Reason("calendar.not_ours"))
    return sent


def _entry(event: Any) -> tuple[str, SentEntry]:
    start = event["dtstart"].dt
    first = start.date() if isinstance(start, datetime) else start
    end = event["dtend"].dt if "dtend" in event else None
    last: date = first if end is None or isinstance(end, datetime) else end - _A_DAY
    return str(event["uid"]).removesuffix(_OURS), SentEntry(
        title=str(event["summary"]),
        first=first,
        last=last,
        mark=str(event[MARK]),
        sequence=int(event["sequence"]),
        changed_at=event["last-modified"].dt.astimezone(UTC),
        cancelled=str(event["status"]) == "CANCELLED",
    )
