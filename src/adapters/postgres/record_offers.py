"""Records that were prepared for students, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.imports.offer import OfferedValue, OfferState, Outcome, RecordOffer
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, ImportId, RecordOfferId, StudentId
from .engine import translated
from .tables_people import record_offers as table
from .versions import save_row

_GONE = (OfferState.REPLACED.value, OfferState.WITHDRAWN.value)


class PostgresRecordOffers:
    """The offers as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, offer: RecordOffer) -> None:
        row = {
            "id": offer.id,
            "import_id": offer.import_id,
            "row": offer.row,
            "by": offer.by,
            "email": offer.email,
            "digest": offer.digest,
            "offered_at": offer.offered_at,
            "until": offer.until,
            "replaces": offer.replaces,
            **_changing(offer),
            "version": offer.version + 1,
        }
        with translated():
            await self._connection.execute(insert(table).values(row))
        offer.version += 1

    async def get(self, offer_id: RecordOfferId) -> RecordOffer:
        found = await self._those(table.c.id == offer_id)
        if not found:
            raise NotFound
        return found[0]

    async def save(self, offer: RecordOffer) -> None:
        offer.version = await save_row(self._connection, table, offer.id, offer.version, _changing(offer))

    async def open_to(self, email: str, now: datetime) -> Sequence[RecordOffer]:
        c = table.c
        return await self._those(c.email == email, c.state == OfferState.OPEN.value, c.until > now)

    async def of_student(self, student_id: StudentId) -> Sequence[RecordOffer]:
        return await self._those(table.c.student_id == student_id)

    async def last_to(self, by: AccountId, email: str) -> RecordOffer | None:
        c = table.c
        found = await self._those(c.by == by, c.email == email, c.state.not_in(_GONE))
        return found[0] if found else None

    async def of_import(self, import_id: ImportId, after: int, limit: int) -> Sequence[RecordOffer]:
        query = select(table).where(table.c.import_id == import_id, table.c.row > after).order_by(table.c.row)
        with translated():
            return [_read(row) for row in await self._connection.execute(query.limit(limit))]

    async def _those(self, *where: ColumnElement[bool]) -> Sequence[RecordOffer]:
        query = select(table).where(*where).order_by(table.c.offered_at.desc(), table.c.id.desc())
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]


def _changing(offer: RecordOffer) -> dict[str, Any]:
    return {
        "values": [
            {"part": one.part, "value": one.value, "columns": list(one.columns), "outcome": one.outcome}
            for one in offer.values
        ],
        "state": offer.state.value,
        "student_id": offer.student_id,
        "ended_at": offer.ended_at,
    }


def _read(row: Row[Any]) -> RecordOffer:
    return RecordOffer(
        id=RecordOfferId(row.id),
        import_id=ImportId(row.import_id),
        row=row.row,
        by=AccountId(row.by),
        email=row.email,
        values=tuple(
            OfferedValue(
                one["part"],
                one["value"],
                tuple(one["columns"]),
                None if one["outcome"] is None else Outcome(one["outcome"]),
            )
            for one in row._mapping["values"]  # noqa: SLF001  the public way to a row's columns
        ),
        digest=row.digest,
        offered_at=row.offered_at,
        until=row.until,
        state=OfferState(row.state),
        replaces=row.replaces and RecordOfferId(row.replaces),
        student_id=row.student_id and StudentId(row.student_id),
        ended_at=row.ended_at,
        version=row.version,
    )
