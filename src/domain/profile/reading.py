"""Reading a profile from data and writing it back: one form for TOML, JSON and the store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..rulebook.conditions import Circumstance, wrong_circumstance
from ..rulebook.pack import Rulebook
from ..shared.countries import COUNTRIES
from ..shared.currencies import CURRENCIES
from ..shared.errors import Invalid
from ..shared.levels import LEVELS
from ..shared.money import Money
from ..shared.reading import Problems, Record
from ..shared.times import ZoneLookup
from .grades import read_grade_record
from .profile import Passport, Profile, Qualification, Residence, Target, WorkPeriod
from .results import read_result_record

_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")  # BCP 47, as far as it matters here
_LONGEST_TAG = 35
_CODE = re.compile(r"[A-Z]{2}")
_PLACES = COUNTRIES | {"XK"}  # Kosovo has no official code, and its people have passports


def read_profile(data: Mapping[str, Any], rulebook: Rulebook | None = None, zones: ZoneLookup | None = None) -> Profile:
    """Return the profile that the data holds; a half-filled one is fine, only unknown.

    With a rulebook, tests, scores and grade scales are checked against it, and countries and currencies against those
    that there are; with a zone look-up, zone names are.
    Raises Invalid with every wrong field at once.
    """
    problems = Problems()
    profile = read_profile_record(Record(data, "", problems), rulebook, zones)
    if problems.found:
        raise Invalid(*problems.found)
    return profile


def read_profile_record(root: Record, rulebook: Rulebook | None, zones: ZoneLookup | None) -> Profile:
    """Return the profile in the record, noting what is wrong among its problems."""
    profile = Profile(
        name=root.text("name", ""),
        birth_date=root.maybe_day("birth_date"),
        citizenships=_countries(root, "citizenships"),
        residence=_residence(root, zones),
        passport=_passport(root),
        qualifications=_listed(
            root, "qualifications", [_qualification(r, rulebook) for r in root.tables("qualifications")]
        ),
        tests=_listed(root, "tests", [read_result_record(r, rulebook) for r in root.tables("tests")]),
        work=_listed(root, "work", [_work(r) for r in root.tables("work")]),
        languages=_languages(root),
        budget_a_year=_money(root, "budget_a_year"),
        target=_target(root),
        circumstances=_circumstances(root),
        preferred_language=_language_tag(root, "preferred_language"),
    )
    root.done()
    if rulebook is not None:
        _check_codes(profile, root)
    return profile


def _check_codes(profile: Profile, root: Record) -> None:
    """Note each code of a country or a currency that there is not: such as UK, which would fit no rule for GB."""
    named = [(f"citizenships[{at}]", code) for at, code in enumerate(profile.citizenships or ())]
    named += [(f"target.countries[{at}]", code) for at, code in enumerate(profile.target.countries)]
    named += [(f"qualifications[{at}].country", one.country) for at, one in enumerate(profile.qualifications or ())]
    named += [("residence.country", profile.residence.country)] if profile.residence else []
    for place, code in named:
        if _CODE.fullmatch(code) and code not in _PLACES:  # other shapes were noted when they were read
            root.wrong(place, "country.unknown", given=code)
    budget = profile.budget_a_year
    if budget is not None and budget.currency not in CURRENCIES:
        root.wrong("budget_a_year.currency", "money.currency_unknown", currency=budget.currency)


def _listed(root: Record, key: str, items: list[Any]) -> tuple[Any, ...] | None:
    return tuple(items) if root.has(key) and root.data[key] is not None else None


def _money(root: Record, key: str) -> Money | None:
    table = root.maybe_table(key)
    if table is None:
        return None
    money = table.money()
    table.done()
    return money


def _country(record: Record, key: str) -> str:
    code = record.text(key, "")
    if code and not (len(code) == 2 and code.isascii() and code.isupper()):
        record.wrong(key, "country.unknown", given=code[:40])
    return code


def _language_tag(record: Record, key: str) -> str:
    tag = record.text(key, "")
    if tag and not (len(tag) <= _LONGEST_TAG and _LANGUAGE_TAG.fullmatch(tag)):
        record.wrong(key, "language.unknown_code", given=tag[:40])
    return tag


def _countries(record: Record, key: str) -> tuple[str, ...] | None:
    codes = record.maybe_texts(key)
    for index, code in enumerate(codes or ()):
        if not (len(code) == 2 and code.isascii() and code.isupper()):
            record.wrong(f"{key}[{index}]", "country.unknown", given=code[:40])
    return codes


def _residence(root: Record, zones: ZoneLookup | None) -> Residence | None:
    table = root.maybe_table("residence")
    if table is None:
        return None
    residence = Residence(country=_country(table, "country"), zone=table.text("zone"), city=table.text("city", ""))
    table.done()
    if zones is not None and residence.zone:
        try:
            zones(residence.zone)
        except Invalid:
            table.wrong("zone", "zone.unknown", given=residence.zone[:40])
    return residence


def _passport(root: Record) -> Passport | None:
    table = root.maybe_table("passport")
    if table is None:
        return None
    number = table.text("number", "") or None
    passport = Passport(number, table.maybe_day("issued_on"), table.maybe_day("expires_on"))
    if passport.issued_on and passport.expires_on and passport.expires_on <= passport.issued_on:
        table.wrong("expires_on", "passport.expires_before_issue")
    table.done()
    return passport


def _qualification(r: Record, rulebook: Rulebook | None) -> Qualification:
    grade = r.maybe_table("grade")
    qualification = Qualification(
        level=_level(r, "level"),
        title=r.text("title", ""),
        fields=r.texts("fields"),
        institution=r.text("institution", ""),
        country=_country(r, "country"),
        grade=read_grade_record(grade, rulebook) if grade else None,
        finished_on=r.maybe_day("finished_on"),
        taught_in=r.text("taught_in", ""),
    )
    r.done()
    return qualification


def _level(r: Record, key: str, *, required: bool = True) -> str:
    level = r.text(key) if required else r.text(key, "")
    if level and level not in LEVELS:
        r.wrong(key, "data.unknown_word", given=level[:40], known=", ".join(LEVELS))
    return level


def _work(r: Record) -> WorkPeriod:
    period = WorkPeriod(
        employer=r.text("employer"),
        begun_on=r.day("begun_on"),
        ended_on=r.maybe_day("ended_on"),
        government=r.flag("government", False),
        internship=r.flag("internship", False),
    )
    if period.ended_on is not None and period.ended_on < period.begun_on:
        r.wrong("ended_on", "work.ends_before_it_begins")
    r.done()
    return period


def _languages(root: Record) -> dict[str, str] | None:
    table = root.maybe_table("languages")
    if table is None:
        return None
    levels = {language: table.text(language) for language in table.data}
    for language, level in levels.items():
        if level and level not in ("A1", "A2", "B1", "B2", "C1", "C2", "native"):
            table.wrong(language, "language.unknown_level", given=level[:40])
    return levels


def _target(root: Record) -> Target:
    table = root.maybe_table("target")
    if table is None:
        return Target()
    target = Target(
        level=_level(table, "level", required=False),
        countries=_countries(table, "countries") or (),
        fields=table.texts("fields"),
        start_from=table.maybe_day("start_from"),
    )
    table.done()
    return target


def _circumstances(root: Record) -> dict[str, Circumstance]:
    table = root.maybe_table("circumstances")
    if table is None:
        return {}
    stated: dict[str, Circumstance] = {}
    for name, value in table.data.items():
        wrong = wrong_circumstance(name, value, table.place(name))
        if wrong is not None:
            table.problems.found.append(wrong)
        else:
            stated[name] = value
    return stated
