"""A case file made into a plan, or everything that stands against it in sentences."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ....domain.planning.case import Case
from ....domain.shared.errors import DomainError, Invalid, Reason
from ..bundle import Bundle, documents_of
from ..errors import CommandFailed, refused
from ..words import sentences_of
from .planning_case import Planned, plan_case


def planned_from(file: Path, asked: date | None) -> Planned:
    """Return the case in the file with its schedule for the day that was asked for, else the case's own or the
    student's; raise CommandFailed with the file, the place in it and the reason."""
    bundle = Bundle()
    case = bundle.case(file)
    if not case.targets:
        raise refused(f"{file}: targets", "no_target")
    day = bundle.day_of(case, asked, file)
    _refuse_future(case, day, file)
    try:
        return plan_case(case, documents_of(case, file), bundle, day)
    except DomainError as error:
        raise CommandFailed(*sentences_of(error, str(file))) from error


def _refuse_future(case: Case, today: date, file: Path) -> None:
    """Refuse reports of days that are still to come: a plan made on them would be wrong in silence."""
    reasons = [
        Reason("plan.day_in_future", {"on": on.isoformat(), "today": today.isoformat()}, f"{file}: reports: {step}")
        for step, report in case.reports.items()
        for on in (report.started_on, report.finished_on)
        if on is not None and on > today
    ]
    if reasons:
        raise CommandFailed(*sentences_of(Invalid(*reasons)))
