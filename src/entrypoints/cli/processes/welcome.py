"""What ``serve`` says of its sample data when it is ready: the student's plan, where to look, how to sign in."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from ...processes.api import System
from ..embedded import api_of
from ..errors import CommandFailed
from ..plans.plan_text import short_page
from ..plans.plan_view import PlanView
from ..plans.remote_plan import newest_plan, remote_plan
from ..program import program
from ..screen import Whole, as_shown, heading, indented
from .where_to_look import TITLE, where_to_look


async def welcome(system: System) -> str:
    """Return the text for a server that is about to take requests."""
    return as_shown(_page(system, await _sample_plan(system)))


async def _sample_plan(system: System) -> PlanView | None:
    """Return the sample student's plan, or None without one, as after a change of her password."""
    if system.sample is None or system.sample.student is None:
        return None
    try:
        async with api_of(system, system.sample.sign_ins.student) as api:
            plan_id = await newest_plan(api)
            return await remote_plan(api, plan_id, None) if plan_id else None
    except CommandFailed:
        return None


def _page(system: System, plan: PlanView | None) -> Iterator[RenderableType]:
    if plan is not None:
        yield from short_page(plan)
    settings = system.settings
    address = settings.address
    yield heading(TITLE)
    yield from map(Whole, where_to_look(settings))
    if system.sample is not None:
        sign_ins = system.sample.sign_ins
        yield heading("Sign in to the sample data")
        yield Whole(f"  Student          {sign_ins.student.email}   {sign_ins.student.password}")
        yield Whole(f"  Administrator    {sign_ins.admin.email}   {sign_ins.admin.password}")
        yield indented(f"These were made for this server alone and stand in {system.sample.path.name} in its folder.")
        yield Whole(f"  {program()} sign-in --server {address} --email {sign_ins.student.email}")
    yield Whole("")
