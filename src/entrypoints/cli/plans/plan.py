"""The command ``plan``: a dated plan from a case file, or of the student who is signed in."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ....domain.shared.errors import DomainError
from ..bundle import day_option
from ..connection import asked_of_server
from ..errors import CommandFailed
from ..screen import print_json, show
from ..words import sentences_of
from .plan_of_case import view_of
from .plan_text import plan_page
from .plan_view import PlanView, WhatIfView
from .planned import planned_from
from .what_if import what_if as what_if_of
from .what_if import what_if_page

if TYPE_CHECKING:
    from ..api import Api


def plan(
    file: Annotated[Path | None, Parameter(show_default=False)] = None,
    /,
    *,
    today: str | None = None,
    what_if: Annotated[list[str] | None, Parameter(negative=())] = None,
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Make a dated plan: what to do today, by when the rest, and what it leans on.

    Parameters
    ----------
    file
        A case file such as examples/dhaka-master-germany.toml; no server and no database is needed for it. Without
        one, the newest plan of the student who is signed in.
    today
        The day to plan from, as YYYY-MM-DD; otherwise the day in the file, or the student's own day.
    what_if
        Show what would change instead: STEP=DAYS, STEP=started:DATE, STEP=done:DATE, add:PROGRAMME/TERM-YEAR,
        drop:TARGET or today:DATE. May be given several times. On an earlier day only what had happened by then counts.
    server
        The server to ask without a case file; otherwise that of the last sign-in, or the one kept on this machine.
    json
        Print everything as JSON.
    """
    asked = day_option(today, "--today")
    changes = what_if or []
    if file is None:
        view = asked_of_server(server, lambda api: _from_server(api, asked, changes))
    else:
        view = _from_file(file, asked, changes)
    if json:
        print_json(asdict(view))
    else:
        show(plan_page(view) if isinstance(view, PlanView) else what_if_page(view))
    return 0


def _from_file(file: Path, asked: date | None, changes: list[str]) -> PlanView | WhatIfView:
    planned = planned_from(file, asked)
    try:
        return what_if_of(planned, changes) if changes else view_of(planned)
    except DomainError as error:
        raise CommandFailed(*sentences_of(error, str(file))) from error


async def _from_server(api: Api, asked: date | None, changes: list[str]) -> PlanView | WhatIfView:
    from .remote_plan import needed_plan, remote_plan  # noqa: PLC0415 - not needed for case files
    from .remote_what_if import remote_what_if  # noqa: PLC0415

    plan_id = await needed_plan(api)
    if changes:
        return await remote_what_if(api, plan_id, changes)
    return await remote_plan(api, plan_id, asked)
