"""The commands ``plan today`` and ``plan board``: a plan's views for one day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.text import Text

from ..bundle import day_option
from ..connection import asked_of_server
from ..screen import heading, indented, item, print_json, show
from ..words import day, say
from .plan_of_case import view_of
from .plan_text import room_of, title_of, today_part
from .plan_view import PlanView, StepView
from .planned import planned_from

if TYPE_CHECKING:
    from ..api import Api

_COLUMNS = ("to_do", "in_progress", "done")


def today(
    file: Annotated[Path | None, Parameter(show_default=False)] = None,
    /,
    *,
    today: str | None = None,
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Say what to do today: the one next thing, why it is next, how long it takes, and what waits for it.

    Parameters
    ----------
    file
        A case file, without any server; without one, the newest plan of the student who is signed in.
    today
        The day to look from, as YYYY-MM-DD; otherwise the day in the file, or the student's own day.
    server
        The server to ask without a case file; otherwise that of the last sign-in, or the one kept on this machine.
    json
        Print it as JSON.
    """
    view = _view(file, today, server)
    if json:
        whole = asdict(view)
        print_json({name: whole[name] for name in ("today", "next", "ready", "waiting")})
    else:
        show(today_part(view))
    return 0


def board(
    file: Annotated[Path | None, Parameter(show_default=False)] = None,
    /,
    *,
    today: str | None = None,
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Show all steps by how far they are: to do, in progress, done.

    Parameters
    ----------
    file
        A case file, without any server; without one, the newest plan of the student who is signed in.
    today
        The day to look from, as YYYY-MM-DD; otherwise the day in the file, or the student's own day.
    server
        The server to ask without a case file; otherwise that of the last sign-in, or the one kept on this machine.
    json
        Print it as JSON.
    """
    view = _view(file, today, server)
    if json:
        print_json({state: [asdict(step) for step in _those(view, state)] for state in _COLUMNS})
    else:
        show(_board(view))
    return 0


def _view(file: Path | None, today: str | None, server: str | None) -> PlanView:
    asked = day_option(today, "--today")
    if file is not None:
        return view_of(planned_from(file, asked))

    async def newest(api: Api) -> PlanView:
        from .remote_plan import needed_plan, remote_plan  # noqa: PLC0415 - not needed for case files

        return await remote_plan(api, await needed_plan(api), asked)

    return asked_of_server(server, newest)


def _those(view: PlanView, state: str) -> list[StepView]:
    found = (step for step in view.steps if step.state == state)
    return sorted(found, key=lambda step: (step.start, step.finish, step.key))


def _board(view: PlanView) -> Iterator[RenderableType]:
    for state in _COLUMNS:
        steps = _those(view, state)
        yield heading(say(f"column_{state}"), say("steps", count=len(steps)))
        if not steps:
            yield indented(say("none"))
        for step in steps:
            yield _card(step)


def _card(step: StepView) -> RenderableType:
    line = Text(title_of(step), "bold" if step.decides else "")
    days = day(step.start) if step.start == step.finish else say("from_to", on=day(step.start), until=day(step.finish))
    line.append(f"\n{days}", "")
    if step.state != "done":
        line.append(f"; {room_of(step)}", "red" if step.room is not None and step.room < 0 else "")
    return item("!" if step.decides else "-", line)
