"""Records that others have prepared for a student: seen, accepted in part, declined; and where values came from."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.params import FromPath, JSONBody

from ....domain.imports.offer import BesideHers, ImportedFrom, RecordOffer
from ....domain.shared.ids import ApplicationId, RecordOfferId
from ..given import V1, StudentPath, Use, Who, refusals, student_in
from ..wire import Given, Id

Part = Annotated[str, msgspec.Meta(min_length=1, max_length=40, examples=["name"])]


class Taken(Given):
    """Which of the offered parts you take; the others are refused."""

    take: Annotated[list[Part], msgspec.Meta(min_length=1, max_length=20, examples=[["name", "citizenships"]])]


class OfferedBody(msgspec.Struct, frozen=True, kw_only=True):
    """One value that is offered, beside what you state yourself."""

    part: Annotated[str, msgspec.Meta(description="The part of the profile, as `change_profile` calls it.")]
    value: Annotated[Any, msgspec.Meta(description="In the form of a profile.")]
    columns: Annotated[list[str], msgspec.Meta(description="Of the file, from which it came.")]
    stated: Annotated[Any, msgspec.Meta(description="What you state yourself, null where that is nothing.")]
    can_be_taken: Annotated[bool, msgspec.Meta(description="False where you state something else, which stays.")]


class RecordOfferBody(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has prepared for you."""

    id: Id
    sender: Annotated[str, msgspec.Meta(description="The address of whoever sent the file.")]
    import_id: Id
    row: int
    offered_at: datetime
    until: datetime
    values: list[OfferedBody]


class RecordOfferList(msgspec.Struct, frozen=True):
    """What is offered to your confirmed address; the newest first."""

    items: list[RecordOfferBody]
    next: None = None


class OutcomeBody(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one value."""

    part: str
    outcome: Annotated[
        Literal["taken", "refused", "stated"],
        msgspec.Meta(description="`stated`: you had stated something else yourself, which has stayed."),
    ]


class AnsweredBody(msgspec.Struct, frozen=True, kw_only=True):
    """How you have answered an offer."""

    id: Id
    state: Literal["accepted", "declined"]
    values: list[OutcomeBody]


class ImportedBody(msgspec.Struct, frozen=True, kw_only=True):
    """Where one imported value comes from."""

    value: Annotated[str, msgspec.Meta(description="Its name, such as citizenships or portal_reference.")]
    import_id: Id
    row: int
    columns: list[str]
    says: Annotated[str | None, msgspec.Meta(description="What the file says, for an application.")] = None


class ImportedList(msgspec.Struct, frozen=True):
    """Where each imported value comes from; what was not imported is left out."""

    items: list[ImportedBody]
    next: None = None


@get(
    "/me/record-offers",
    operation_id="list_record_offers",
    tags=["Record offers"],
    summary="What was prepared for me?",
    description="Each value stands beside what you state yourself. Nothing of it is your record until you accept it.",
    responses=refusals(401),
)
async def list_record_offers(who: Who, use: Use) -> RecordOfferList:
    """List what is offered to your address, which must be confirmed."""
    found = await use.list_record_offers()(who)
    return RecordOfferList([_offer(one.offer, one.sender, one.values) for one in found])


@post(
    "/record-offers/{offer_id:str}/acceptance",
    status_code=200,
    operation_id="accept_record_offer",
    tags=["Record offers"],
    summary="Take some or all of what was prepared",
    description="What you state yourself is never overwritten. It lets the sender see nothing of your record.",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def accept_record_offer(offer_id: FromPath[UUID], data: JSONBody[Taken], who: Who, use: Use) -> AnsweredBody:
    """Take these values into your own record, and refuse the others."""
    return _answered(await use.accept_record_offer()(who, RecordOfferId(offer_id), frozenset(data.take)))


@post(
    "/record-offers/{offer_id:str}/refusal",
    status_code=200,
    operation_id="decline_record_offer",
    tags=["Record offers"],
    summary="Take nothing of what was prepared",
    description="What was prepared is forgotten, and its sender is not told.",
    responses=refusals(401, 403, 404, 409, 422),
)
async def decline_record_offer(offer_id: FromPath[UUID], who: Who, use: Use) -> AnsweredBody:
    """Decline the whole of an offer."""
    return _answered(await use.decline_record_offer()(who, RecordOfferId(offer_id)))


@get(
    "/students/{student_id:str}/profile/origins",
    operation_id="trace_profile",
    tags=["Profile"],
    summary="Show which parts of a profile were imported",
    responses=refusals(401, 404, 422),
)
async def trace_profile(student_id: StudentPath, who: Who, use: Use) -> ImportedList:
    """Return for each part that came from a file the import, the row and its columns."""
    found = await use.trace_profile()(who, student_in(student_id, who))
    return ImportedList([_imported(name, one) for name, one in found.items()])


@get(
    "/applications/{application_id:str}/imported",
    operation_id="show_filed",
    tags=["Applications"],
    summary="Show what files say of an application",
    description="The state, the deadline and the reference that a counsellor's file gives, beside what happened here.",
    responses=refusals(401, 404, 422),
)
async def show_filed(application_id: FromPath[UUID], who: Who, use: Use) -> ImportedList:
    """Return what was imported about an application, and from where in which file."""
    found = await use.show_filed()(who, ApplicationId(application_id))
    return ImportedList([_imported(name, origin, says) for name, (says, origin) in found.items()])


def _offer(one: RecordOffer, sender: str, values: Any) -> RecordOfferBody:
    return RecordOfferBody(
        id=str(one.id),
        sender=sender,
        import_id=str(one.import_id),
        row=one.row,
        offered_at=one.offered_at,
        until=one.until,
        values=[_value(value) for value in values],
    )


def _value(one: BesideHers) -> OfferedBody:
    offered = one.offered
    return OfferedBody(
        part=offered.part,
        value=offered.value,
        columns=list(offered.columns),
        stated=one.stated,
        can_be_taken=one.can_be_taken,
    )


def _answered(one: RecordOffer) -> AnsweredBody:
    state: Any = one.state.value
    values: list[Any] = [(value.part, value.outcome.value) for value in one.values if value.outcome is not None]
    return AnsweredBody(
        id=str(one.id), state=state, values=[OutcomeBody(part=part, outcome=outcome) for part, outcome in values]
    )


def _imported(name: str, one: ImportedFrom, says: str | None = None) -> ImportedBody:
    return ImportedBody(value=name, import_id=str(one.import_id), row=one.row, columns=list(one.columns), says=says)


router: Any = Router(
    V1,
    route_handlers=[list_record_offers, accept_record_offer, decline_record_offer, trace_profile, show_filed],
)
