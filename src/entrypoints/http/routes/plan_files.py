"""A plan as files: its calendar, for calendar programs, and its timeline as a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Protocol
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, PathParameter, SkipValidation

from ....domain.planning.sent_calendar import CalendarNow
from ....domain.planning.timeline import Timeline, timeline_of
from ....domain.planning.use_cases.planned import PlanToday
from ....domain.shared.ids import PlanId
from ....ports.messages import Messages
from ..copies import NOT_MODIFIED, TAGGED
from ..etags import content_tag, has
from ..given import V1, AnyRequest, Use, Who, day_given, refusals
from ..words import sentence, words
from .plans import AsOf


class Feed(Protocol):
    """Writes a calendar in the form that calendar programs read."""

    def __call__(
        self, title: str, now: CalendarNow, messages: Messages, *, link: str = ..., cancelled: bool = ...
    ) -> bytes: ...


Picture = Callable[[Timeline, Messages], bytes]
"""Draws a timeline as an SVG file."""


class CalendarLink(msgspec.Struct, frozen=True):
    """The secret link to a plan's calendar. It is shown this once; whoever has it sees the calendar."""

    path: Annotated[str, msgspec.Meta(examples=["/v1/calendars/x3vKQn...ics"])]


@post(
    "/plans/{plan_id:str}/calendar-link",
    operation_id="share_calendar",
    summary="Share the calendar",
    responses=refusals(401, 404, 422),
)
async def share_calendar(plan_id: FromPath[UUID], who: Who, use: Use) -> Response[CalendarLink]:
    """Make a secret link to the plan's calendar; an earlier link stops working."""
    path = f"/v1/calendars/{await use.share_calendar()(who, PlanId(plan_id))}.ics"
    return Response(CalendarLink(path), status_code=201, headers={"Location": path})


@delete(
    "/plans/{plan_id:str}/calendar-link",
    operation_id="stop_sharing_calendar",
    summary="Stop sharing the calendar",
    responses=refusals(401, 404, 422),
)
async def stop_sharing_calendar(plan_id: FromPath[UUID], who: Who, use: Use) -> None:
    """Make the secret link stop working."""
    await use.stop_sharing_calendar()(who, PlanId(plan_id))


@get(
    "/plans/{plan_id:str}/calendar.ics",
    operation_id="get_calendar",
    summary="Download the calendar",
    media_type="text/calendar",
    responses=refusals(401, 404, 422),
)
async def get_calendar(
    request: AnyRequest, plan_id: FromPath[UUID], who: Who, use: Use, feed: NamedDependency[SkipValidation[Feed]]
) -> Response[bytes]:
    """Return the plan's calendar as of today, to be put into a calendar program once.

    Put in again later, it moves what has moved, and takes away what is done or needed no more: such entries have the
    status CANCELLED.
    """
    found, now = await use.get_calendar()(who, PlanId(plan_id))
    return _calendar(request, feed, found, now, cancelled=True)


@get(
    "/calendars/{file_name:str}",
    operation_id="read_calendar",
    summary="Subscribe to a calendar",
    media_type="text/calendar",
    responses=refusals(404, 422),
)
async def read_calendar(
    request: AnyRequest,
    file_name: Annotated[str, PathParameter(description="The secret and `.ics`, as in the link.", max_length=200)],
    use: Use,
    feed: NamedDependency[SkipValidation[Feed]],
) -> Response[bytes]:
    """Return the plan's calendar as of today, with what stands in it; whoever has the link may."""
    found, now = await use.read_calendar()(file_name.removesuffix(".ics"))
    return _calendar(request, feed, found, now, cancelled=False)


@get(
    "/plans/{plan_id:str}/timeline.svg",
    operation_id="draw_timeline",
    summary="The timeline as a picture",
    media_type="image/svg+xml",
    response_headers=TAGGED,
    responses={**refusals(401, 404, 422), **NOT_MODIFIED},
)
async def draw_timeline(
    request: AnyRequest,
    plan_id: FromPath[UUID],
    who: Who,
    use: Use,
    picture: NamedDependency[SkipValidation[Picture]],
    today: AsOf = None,
) -> Response[bytes]:
    """Draw every step as a bar along the months, with what decides, the days it can slip, and the last days.

    It is readable without colour and to be printed on A4 in landscape. Its description tells the same in words.
    """
    found = await use.get_plan()(who, PlanId(plan_id), day_given(today, "today"))
    content = picture(timeline_of(found.schedule), words())
    tag = content_tag(content)
    headers = {
        "etag": tag,
        "cache-control": "private, no-cache",
        "content-disposition": f'inline; filename="plan-{plan_id}.svg"',
    }
    if has(request.headers.get("if-none-match", ""), tag):
        return Response(b"", status_code=304, headers=headers)
    return Response(content, media_type="image/svg+xml", headers=headers)


def _calendar(
    request: AnyRequest, feed: Feed, found: PlanToday, now: CalendarNow, *, cancelled: bool
) -> Response[bytes]:
    plan_id, title = found.plan.id, found.schedule.lead.title
    link = f"{str(request.app.state.address).rstrip('/')}{V1}/plans/{plan_id}"
    name = sentence("calendar.name", {"title": title})
    content = feed(name, now, words(), link=link, cancelled=cancelled)
    headers = {"content-disposition": f'inline; filename="plan-{plan_id}.ics"', "cache-control": "private, no-store"}
    return Response(content, media_type="text/calendar", headers=headers)


router: Any = Router(
    V1,
    route_handlers=[share_calendar, stop_sharing_calendar, get_calendar, read_calendar, draw_timeline],
    tags=["Plans"],
)
