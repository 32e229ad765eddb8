"""Writing a profile back in the form that is read: for the store and for clients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..shared.writing import money_data, without_unknown
from .profile import Profile, Qualification, TestResult, WorkPeriod

T = TypeVar("T")


def profile_data(profile: Profile) -> dict[str, Any]:
    """Return the profile in the form that ``read_profile`` takes, with only what is known in it."""
    return without_unknown(
        {
            "name": profile.name,
            "birth_date": _iso(profile.birth_date),
            "citizenships": _list(profile.citizenships),
            "residence": profile.residence
            and {"country": profile.residence.country, "zone": profile.residence.zone, "city": profile.residence.city},
            "passport": profile.passport
            and {
                "number": profile.passport.number,
                "issued_on": _iso(profile.passport.issued_on),
                "expires_on": _iso(profile.passport.expires_on),
            },
            "qualifications": _each_data(profile.qualifications, _qualification_data),
            "tests": _each_data(profile.tests, _test_data),
            "work": _each_data(profile.work, _work_data),
            "languages": None if profile.languages is None else dict(profile.languages),
            "budget_a_year": money_data(profile.budget_a_year),
            "target": {
                "level": profile.target.level,
                "countries": list(profile.target.countries) or None,
                "fields": list(profile.target.fields) or None,
                "start_from": _iso(profile.target.start_from),
            },
            "circumstances": dict(profile.circumstances) or None,
            "preferred_language": profile.preferred_language,
        }
    )


def _each_data(items: tuple[T, ...] | None, data_of: Callable[[T], dict[str, Any]]) -> list[dict[str, Any]] | None:
    return None if items is None else [data_of(item) for item in items]


def _iso(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())


def _list(items: tuple[str, ...] | None) -> list[str] | None:
    return None if items is None else list(items)


def _qualification_data(q: Qualification) -> dict[str, Any]:
    grade = q.grade and {
        "scale": q.grade.scale,
        "value": str(q.grade.value),
        "lowest_pass": None if q.grade.lowest_pass is None else str(q.grade.lowest_pass),
    }
    return without_unknown(
        {
            "level": q.level,
            "title": q.title,
            "fields": list(q.fields) or None,
            "institution": q.institution,
            "country": q.country,
            "grade": grade,
            "finished_on": _iso(q.finished_on),
            "taught_in": q.taught_in,
        }
    )


def _test_data(t: TestResult) -> dict[str, Any]:
    return without_unknown(
        {
            "code": t.code,
            "taken_on": t.taken_on.isoformat(),
            "total": None if t.total is None else str(t.total),
            "sections": {name: str(score) for name, score in t.sections.items()} or None,
        }
    )


def _work_data(w: WorkPeriod) -> dict[str, Any]:
    return without_unknown(
        {
            "employer": w.employer,
            "begun_on": w.begun_on.isoformat(),
            "ended_on": _iso(w.ended_on),
            "government": w.government,
            "internship": w.internship,
        }
    )
