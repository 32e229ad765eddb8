"""A case file made into a plan, or everything that stands against it in sentences."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ....domain.shared.errors import DomainError, Invalid
from ..bundle import Bundle, documents_of
from ..errors import CommandFailed, refused
from ..words import sentences_of
from .planning_case import Planned, plan_case


def planned_from(file: Path, asked: date | None) -> Planned:
    """Return the case in the file with its schedule for the day that was asked for, else the case's own or the
    student's; raise CommandFailed with the file, the line, the place in it and the reason."""
    bundle = Bundle()
    case = bundle.case(file)
    if not case.targets:
        raise refused(f"{file}: targets", "no_target")
    day = bundle.day_of(case, asked)
    to_come = case.reports_to_come(day)
    if to_come:
        raise CommandFailed(*sentences_of(Invalid(*case.placed(to_come))))
    try:
        return plan_case(case, documents_of(case), bundle, day)
    except DomainError as error:
        raise CommandFailed(*sentences_of(error, str(file))) from error
