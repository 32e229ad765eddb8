"""The counsellor's queue: whom of her students to see to first, and what to send."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from litestar import Router, get

from ....domain.counselling.need import Place
from ....domain.shared.ids import StudentId
from ..cursors import position
from ..given import V1, Cursor, PageSize, Use, Who, refusals
from .queue_bodies import QueueBody, queue_body


@get(
    "/queue",
    operation_id="ask_queue",
    summary="Whom to see to first?",
    description="For counsellors and administrators, over all students who let them see their plans: windows that are "
    "open come first, then the least slack. Plans are worked out for today at each request. Every student who is shown "
    "sees in her activity that she was.",
    responses=refusals(401, 403, 422),
)
async def ask_queue(who: Who, use: Use, cursor: Cursor = None, limit: PageSize = 10) -> QueueBody:
    """Return the next of your students, the most urgent first, each with every thing to see to."""
    after = position(cursor, tuple[bool, int, int, UUID])
    place = None if after is None else Place(*after[:3], StudentId(after[3]))

    async def breathe() -> None:
        await asyncio.sleep(0)

    return queue_body(await use.ask_queue()(who, place, limit, breathe))


router: Any = Router(V1, route_handlers=[ask_queue], tags=["Counselling"])
