"""A row about a student: an address, and parts of a profile in the form in which she would state them herself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..identity.account import normal_email
from ..profile.profile import Profile
from ..profile.reading import read_profile
from ..profile.results import results_to_come
from ..profile.writing import profile_data
from ..rulebook.pack import Rulebook
from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason
from ..shared.texts import data_problems
from ..shared.times import ZoneLookup
from .offer import PARTS, OfferedValue

Path = tuple[str | int, ...]
EMAIL = "email"
PLACES: Mapping[str, Path] = {
    "name": ("name",),
    "birth_date": ("birth_date",),
    "nationality": ("citizenships",),
    "residence_country": ("residence", "country"),
    "residence_zone": ("residence", "zone"),
    "residence_city": ("residence", "city"),
    "preferred_language": ("preferred_language",),
    "degree_level": ("qualifications", 0, "level"),
    "degree_title": ("qualifications", 0, "title"),
    "degree_fields": ("qualifications", 0, "fields"),
    "degree_institution": ("qualifications", 0, "institution"),
    "degree_country": ("qualifications", 0, "country"),
    "degree_finished_on": ("qualifications", 0, "finished_on"),
    "degree_taught_in": ("qualifications", 0, "taught_in"),
    "grade": ("qualifications", 0, "grade", "value"),
    "grade_scale": ("qualifications", 0, "grade", "scale"),
    "grade_lowest_pass": ("qualifications", 0, "grade", "lowest_pass"),
    "test": ("tests", 0, "code"),
    "test_taken_on": ("tests", 0, "taken_on"),
    "test_total": ("tests", 0, "total"),
    "test_listening": ("tests", 0, "sections", "listening"),
    "test_reading": ("tests", 0, "sections", "reading"),
    "test_writing": ("tests", 0, "sections", "writing"),
    "test_speaking": ("tests", 0, "sections", "speaking"),
    "test_verbal": ("tests", 0, "sections", "verbal"),
    "test_quantitative": ("tests", 0, "sections", "quantitative"),
    "target_level": ("target", "level"),
    "target_countries": ("target", "countries"),
    "target_fields": ("target", "fields"),
    "target_start_from": ("target", "start_from"),
}
"""By the column's name, where its cell goes in the form of ``profile_data``."""
COLUMNS = (EMAIL, *PLACES)
REQUIRED = (EMAIL,)
_SEVERAL = frozenset({"nationality", "degree_fields", "target_countries", "target_fields"})
_BETWEEN = re.compile(r"[\s;,]+")


@dataclass(frozen=True, slots=True)
class StudentRow:
    """What a row offers to whom."""

    email: str
    values: tuple[OfferedValue, ...]


def read_student_row(
    cells: Mapping[str, str], headers: Mapping[str, str], rulebook: Rulebook, zones: ZoneLookup, today: date
) -> StudentRow:
    """Return what the cells say, which are given by the names of COLUMNS; ``headers`` is how the file calls these.

    Raises Invalid with everything that is wrong, each reason at the name of its column.
    """
    reasons: list[Reason] = list(data_problems(cells))
    email = ""
    try:
        email = normal_email(cells.get(EMAIL, ""))
    except Invalid as error:
        reasons += [Reason(one.code, one.params, EMAIL) for one in error.reasons]
    data, profile = _data(cells), Profile()
    try:
        profile = read_profile(data, rulebook, zones)
        wrong = results_to_come(profile.tests or (), today)
    except Invalid as error:
        wrong = error.reasons
    reasons += [Reason(one.code, one.params, column_of(one.where, cells)) for one in wrong]
    if not data and not reasons:
        reasons.append(Reason("import.nothing_offered", {}, EMAIL))
    if reasons:
        raise Invalid(*reasons)
    written = profile_data(profile)
    return StudentRow(email, tuple(_values(written, cells, headers)))


def _data(cells: Mapping[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, path in PLACES.items():
        text = cells.get(name, "").strip()
        if text:
            _put(data, path, [one for one in _BETWEEN.split(text) if one] if name in _SEVERAL else text)
    return data


def _put(data: dict[str, Any], path: Path, value: Any) -> None:
    part, *rest = path
    if not rest:
        data[str(part)] = value
    elif rest[0] == 0:  # the one entry of a list
        _put(data.setdefault(str(part), [{}])[0], tuple(rest[1:]), value)
    else:
        _put(data.setdefault(str(part), {}), tuple(rest), value)


def _values(written: Mapping[str, Any], cells: Mapping[str, str], headers: Mapping[str, str]) -> Iterator[OfferedValue]:
    for part in PARTS:
        names = [name for name, path in PLACES.items() if path[0] == part and cells.get(name, "").strip()]
        if names and part in written:
            yield OfferedValue(part, written[part], tuple(headers[name] for name in names))


def column_of(where: str, cells: Mapping[str, str]) -> str:
    """Return the column in which something is wrong, given its place in the form of a profile."""
    places = {name: _written(path) for name, path in PLACES.items()}
    for name, place in places.items():
        if where == place or where.startswith(f"{place}["):
            return name
    given = [name for name, place in places.items() if cells.get(name, "").strip() and _within(place, where)]
    return given[0] if given else EMAIL


def _within(place: str, where: str) -> bool:
    return place.startswith(where) or re.split(r"[.\[]", place)[0] == re.split(r"[.\[]", where)[0]


def _written(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
