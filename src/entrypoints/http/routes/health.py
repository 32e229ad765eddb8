"""Whether this process lives, and whether it can do its work."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from ..health import Checks


class LiveBody(msgspec.Struct, frozen=True):
    """The process answers."""

    status: str


class ReadyBody(msgspec.Struct, frozen=True):
    """``ok`` when every part is; each part is ``ok`` or ``unavailable``."""

    status: str
    parts: dict[str, str]


@get("/health/live", operation_id="live", summary="Does the process answer?")
async def live() -> LiveBody:
    """Answer as long as the process can."""
    return LiveBody("ok")


@get("/health/ready", operation_id="ready", summary="Can it work?")
async def ready(checks: NamedDependency[SkipValidation[Checks]]) -> Response[ReadyBody]:
    """Look at each part that requests need; 503 when one of them does not answer."""
    parts = {name: "ok" if fine else "unavailable" for name, fine in (await checks.all()).items()}
    good = all(state == "ok" for state in parts.values())
    return Response(ReadyBody("ok" if good else "unavailable", parts), status_code=200 if good else 503)


router: Any = Router("/", route_handlers=[live, ready], tags=["Health"])
