"""How long what is kept, and having it taken away."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from litestar import Router, get, post

from ....domain.rights.use_cases.retaining import CLEAR_AWAY, Due
from ..given import V1, Use, Who, refusals
from .erasures import JobBegun


class RetentionBody(msgspec.Struct, frozen=True, kw_only=True):
    """One rule, and what it would take away now."""

    kept: Annotated[str, msgspec.Meta(examples=["sessions"])]
    days: int
    notice_days: Annotated[int, msgspec.Meta(description="So many days before, the holder is told; 0: nobody is.")]
    why: str
    source: str
    url: str
    since: date
    before: Annotated[datetime, msgspec.Meta(description="What was over before this moment goes.")]
    count: Annotated[int, msgspec.Meta(description="How many things that is now.")]


class RetentionList(msgspec.Struct, frozen=True):
    """All rules in their order; there is never a next page."""

    items: list[RetentionBody]
    next: None = None


@get("/retention", operation_id="show_retention", summary="Rules of retention", responses=refusals(401, 403))
async def show_retention(who: Who, use: Use) -> RetentionList:
    """Show how long what is kept and why, and what would go now; for administrators."""
    return RetentionList([_body(one) for one in await use.show_retention()(who)])


@post(
    "/retention/application",
    status_code=202,
    operation_id="apply_retention",
    summary="Apply the rules of retention",
    description="For administrators. A schedule does it every night.",
    responses=refusals(401, 403, 409),
)
async def apply_retention(who: Who, use: Use) -> JobBegun:
    """Have what is over taken away now, in the background."""
    return JobBegun(str(await use.run_by_hand()(who, CLEAR_AWAY)))


def _body(one: Due) -> RetentionBody:
    rule = one.rule
    return RetentionBody(
        kept=rule.kept.value,
        days=rule.days,
        notice_days=rule.notice_days,
        why=rule.why,
        source=rule.source,
        url=rule.url,
        since=rule.since,
        before=one.before,
        count=one.count,
    )


router: Any = Router(V1, route_handlers=[show_retention, apply_retention], tags=["Rights"])
