"""Things that are valid by default; a test overrides the one thing that it is about."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from higherstudy.domain.catalogue.intake import Audience, Basis, Day, Deadline, DeadlineKind, Intake
from higherstudy.domain.catalogue.programme import Institution, Level, Programme, Sector
from higherstudy.domain.catalogue.requirement import Requirement, Stated
from higherstudy.domain.profile.profile import Grade, Profile, Qualification, Residence, TestResult
from higherstudy.domain.shared.ids import InstitutionId, ProgrammeId
from higherstudy.domain.shared.sources import Confidence, Source, SourceKind

PAGE = Source("page", "The programme's page", SourceKind.OFFICIAL, date(2026, 11, 1), "https://www.example.org/msc")
STATED = Stated(PAGE, Confidence.HIGH)


def institution(**changes: Any) -> Institution:
    """Return a public institution in Germany."""
    usual = Institution(
        InstitutionId(UUID(int=1)), "sample-university", "Sample University", "DE", PAGE, "Berlin", "Europe/Berlin",
        Sector.PUBLIC,
    )  # fmt: skip
    return replace(usual, **changes)


def winter(**changes: Any) -> Intake:
    """Return a winter intake that begins on 1 October, with an application deadline on 15 July in Berlin."""
    usual = Intake("winter", Day(each=(10, 1)), (deadline(),))
    return replace(usual, **changes)


def deadline(**changes: Any) -> Deadline:
    """Return an application deadline on 15 July of the year in which studies begin, by the end of the day."""
    usual = Deadline(
        DeadlineKind.APPLICATION, Day(each=(7, 15)), "Europe/Berlin", PAGE, Confidence.HIGH, None, Basis.RECEIVED,
        Audience.ALL,
    )  # fmt: skip
    return replace(usual, **changes)


def programme(requirement: Requirement | None = None, **changes: Any) -> Programme:
    """Return a Master's programme in English with a winter intake."""
    usual = Programme(
        ProgrammeId(UUID(int=2)), "sample-msc", institution(), "Informatics", Level.MASTER, PAGE, Confidence.HIGH,
        fields=("0613",), languages=("en",), duration_months=24, requirement=requirement, intakes=(winter(),),
    )  # fmt: skip
    return replace(usual, **changes)


def ielts(total: str | None = "6.5", **changes: Any) -> TestResult:
    """Return an IELTS result of September 2025."""
    usual = TestResult("IELTS_AC", date(2025, 9, 13), None if total is None else Decimal(total))
    return replace(usual, **changes)


def bachelor(value: str = "3.50", **changes: Any) -> Qualification:
    """Return a finished computer science Bachelor's degree from Bangladesh."""
    usual = Qualification(
        "bachelor", "B.Sc. in Computer Science", ("0613",), "", "BD",
        Grade("BD_UGC_4", Decimal(value), Decimal("2.00")), date(2025, 2, 20), "en",
    )  # fmt: skip
    return replace(usual, **changes)


def profile(**changes: Any) -> Profile:
    """Return a graduate in Dhaka."""
    usual = Profile(
        name="SAMPLE STUDENT",
        citizenships=("BD",),
        residence=Residence("BD", "Asia/Dhaka", "Dhaka"),
        qualifications=(bachelor(),),
        tests=(ielts(),),
        work=(),
    )
    return replace(usual, **changes)
