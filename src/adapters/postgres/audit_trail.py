"""The audit trail, in PostgreSQL."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    LargeBinary,
    RowMapping,
    Select,
    Table,
    any_,
    bindparam,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.audit.chain import Head, Kept, Seal, Sealed
from ...domain.audit.query import Position, Query
from ...domain.shared.ids import AccountId, EntryId, StudentId
from .audit_entries import kept_of
from .engine import translated
from .locks import held
from .tables_audit import entries, sealed, seals, waiting

_SEALING = "audit trail: sealing"
_LAST = 2**63 - 1
_COPIED = ("at", "action", "subject_id", "student_id", "actor", "request_id")
_SEALED = text("""
    WITH given AS (
        INSERT INTO audit_sealed
            (place, number, entry_id, digest, at, action, subject_id, student_id, actor, request_id)
        SELECT place, :number, id, digest, at, action, subject_id, student_id, actor, request_id
        FROM unnest(:places, :digests) AS given (place, digest) JOIN audit_entries USING (place)
    )
    DELETE FROM audit_waiting WHERE place = ANY(:places)
""").bindparams(
    bindparam("number", type_=BigInteger),
    bindparam("places", type_=ARRAY(BigInteger)),
    bindparam("digests", type_=ARRAY(LargeBinary)),
)


class PostgresAuditTrail:
    """The trail as one transaction sees it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def search(self, query: Query, limit: int, after: Position | None = None) -> Sequence[Kept]:
        # What is sealed is found by its keys there; what waits is of the last second, and is looked through.
        among = [
            select(table.c.place, by.c.at)
            .select_from(table.join(entries, entries.c.place == table.c.place))
            .where(*_conditions(query, by, after))
            .order_by(by.c.at.desc(), table.c.place.desc())
            .limit(limit)
            for table, by in ((sealed, sealed), (waiting, entries))
        ]
        places = union_all(*among).subquery()
        asked = (
            select(entries)
            .where(entries.c.place.in_(select(places.c.place)))
            .order_by(entries.c.at.desc(), entries.c.place.desc())
            .limit(limit)
        )
        return [kept_of(row) for row in await self._rows(asked)]

    async def is_mine_to_seal(self) -> bool:
        return await held(self._connection, _SEALING)

    async def waiting(self, limit: int) -> Sequence[Kept]:
        # A line that stands for nothing, or for what is sealed, must not keep others from their seal.
        places = (
            select(waiting.c.place)
            .where(
                select(entries.c.place).where(entries.c.place == waiting.c.place).exists(),
                ~select(sealed.c.place).where(sealed.c.place == waiting.c.place).exists(),
            )
            .distinct()
            .order_by(waiting.c.place)
            .limit(limit)
        )
        found = await self._rows(select(entries).where(entries.c.place.in_(places)).order_by(entries.c.place))
        return [kept_of(row) for row in found]

    async def seal(self, seal: Seal) -> None:
        head, places = seal.head, [one.place for one in seal.entries]
        digests = [bytes.fromhex(one.digest) for one in seal.entries]
        with translated():
            await self._connection.execute(
                insert(seals).values(
                    number=head.number,
                    previous=seal.previous,
                    hash=head.hash,
                    sealed_at=head.sealed_at,
                    key=head.key,
                    signature=head.signature,
                )
            )
            await self._connection.execute(_SEALED, {"number": head.number, "places": places, "digests": digests})

    async def last(self) -> Head | None:
        found = await self._rows(select(seals).order_by(seals.c.number.desc()).limit(1))
        return _head(found[0]) if found else None

    async def seals(self, since: int, limit: int) -> Sequence[Seal]:
        heads = await self._rows(select(seals).where(seals.c.number >= since).order_by(seals.c.number).limit(limit))
        numbers = [row["number"] for row in heads]
        listed = (
            select(sealed)
            .where(sealed.c.number == any_(literal(numbers, ARRAY(BigInteger))))
            .order_by(sealed.c.number, sealed.c.place)
        )
        of = {number: tuple(rows) for number, rows in _by_number(await self._rows(listed))}
        return [Seal(_head(row), row["previous"], of.get(row["number"], ())) for row in heads]

    async def heads(self, numbers: Sequence[int]) -> Mapping[int, Head]:
        found = await self._rows(select(seals).where(seals.c.number == any_(literal(list(numbers), ARRAY(BigInteger)))))
        return {row["number"]: _head(row) for row in found}

    async def at(self, places: Sequence[int]) -> Mapping[int, Kept]:
        found = await self._rows(
            select(entries).where(entries.c.place == any_(literal(list(places), ARRAY(BigInteger))))
        )
        return {row["place"]: kept_of(row) for row in found}

    async def strays(self, since: int, limit: int) -> tuple[Sequence[Kept], int | None]:
        # One statement, so that it sees an entry wait, or sealed, and never between the two. A line that says "sealed"
        # counts with a seal that is looked at: whoever puts an entry in can put such a line in as well.
        by_a_seal = sealed.join(seals, seals.c.number == sealed.c.number)
        neither = (
            _within(since, limit)
            .where(
                ~select(sealed.c.place)
                .select_from(by_a_seal)
                .where(sealed.c.place == entries.c.place, seals.c.number >= 1, _among(sealed.c.place, since, limit))
                .exists(),
                ~select(waiting.c.place).where(waiting.c.place == entries.c.place).exists(),
            )
            .order_by(entries.c.place)
        )
        found = [kept_of(row) for row in await self._rows(neither)]
        with translated():
            beyond = select(func.min(entries.c.place)).where(entries.c.place > _last_of(since, limit))
            return found, (await self._connection.execute(beyond)).scalar_one()

    async def misfiled(self, since: int, limit: int) -> Sequence[Kept]:
        differs = or_(*(sealed.c[name].is_distinct_from(entries.c[name]) for name in _COPIED))
        asked = _within(since, limit).join(sealed, sealed.c.place == entries.c.place)
        asked = asked.where(differs, _among(sealed.c.place, since, limit))
        return [kept_of(row) for row in await self._rows(asked.order_by(entries.c.place))]

    async def forget_addresses(self, before: datetime, limit: int) -> int:
        return await self._count(func.forget_audit_addresses(before, limit))

    async def forget_person(self, student_id: StudentId | None, account_id: AccountId, limit: int) -> int:
        return await self._count(func.forget_person_in_audit(student_id, account_id, limit))

    async def _count(self, function: Any) -> int:
        with translated():
            return int((await self._connection.execute(select(function))).scalar_one())

    async def _rows(self, asked: Select[Any]) -> Sequence[RowMapping]:
        with translated():
            found = await self._connection.execute(asked)
        rows: Sequence[RowMapping] = found.mappings().all()
        return rows


def _within(since: int, limit: int) -> Select[Any]:
    return select(entries).where(_among(entries.c.place, since, limit))


def _among(place: ColumnElement[int], since: int, limit: int) -> ColumnElement[bool]:
    """Said of each table that is looked into, so that none is read from end to end."""
    return place.between(since, _last_of(since, limit))


def _last_of(since: int, limit: int) -> int:
    return min(since + limit - 1, _LAST)


def _conditions(query: Query, by: Table, after: Position | None) -> Iterator[ColumnElement[bool]]:
    """Yield what an entry has to be, by the columns of that table, which hold the same."""
    for column, wanted in (
        (by.c.actor, query.actor),
        (by.c.student_id, query.student_id),
        (entries.c.subject, query.subject),
        (by.c.subject_id, query.subject_id),
        (by.c.request_id, query.request_id),
    ):
        if wanted:
            yield column == wanted
    if query.action.endswith("."):
        yield by.c.action.startswith(query.action, autoescape=True)
    elif query.action:
        yield by.c.action == query.action
    if query.since is not None:
        yield by.c.at >= query.since
    if query.until is not None:
        yield by.c.at < query.until
    if after is not None:
        yield tuple_(by.c.at, by.c.place) < (after.at, after.place)


def _by_number(rows: Sequence[RowMapping]) -> Iterator[tuple[int, Iterator[Sealed]]]:
    for number, group in groupby(rows, key=lambda row: row["number"]):
        yield number, (Sealed(row["place"], EntryId(row["entry_id"]), bytes(row["digest"]).hex()) for row in group)


def _head(row: RowMapping) -> Head:
    return Head(row["number"], row["hash"], row["sealed_at"], row["key"], bytes(row["signature"]))
