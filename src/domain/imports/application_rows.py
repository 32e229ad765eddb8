"""A row about an application: whose, for which programme and intake, and what the portal shows of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from ..applications.application import State
from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason, refuse_if_any
from ..shared.texts import text_problems
from ..shared.times import WallTime, ZoneLookup

COLUMNS = (
    "student", "programme", "institution", "term", "starts_on", "state", "deadline", "deadline_zone",
    "portal_reference",
)  # fmt: skip
REQUIRED = ("student", "programme", "term", "starts_on")
LONGEST = 200
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2})(?::[0-9]{2})?)?")
_END_OF_DAY = "23:59"


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """What a row says; the student is an address or an id, the programme an id, a key or a name."""

    student: str
    programme: str
    institution: str
    term: str
    starts_on: date
    says: Mapping[str, str]
    columns: Mapping[str, str]


def read_application_row(cells: Mapping[str, str], headers: Mapping[str, str], zones: ZoneLookup) -> ApplicationRow:
    """Return what the cells say, which are given by the names of COLUMNS; ``headers`` is how the file calls these.

    Raises Invalid with everything that is wrong, each reason at the name of its column.
    """
    given = {name: cells.get(name, "").strip() for name in COLUMNS}
    refuse_if_any(_problems(given, zones), Invalid)
    says = {"state": given["state"], "deadline": _deadline(given), "portal_reference": given["portal_reference"]}
    says = {name: value for name, value in says.items() if value}
    return ApplicationRow(
        student=given["student"],
        programme=given["programme"],
        institution=given["institution"],
        term=given["term"],
        starts_on=date.fromisoformat(given["starts_on"]),
        says=says,
        columns={name: headers[name] for name in says},
    )


def _problems(given: Mapping[str, str], zones: ZoneLookup) -> Iterator[Reason]:
    for name, text in given.items():
        yield from text_problems(text, name, at_most=LONGEST)
        if not text and name in REQUIRED:
            yield Reason("data.missing", {}, name)
    if given["starts_on"] and _day(given["starts_on"]) is None:
        yield Reason("data.not_a_date", {"given": given["starts_on"][:40]}, "starts_on")
    if given["state"] and given["state"] not in list(State):
        known = ", ".join(State)
        yield Reason("data.unknown_word", {"given": given["state"][:40], "known": known}, "state")
    yield from _deadline_problems(given, zones)


def _deadline_problems(given: Mapping[str, str], zones: ZoneLookup) -> Iterator[Reason]:
    if not given["deadline"]:
        if given["deadline_zone"]:
            yield Reason("data.missing", {}, "deadline")
        return
    if _moment(given["deadline"]) is None:
        yield Reason("data.not_a_date", {"given": given["deadline"][:40]}, "deadline")
    if not given["deadline_zone"]:
        yield Reason("data.missing", {}, "deadline_zone")
        return
    try:
        zones(given["deadline_zone"])
    except Invalid:
        yield Reason("zone.unknown", {"given": given["deadline_zone"][:40]}, "deadline_zone")


def _deadline(given: Mapping[str, str]) -> str:
    local = _moment(given["deadline"])
    if local is None:
        return ""
    wall = WallTime(local, given["deadline_zone"])
    return f"{wall.local.isoformat(timespec='minutes')} {wall.zone}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    """Return the local time; a day alone means its last minute."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2] or _END_OF_DAY}")
    except ValueError:
        return None
