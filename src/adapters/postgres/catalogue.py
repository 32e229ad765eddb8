"""Where institutions and programmes are kept and looked for, in PostgreSQL."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, cast, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio.engine import AsyncConnection
from sqlalchemy.types import Text, Uuid

from ...domain.catalogue.folding import words_of
from ...domain.catalogue.programme import Institution, Programme
from ...domain.catalogue.search import Position, ProgrammeQuery
from ...domain.imports.programmes import institution_of, programme_of, stored_programme
from ...domain.imports.rows import Edition, InstitutionRow, ProgrammeRow
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import InstitutionId, ProgrammeId
from ...domain.shared.sources import Source, SourceKind
from .engine import translated
from .often import Often
from .tables_catalogue import editions, institutions, programmes

_PAGE = 1_000
_WITH_INSTITUTION = select(
    programmes, *(column.label(f"institution_{column.name}") for column in institutions.c if column.name != "id")
).join_from(programmes, institutions, programmes.c.institution_id == institutions.c.id)


_STORED = Often(
    select(
        programmes.c.institution_id,
        institutions.c.key.label("institution_key"),
        (programmes.c.expired | programmes.c.withdrawn).label("expired"),
        programmes.c.details,
    )
    .join_from(programmes, institutions, programmes.c.institution_id == institutions.c.id)
    .where(programmes.c.id == bindparam("id"), programmes.c.details.is_not(None))
)
"""A programme that is kept whole needs nothing of its catalogue's edition."""


class PostgresCatalogue:
    """The catalogue as one transaction sees it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._sources: dict[str, Source] = {}
        self._institutions: dict[InstitutionId, Institution] = {}

    async def programme(self, programme_id: ProgrammeId) -> Programme:
        for row in await _STORED.rows(self._connection, id=programme_id):
            institution = {row["institution_key"]: row["institution_id"]}
            return stored_programme(row["details"], programme_id, institution, row["expired"])
        found = await self._find(_WITH_INSTITUTION.where(programmes.c.id == programme_id))
        if not found:
            raise NotFound
        return found[0]

    async def programme_as_it_was(self, before: Mapping[str, Any]) -> Programme:
        """Return the programme from a row as the history keeps it, at its institution as that is now."""
        row: Any = SimpleNamespace(**{column.name: before.get(column.name) for column in programmes.c})
        institution = await self.institution(InstitutionId(UUID(row.institution_id)))
        return programme_of(
            _programme_row(row, institution.key),
            UUID(row.id),
            institution,
            await self._source(row.origin),
            row.withdrawn or False,
        )

    async def programmes(self, ids: Iterable[ProgrammeId]) -> Sequence[Programme]:
        wanted = list(ids)
        rows = await self._find(_WITH_INSTITUTION.where(programmes.c.id == func.any(_uuids(wanted))))
        found = {programme.id: programme for programme in rows}
        return [found[id_] for id_ in wanted if id_ in found]

    async def find_by_key(self, key: str) -> Programme | None:
        found = await self._find(_WITH_INSTITUTION.where(programmes.c.key == key))
        return found[0] if found else None

    async def institution(self, institution_id: InstitutionId) -> Institution:
        query = select(institutions).where(institutions.c.id == institution_id)
        with translated():
            row = (await self._connection.execute(query)).first()
        if row is None:
            raise NotFound
        return institution_of(_institution_row(row, ""), row.id, await self._source(row.origin))

    async def search(self, query: ProgrammeQuery, after: Position | None, limit: int) -> Sequence[Programme]:
        conditions = await self._conditions(query)
        if after is not None:
            conditions.append(tuple_(programmes.c.name, programmes.c.id) > tuple_(after.name, after.id))
        statement = _WITH_INSTITUTION.where(and_(True, *conditions))
        return await self._find(statement.order_by(programmes.c.name, programmes.c.id).limit(limit))

    async def every(self, query: ProgrammeQuery) -> AsyncIterator[Programme]:
        next_page = partial(self.search, query, limit=_PAGE)
        page = await next_page(None)
        while page:
            for programme in page:
                yield programme
            page = await next_page(Position(page[-1].name, page[-1].id)) if len(page) == _PAGE else ()

    async def _conditions(self, query: ProgrammeQuery) -> list[ColumnElement[bool]]:
        t = programmes.c
        found: list[ColumnElement[bool]] = [] if query.include_expired else [~t.expired, ~t.withdrawn]
        if query.countries:
            found.append(t.country.in_(query.countries))
        if query.levels:
            found.append(t.level.in_([level.value for level in query.levels]))
        if query.languages:
            found.append(t.languages.overlap(cast(list(query.languages), ARRAY(Text))))
        if query.fields:
            code = func.unnest(t.fields).column_valued("code")
            prefixes = [code.startswith(prefix, autoescape=True) for prefix in query.fields]
            found.append(select(code).where(or_(*prefixes)).exists())
        return found + [await self._holds(word) for word in words_of(query.text)]

    async def _holds(self, word: str) -> ColumnElement[bool]:
        """The word in the programme's name or its institution's, of which there are few enough to look up first."""
        query = select(institutions.c.id).where(institutions.c.search.contains(word, autoescape=True))
        with translated():
            named_so = list((await self._connection.execute(query)).scalars())
        in_name = programmes.c.search.contains(word, autoescape=True)
        return or_(in_name, programmes.c.institution_id == func.any(_uuids(named_so))) if named_so else in_name

    async def _find(self, query: Select[Any]) -> list[Programme]:
        with translated():
            rows = (await self._connection.execute(query)).all()
        return [await self._programme(row) for row in rows]

    async def _programme(self, row: Row[Any]) -> Programme:
        institution = self._institutions.get(row.institution_id)
        if institution is None:
            source = await self._source(row.institution_origin)
            institution = institution_of(_institution_row(row, "institution_"), row.institution_id, source)
            self._institutions[institution.id] = institution
        return programme_of(
            _programme_row(row, institution.key), row.id, institution, await self._source(row.origin), row.withdrawn
        )

    async def _source(self, origin: str) -> Source:
        if origin not in self._sources:
            with translated():
                row = (await self._connection.execute(select(editions).where(editions.c.origin == origin))).one()
            edition = Edition(row.origin, row.title, row.edition, SourceKind(row.kind), row.url)
            self._sources[origin] = edition.source(row.retrieved_on)
        return self._sources[origin]


def _uuids(ids: Sequence[Any]) -> ColumnElement[Any]:
    return literal(list(ids), ARRAY(Uuid))


def _institution_row(row: Row[Any], prefix: str) -> InstitutionRow:
    columns = row._mapping  # noqa: SLF001  the public way to a row's columns
    source = columns[f"{prefix}source"]
    return InstitutionRow(
        key=columns[f"{prefix}key"],
        name=columns[f"{prefix}name"],
        country=columns[f"{prefix}country"],
        city=columns[f"{prefix}city"],
        zone=columns[f"{prefix}zone"],
        sector=columns[f"{prefix}sector"],
        website=columns[f"{prefix}website"],
        source=None if source is None else _json(source),
        stated=None,
        digest=columns[f"{prefix}digest"],
    )


def _programme_row(row: Row[Any], institution_key: str) -> ProgrammeRow:
    return ProgrammeRow(
        key=row.key,
        institution_key=institution_key,
        name=row.name,
        search=row.search,
        level=row.level,
        award=row.award,
        fields=tuple(row.fields),
        languages=tuple(row.languages),
        country=row.country,
        duration_months=row.duration_months,
        duration_weeks=row.duration_weeks,
        tuition_minor=row.tuition_minor,
        tuition_currency=row.tuition_currency,
        tuition_per=row.tuition_per,
        expired=row.expired,
        synthetic=row.synthetic,
        details=None if row.details is None else _json(row.details),
        stated=None,
        digest=row.digest,
        campuses=(),
        places=row.places,
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
