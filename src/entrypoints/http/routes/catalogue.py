"""Looking through institutions and programmes; anybody may."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, get
from litestar.params import FromPath, QueryParameter

from ....domain.catalogue.programme import Fee, Institution, Level, Programme
from ....domain.catalogue.search import Position, ProgrammeQuery
from ....domain.catalogue.writing import programme_data
from ....domain.shared.ids import InstitutionId, ProgrammeId
from ..copies import NOT_MODIFIED, TAGGED, Copied
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..given import V1, AnyRequest, Cursor, PageSize, Use, refusals
from ..wire import Id, MoneyBody, SourceBody, money_body, source_body

Text = Annotated[str, QueryParameter(name="text", max_length=200, required=False, description="Words to look for.")]
Countries = Annotated[
    list[Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]] | None,
    QueryParameter(name="country", required=False, max_items=50, description="ISO 3166-1 alpha-2, one or several."),
]
Levels = Annotated[
    list[Level] | None, QueryParameter(name="level", required=False, max_items=10, description="One or several.")
]
Fields = Annotated[
    list[Annotated[str, msgspec.Meta(pattern="^[0-9]{2,4}$")]] | None,
    QueryParameter(name="field", required=False, max_items=50, description="ISCED-F 2013 codes or their beginnings."),
]
Languages = Annotated[
    list[Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}$")]] | None,
    QueryParameter(name="language", required=False, max_items=20, description="Language of instruction, ISO 639-1."),
]
Expired = Annotated[
    bool, QueryParameter(name="include_expired", required=False, description="Also what is no longer offered.")
]


LONGEST_COMMON = 40


class InstitutionBody(msgspec.Struct, frozen=True):
    """Somewhere one can study; what its page does not say is empty or null, and means unknown."""

    id: Id
    key: str
    name: str
    country: str
    city: str
    zone: str
    sector: str | None
    website: str
    source: SourceBody


class FeeBody(msgspec.Struct, frozen=True):
    """An amount, the time it pays for, and the page that states it."""

    amount: MoneyBody
    per: Annotated[str, msgspec.Meta(examples=["semester", "year", "programme"])]
    audience: str
    source: SourceBody
    confidence: str


class ProgrammeSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A programme in a list. ``confidence`` H or M is verified; L and U are not."""

    id: Id
    key: str
    name: str
    award: str
    level: str
    institution_id: Id
    institution: str
    country: str
    city: str
    fields: list[str]
    languages: list[str]
    duration_months: int | None
    duration_weeks: int | None
    tuition_a_year: MoneyBody | None
    confidence: str
    synthetic: bool
    expired: bool


class ProgrammeBody(ProgrammeSummary, frozen=True, kw_only=True):
    """A programme with what it requires and when it begins, in the form that catalogues are written in."""

    tuition: FeeBody | None
    application_fee: FeeBody | None
    requirement: dict[str, Any] | None
    intakes: list[dict[str, Any]]
    notes: list[str]
    source: SourceBody
    sources: list[dict[str, Any]]


class ProgrammePage(msgspec.Struct, frozen=True):
    """Some programmes; hand ``next`` back as ``cursor`` for more."""

    items: list[ProgrammeSummary]
    next: str | None


@get(
    "/programmes",
    operation_id="search_programmes",
    summary="Search programmes",
    responses={**refusals(422), **NOT_MODIFIED},
    response_headers=TAGGED,
)
async def search_programmes(
    request: AnyRequest,
    use: Use,
    copies: Copied,
    text: Text = "",
    country: Countries = None,
    level: Levels = None,
    field: Fields = None,
    language: Languages = None,
    include_expired: Expired = False,
    cursor: Cursor = None,
    limit: PageSize = 20,
) -> Response[ProgrammePage]:
    """Return what fits all filters, ordered by name."""
    query = query_of(text, country, level, field, language, include_expired)
    after = position(cursor, tuple[str, UUID])

    async def page() -> ProgrammePage:
        found = await use.search_programmes()(
            query, Position(after[0], ProgrammeId(after[1])) if after else None, limit
        )
        further = cursor_of((found.next.name, found.next.id)) if found.next else None
        return ProgrammePage([summary_of(programme) for programme in found.items], further)

    keep = after is None and is_common(query)
    return await copies.answer(request, ("search_programmes", query, limit), page, keep=keep)


@get(
    "/programmes/{programme_id:str}",
    operation_id="get_programme",
    summary="Show a programme",
    responses={**refusals(404, 422), **NOT_MODIFIED},
    response_headers=TAGGED,
)
async def get_programme(
    request: AnyRequest, programme_id: FromPath[UUID], use: Use, copies: Copied
) -> Response[ProgrammeBody]:
    """Show one programme with the page behind each figure."""

    async def body() -> ProgrammeBody:
        return _programme(await use.get_programme()(ProgrammeId(programme_id)))

    return await copies.answer(request, ("get_programme", programme_id), body)


def _programme(programme: Programme) -> ProgrammeBody:
    stated = programme_data(programme)
    return ProgrammeBody(
        **msgspec.structs.asdict(summary_of(programme)),
        tuition=_fee(programme.tuition),
        application_fee=_fee(programme.application_fee),
        requirement=stated["programme"].get("requirement"),
        intakes=stated["programme"].get("intakes", []),
        notes=list(programme.notes),
        source=source_body(programme.source),
        sources=stated["sources"],
    )


@get(
    "/institutions/{institution_id:str}",
    operation_id="get_institution",
    summary="Show an institution",
    responses={**refusals(404, 422), **NOT_MODIFIED},
    response_headers=TAGGED,
)
async def get_institution(
    request: AnyRequest, institution_id: FromPath[UUID], use: Use, copies: Copied
) -> Response[InstitutionBody]:
    """Show one institution."""

    async def body() -> InstitutionBody:
        return _institution(await use.get_institution()(InstitutionId(institution_id)))

    return await copies.answer(request, ("get_institution", institution_id), body)


def is_common(query: ProgrammeQuery) -> bool:
    """Whether others are likely to ask the same: a few words, and at most one choice of each kind.

    Whoever makes up questions that nobody else asks is not to fill the room for copies.
    """
    choices = (query.countries, query.levels, query.fields, query.languages)
    return len(query.text) <= LONGEST_COMMON and all(len(kind) <= 1 for kind in choices)


def query_of(
    text: str,
    countries: list[str] | None,
    levels: list[Level] | None,
    fields: list[str] | None,
    languages: list[str] | None,
    include_expired: bool = False,
) -> ProgrammeQuery:
    """Return the filters as a question to the catalogue."""
    return ProgrammeQuery(
        text=text.strip(),
        countries=tuple(countries or ()),
        levels=tuple(levels or ()),
        fields=tuple(fields or ()),
        languages=tuple(languages or ()),
        include_expired=include_expired,
    )


def summary_of(programme: Programme) -> ProgrammeSummary:
    """Return the programme as lists show it."""
    institution = programme.institution
    return ProgrammeSummary(
        id=str(programme.id),
        key=programme.key,
        name=programme.name,
        award=programme.award,
        level=programme.level.value,
        institution_id=str(institution.id),
        institution=institution.name,
        country=institution.country,
        city=institution.city,
        fields=list(programme.fields),
        languages=list(programme.languages),
        duration_months=programme.duration_months,
        duration_weeks=programme.duration_weeks,
        tuition_a_year=money_body(programme.tuition_a_year),
        confidence=programme.confidence.value,
        synthetic=programme.synthetic,
        expired=programme.expired,
    )


def _fee(fee: Fee | None) -> FeeBody | None:
    amount = money_body(fee.money) if fee else None
    if fee is None or amount is None:
        return None
    return FeeBody(amount, fee.per.value, fee.audience, source_body(fee.source), fee.confidence.value)


def _institution(institution: Institution) -> InstitutionBody:
    return InstitutionBody(
        id=str(institution.id),
        key=institution.key,
        name=institution.name,
        country=institution.country,
        city=institution.city,
        zone=institution.zone,
        sector=institution.sector.value if institution.sector else None,
        website=institution.website,
        source=source_body(institution.source),
    )


router: Any = Router(V1, route_handlers=[search_programmes, get_programme, get_institution], tags=["Catalogue"])
