"""What routes are given: use cases, who asks, the student that the path names, and what they all answer with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Protocol
from uuid import UUID

import msgspec
from litestar import Request
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import HeaderParameter, PathParameter, QueryParameter, SkipValidation

from ...domain.identity.account import Asker
from ...domain.shared.errors import Invalid, NotFound, Reason
from ...domain.shared.ids import StudentId
from ...domain.shared.reading import FIRST_DAY, LAST_DAY
from .arrival import arrival_of
from .errors import Problem

if TYPE_CHECKING:
    from ..wiring.containers.every import UseCases
else:
    UseCases = Any  # most of them are loaded after the first answer

V1 = "/v1"
"""Where every route of this version lies."""

Use = NamedDependency[SkipValidation[UseCases]]
Who = NamedDependency[Asker]
"""The roles that count only where two factors were shown."""
AnyRequest = Request[Any, Any, Any]
IfMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        required=False,
        description="The ETag that you have seen.",
        schema_extra={"examples": ['"3"'], "pattern": '^"[0-9]{1,9}"$'},
    ),
]
StudentPath = Annotated[
    str,
    PathParameter(
        description="The student's id, or `me`.",
        max_length=60,
        examples=[Example(summary="Your own record", value="me")],
        schema_extra={"pattern": "^(me|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$"},
    ),
]
Cursor = Annotated[
    str | None,
    QueryParameter(name="cursor", required=False, description="`next` of the page before.", max_length=2000),
]
PageSize = Annotated[int, QueryParameter(name="limit", required=False, ge=1, le=100, description="How many at most.")]
RuleEdition = Annotated[
    str | None,
    QueryParameter(
        name="edition",
        required=False,
        description="The SHA-256 of an edition of the rule packs, for the answer as it was by those; left out, the one "
        "in force.",
        pattern="^[0-9a-f]{64}$",
    ),
]
ETAG = [ResponseHeader(name="ETag", description="The version, to send back as If-Match.", documentation_only=True)]
_MEANINGS = {
    400: "The request cannot be read.",
    401: "Not signed in, or the sign-in was refused.",
    403: "You may not do this.",
    404: "There is no such thing, or you may not know of it.",
    409: "It exists already, or somebody was first.",
    412: "It has changed since the version in If-Match.",
    413: "Too large.",
    414: "The address is too long.",
    415: "Another kind of content is taken here.",
    422: "Understood, and wrong: every wrong field or broken rule is named.",
    428: "If-Match is needed.",
    429: "Asked for too often; Retry-After says when to come back.",
    431: "The headers are too many or too large.",
    503: "A part that this needs does not answer now.",
}


class Opened(Protocol):
    """What a signed link opens."""

    @property
    def sha256(self) -> str: ...

    @property
    def file_name(self) -> str: ...

    @property
    def content_type(self) -> str: ...


class Links(Protocol):
    """Opens the links that the files port has signed."""

    def open_link(self, token: str, now: datetime) -> Opened:
        """Return what the link opens; raise NotFound when it is not ours or has ended."""
        ...


class Tickets(Protocol):
    """Opens the addresses to which uploads are sent, where those are our own."""

    def open_ticket(self, token: str, now: datetime) -> Any:
        """Return what the address takes; raise NotFound when it is not ours or has ended."""
        ...

    async def take(self, opened: Any, content_type: str, content: AsyncIterator[bytes]) -> None:
        """Keep what a client sends; raise RuleBroken for other bytes than were announced."""
        ...


def refusals(*statuses: int) -> dict[int, ResponseSpec]:
    """Return how the OpenAPI document describes these refusals, with those that every route has.

    Whatever needs a sign-in refuses keys without its scope, and pages that are not ours.
    """
    also = {403} if 401 in statuses else set()
    return {
        status: ResponseSpec(
            data_container=Problem,
            description=_MEANINGS[status],
            media_type="application/problem+json",
            generate_examples=False,
        )
        for status in sorted({400, 414, 429, 431, 503, *also, *statuses})
    }


def provide_asker(request: AnyRequest) -> Asker:
    """Return who asks, as the gate has established it."""
    asker: Asker = request.scope["state"]["asker"]
    return asker


async def asker_now(request: AnyRequest) -> Asker:
    """Return who asks with the rights of now, for a route that has read a long body; raise NotSignedIn where she may
    not ask any more."""
    state = request.scope["state"]
    found: Asker = await state["asking"].anew(state["asker"])
    return found


def student_in(given: str, asker: Asker) -> StudentId:
    """Return the student that the path names; ``me`` is the asker's own record."""
    if given == "me":
        if asker.student_id is None:
            # A student whose role waits for a second factor has a record, and is not to be told otherwise.
            waits = asker.session_id is not None and not asker.roles
            raise NotFound(Reason("identity.record_waits" if waits else "identity.no_record", {}, "student_id"))
        return asker.student_id
    try:
        return StudentId(msgspec.convert(given, UUID))
    except msgspec.ValidationError:
        raise Invalid(Reason("data.not_an_id", {"given": given[:60]}, "student_id")) from None


def day_given(day: date | None, name: str) -> date | None:
    """Return the day; raise Invalid for one of another age, with which no rule could reckon."""
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise Invalid(
            Reason("data.day_out_of_range", {"earliest": FIRST_DAY.isoformat(), "latest": LAST_DAY.isoformat()}, name)
        )
    return day


def request_id_of(request: AnyRequest) -> str:
    """Return the request's id."""
    return arrival_of(request.scope).request_id  # type: ignore[arg-type]
