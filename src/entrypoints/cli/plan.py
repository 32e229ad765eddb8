"""The command ``plan``: a dated plan from a case file, or of the student who is signed in."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ...domain.planning.case import Case
from ...domain.shared.errors import DomainError, Invalid, Reason
from .bundle import Bundle, day_option, documents_of
from .errors import CommandFailed
from .plan_of_case import plan_case, view_of
from .plan_text import plan_page
from .screen import print_json, show
from .what_if import show_what_if
from .words import sentences_of


def plan(
    file: Annotated[Path | None, Parameter(show_default=False)] = None,
    /,
    *,
    today: str | None = None,
    what_if: Annotated[list[str] | None, Parameter(negative=())] = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Make a dated plan: what to do today, by when the rest, and what it leans on.

    Parameters
    ----------
    file
        A case file such as examples/dhaka-master-germany.toml; no server and no database is needed for it.
    today
        The day to plan from, as YYYY-MM-DD; otherwise the day in the file, or the student's own day.
    what_if
        Show what would change instead: STEP=DAYS, STEP=started:DATE, STEP=done:DATE, add:PROGRAMME/TERM-YEAR,
        drop:TARGET or today:DATE. May be given several times.
    json
        Print everything as JSON.
    """
    if file is None:
        raise CommandFailed("plan: Name a case file, such as examples/dhaka-master-germany.toml.")
    return _plan_file(file, day_option(today, "--today"), what_if or [], as_json=json)


def _plan_file(file: Path, asked: date | None, what_if: list[str], *, as_json: bool) -> int:
    bundle = Bundle()
    case = bundle.case(file)
    if not case.targets:
        raise CommandFailed(f"{file}: targets: A plan needs at least one target.")
    day = bundle.today(case.profile, asked, case.today)
    _refuse_future(case, day, file)
    try:
        planned = plan_case(case, documents_of(case, file), bundle, day)
        if what_if:
            return show_what_if(planned, what_if, as_json=as_json)
    except DomainError as error:
        raise CommandFailed(*sentences_of(error, str(file))) from error
    view = view_of(planned)
    if as_json:
        print_json(asdict(view))
    else:
        show(plan_page(view))
    return 0


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
