"""Calendar files as real programs want them."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from plan_builders import BERLIN, application, schedule, step, target, window

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.icalendar.earlier import told_by
from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.icalendar.zones import zone_component
from higherstudy.domain.planning.calendar_entries import calendar_of
from higherstudy.domain.planning.schedule import PlannedStep
from higherstudy.domain.planning.sent_calendar import CalendarNow, Sent, tell
from higherstudy.domain.shared.errors import Invalid

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BANGLA = "আইইএলটিএস পরীক্ষা দিন, ফলাফলের জন্য অপেক্ষা করুন; তারপর আবেদন করুন"


def told(*steps: PlannedStep, before: Sent | None = None, at: datetime = NOW) -> CalendarNow:
    return tell(calendar_of(schedule(*steps), "plan", ZoneInfo, "Asia/Dhaka"), before or {}, at)


def written(now: CalendarNow, *, cancelled: bool = True) -> bytes:
    return feed("Plan: Informatics", now, Messages(), link="https://study.example.org/v1/plans/1", cancelled=cancelled)


def events(content: bytes) -> dict[str, Any]:
    return {str(event["uid"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


def parts_of(zone: str, first_year: int, last_year: int) -> list[Any]:
    return list(zone_component(zone, first_year, last_year).subcomponents)


EVERYTHING = told(
    step("CV", title=BANGLA, advice='Line\nbreaks, commas; "quotes" \\ and\x0b\x00 what no text may hold'),
    window(),
    application(),
    before=told(step("GONE", slack=3)).told,
)


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_lines_are_short_in_octets_end_as_they_must_and_break_no_letter() -> None:
    content = written(EVERYTHING)

    lines = content.split(b"\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    for line in lines:
        line.decode("utf-8")  # a letter that is cut in two is no UTF-8


def test_what_every_program_needs_stands_at_the_head() -> None:
    head = unfolded(written(EVERYTHING))[:10]

    assert head[0] == "BEGIN:VCALENDAR"
    assert {"VERSION:2.0", "PRODID:-//higherstudy//plan//EN", "METHOD:PUBLISH", "CALSCALE:GREGORIAN"} <= set(head)
    assert {"NAME:Plan: Informatics", "X-WR-CALNAME:Plan: Informatics", "X-PUBLISHED-TTL:PT6H"} <= set(head)
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in head


def test_every_event_has_what_must_be_there_just_once() -> None:
    found = "\n".join(unfolded(written(EVERYTHING))).split("BEGIN:VEVENT\n")[1:]

    assert len(found) == 7
    for event in found:
        own = event.split("BEGIN:VALARM")[0]
        for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "LAST-MODIFIED", "STATUS"):
            assert len(re.findall(rf"^{name}[:;]", own, re.MULTILINE)) == 1, name
        assert re.search(r"^DTSTAMP:\d{8}T\d{6}Z$", own, re.MULTILINE)
    assert len(events(written(EVERYTHING))) == len(found)


def test_whole_days_are_dates_that_end_the_day_after() -> None:
    text = "\n".join(unfolded(written(told(step("CV", start=0, days=7)))))

    assert "DTSTART;VALUE=DATE:20261123" in text
    assert "DTEND;VALUE=DATE:20261201" in text


def test_a_deadline_with_an_hour_names_its_zone_which_the_file_explains() -> None:
    content = written(told(application()))

    deadline = events(content)["deadline.APPLY@munich.plan@higherstudy"]
    assert "DTSTART;TZID=Europe/Berlin:20270715T235900" in unfolded(content)
    assert deadline["dtstart"].dt.astimezone(UTC) == datetime(2027, 7, 15, 21, 59, tzinfo=UTC)
    assert "dtend" not in deadline
    assert "2027-07-16 03:59, by your clock (Asia/Dhaka)" in str(deadline["description"])
    assert [str(zone["tzid"]) for zone in Calendar.from_ical(content).walk("VTIMEZONE")] == ["Europe/Berlin"]
    assert content.index(b"BEGIN:VTIMEZONE") < content.index(b"BEGIN:VEVENT")


def test_a_deadline_in_utc_needs_no_zone() -> None:
    by = replace(BERLIN, local="2027-07-15 12:00", zone="UTC")

    content = written(told(application(target=target(apply_by=by))))

    assert "DTSTART:20270715T120000Z" in unfolded(content)
    assert b"VTIMEZONE" not in content


@pytest.mark.parametrize("name", ["Europe/Berlin", "Asia/Dhaka", "America/New_York", "Australia/Lord_Howe"])
def test_a_zone_tells_the_same_clock_as_its_rules(name: str) -> None:
    """The part that began last by its own clock holds; compared at noon of every day of two years."""
    zone, component = ZoneInfo(name), parts_of(name, 2026, 2027)

    parts = sorted((part["dtstart"].dt - part.TZOFFSETFROM, part.TZOFFSETTO) for part in component)
    for day in range(730):
        moment = datetime(2026, 1, 1, 12) + timedelta(days=day)
        held = [offset for begun, offset in parts if begun <= moment][-1]
        assert moment.replace(tzinfo=UTC).astimezone(zone).utcoffset() == held


def test_the_clock_changes_at_the_hour_that_the_clock_of_before_shows() -> None:
    parts = {part["dtstart"].dt: part.name for part in parts_of("Europe/Berlin", 2027, 2027)}

    assert parts[datetime(2027, 3, 28, 2, 0)] == "DAYLIGHT"
    assert parts[datetime(2027, 10, 31, 3, 0)] == "STANDARD"


def test_reminders_come_in_the_morning_before_what_is_due() -> None:
    found = events(written(told(application(), window())))

    triggers = {uid: [alarm["trigger"].dt for alarm in event.walk("VALARM")] for uid, event in found.items()}
    morning, day = timedelta(hours=9), timedelta(days=1)
    assert triggers["due.APPLY@munich.plan@higherstudy"] == [morning - days * day for days in (7, 30, 3, 1)]
    assert triggers["due.ANSWER.plan@higherstudy"] == [morning - days * day for days in (3, 7, 5, 2, 1, 0)]
    assert triggers["deadline.APPLY@munich.plan@higherstudy"] == [-day]
    assert triggers["APPLY@munich.plan@higherstudy"] == []
    for alarm in found["due.ANSWER.plan@higherstudy"].walk("VALARM"):
        assert str(alarm["action"]) == "DISPLAY"
        assert "Step ANSWER" in str(alarm["description"])


def test_texts_come_back_as_they_were_but_for_what_no_text_may_hold() -> None:
    event = events(written(EVERYTHING))["CV.plan@higherstudy"]

    assert str(event["summary"]) == BANGLA
    assert str(event["description"]) == 'Line\nbreaks, commas; "quotes" \\ and what no text may hold'
    assert str(event["url"]) == "https://study.example.org/v1/plans/1"


def test_what_is_gone_is_cancelled_in_a_download_and_missing_from_a_subscription() -> None:
    download, subscription = events(written(EVERYTHING)), events(written(EVERYTHING, cancelled=False))

    gone = download["GONE.plan@higherstudy"]
    assert (str(gone["status"]), int(gone["sequence"]), gone.walk("VALARM")) == ("CANCELLED", 1, [])
    assert {str(event["status"]) for event in subscription.values()} == {"CONFIRMED"}
    assert subscription.keys() == {uid for uid, event in download.items() if str(event["status"]) == "CONFIRMED"}


def test_an_update_keeps_its_uid_and_has_a_higher_sequence_and_a_later_stamp() -> None:
    first = told(step("CV"))
    later = told(step("CV", start=3), before=first.told, at=NOW + timedelta(days=1))

    (before,), (after,) = events(written(first)).values(), events(written(later)).values()

    assert before["uid"] == after["uid"]
    assert (int(before["sequence"]), int(after["sequence"])) == (0, 1)
    assert before["last-modified"].dt < after["last-modified"].dt
    assert before["dtstamp"].dt < after["dtstamp"].dt


def test_equal_calendars_give_equal_bytes_whenever_they_are_written() -> None:
    first = told(step("CV"), window(), application())
    again = told(step("CV"), window(), application(), before=first.told, at=NOW + timedelta(hours=7))

    assert written(first) == written(again)


def test_an_earlier_file_says_what_it_told() -> None:
    found = told_by(written(EVERYTHING))

    assert found.keys() == EVERYTHING.told.keys()
    assert shown(found.items()) == shown(EVERYTHING.told.items())
    assert found["CV.plan"].last == date(2026, 11, 30)


def shown(sent: Iterable[Any]) -> list[Any]:
    return sorted(
        (uid, one.mark, one.sequence, one.changed_at, one.cancelled, one.first, one.last) for uid, one in sent
    )


def test_a_calendar_without_entries_is_still_one_of_ours() -> None:
    assert told_by(written(told())) == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"# a note of mine\n",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nPRODID:-//somebody//else//EN\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
        written(EVERYTHING).replace(b"X-HIGHERSTUDY-MARK", b"X-ANOTHER"),
        written(EVERYTHING).replace(b"SEQUENCE:0", b"SEQUENCE:many"),
        written(EVERYTHING)[:900],
    ],
    ids=["nothing", "no text", "a note", "no program", "another program", "no marks", "no number", "cut off"],
)
def test_what_is_no_calendar_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        told_by(content)

    assert [reason.code for reason in caught.value.reasons] == ["calendar.not_ours"]
