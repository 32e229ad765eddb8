"""What personal data is used for, and what of it a student has allowed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Router, get, put
from litestar.params import FromPath, JSONBody

from ....domain.rights.consent import Consent, Said, Standing
from ..given import V1, StudentPath, Use, Who, refusals, student_in
from ..wire import Given, Id
from ..words import text_of


class ConsentGiven(Given):
    """Yes or no; a yes names the wording that was read."""

    given: bool
    wording: Annotated[str, msgspec.Meta(max_length=40, examples=["1"])] = ""


class PurposeBody(msgspec.Struct, frozen=True, kw_only=True):
    """One use of the data, the text that is shown for it, and whether it is allowed."""

    purpose: Annotated[str, msgspec.Meta(examples=["further_messages"])]
    needed: Annotated[bool, msgspec.Meta(description="It goes with the service: there is nothing to choose.")]
    title: str
    text: str
    wording: Annotated[str, msgspec.Meta(description="The version of the text, to send back with a yes.")]
    holds: Annotated[bool, msgspec.Meta(description="Whether the data may be used for it now.")]
    outdated: Annotated[bool, msgspec.Meta(description="Whether an earlier text was agreed to.")]


class SaidBody(msgspec.Struct, frozen=True):
    """What was said to a purpose: to which wording, when, and by whom."""

    id: Id
    purpose: str
    said: Literal["given", "withdrawn"]
    wording: str
    at: datetime
    by: Id


class ConsentPage(msgspec.Struct, frozen=True):
    """How each purpose stands, and everything that was ever said, the oldest first."""

    items: list[PurposeBody]
    said: list[SaidBody]
    next: None = None


@get(
    "/students/{student_id:str}/consents",
    operation_id="list_consents",
    summary="What is your data used for?",
    responses=refusals(401, 404, 422),
)
async def list_consents(student_id: StudentPath, who: Who, use: Use) -> ConsentPage:
    """Show each purpose, and what you said to it."""
    found, said = await use.list_consents()(who, student_in(student_id, who))
    return ConsentPage([_body(one) for one in found], [_said(one) for one in said])


@put(
    "/students/{student_id:str}/consents/{purpose:str}",
    operation_id="say_consent",
    summary="Allow a purpose, or withdraw it",
    description="It counts at once. What was said before stays on record.",
    responses=refusals(401, 404, 409, 413, 415, 422),
)
async def say_consent(
    student_id: StudentPath, purpose: FromPath[str], data: JSONBody[ConsentGiven], who: Who, use: Use
) -> PurposeBody:
    """Say what your data may be used for."""
    said = Said.GIVEN if data.given else Said.WITHDRAWN
    return _body(await use.say_consent()(who, student_in(student_id, who), purpose, said, data.wording))


def _body(one: Standing) -> PurposeBody:
    purpose = one.purpose
    return PurposeBody(
        purpose=purpose.id,
        needed=purpose.needed,
        title=text_of(purpose),
        text=text_of(purpose.wording, "text"),
        wording=purpose.wording.version,
        holds=one.holds,
        outdated=one.is_outdated,
    )


def _said(one: Consent) -> SaidBody:
    return SaidBody(str(one.id), one.purpose, one.said.value, one.wording, one.at, str(one.by))


router: Any = Router(V1, route_handlers=[list_consents, say_consent], tags=["Rights"])
