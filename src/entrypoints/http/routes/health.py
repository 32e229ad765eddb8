"""Whether this process lives, and whether it can do its work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from ...parts.checks import Checks


class LiveBody(msgspec.Struct, frozen=True):
    """The process answers."""

    status: str


class ReadyBody(msgspec.Struct, frozen=True):
    """``ok`` when every part is, ``degraded`` when only parts are missing that most can do without, ``unavailable``
    otherwise; each part is ``ok``, ``late`` or ``unavailable``, and some have figures."""

    status: str
    parts: Mapping[str, str]
    figures: Mapping[str, Mapping[str, float]] = {}


@get("/health/live", operation_id="live", summary="Does the process answer?")
async def live() -> LiveBody:
    """Answer as long as the process can."""
    return LiveBody("ok")


@get("/health/ready", operation_id="ready", summary="Can it work?")
async def ready(checks: NamedDependency[SkipValidation[Checks]]) -> Response[ReadyBody]:
    """Look at each part; 503 when one does not answer without which nothing works."""
    found = await checks.now()
    return Response(ReadyBody(found.status, found.parts, found.figures), status_code=200 if found.can_work else 503)


router: Any = Router("/", route_handlers=[live, ready], tags=["Health"])
