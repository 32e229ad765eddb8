"""Where texts of rule packs are kept, and which of them came into force when, in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, insert, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.rulebook.editions import Edition, StoredPack
from ...domain.shared.errors import NotFound, Reason
from ...domain.shared.ids import AccountId, EditionId, ImpactId
from .engine import translated
from .tables_rulebook import rule_editions, rule_packs

_HEAD = [column for column in rule_packs.c if column.name != "text"]


class PostgresRuleEditions:
    """The packs and editions as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_pack(self, pack: StoredPack, text: str) -> bool:
        row = {
            "sha256": pack.sha256,
            "pack_id": pack.pack_id,
            "pack_version": pack.version,
            "title": pack.title,
            "size": pack.size,
            "text": text,
            "uploaded_at": pack.uploaded_at,
            "by": pack.by,
        }
        with translated():
            kept = await self._connection.execute(upsert(rule_packs).values(row).on_conflict_do_nothing())
        return kept.rowcount == 1

    async def pack(self, sha256: str) -> StoredPack:
        with translated():
            row = (await self._connection.execute(select(*_HEAD).where(rule_packs.c.sha256 == sha256))).first()
        if row is None:
            raise _unknown(sha256)
        return _read_pack(row)

    async def packs(self, after: str | None, limit: int) -> Sequence[StoredPack]:
        t = rule_packs.c
        query = select(*_HEAD).order_by(t.uploaded_at.desc(), t.sha256).limit(limit)
        if after is not None:
            moment = select(t.uploaded_at).where(t.sha256 == after).scalar_subquery()
            query = query.where(or_(t.uploaded_at < moment, and_(t.uploaded_at == moment, t.sha256 > after)))
        with translated():
            return [_read_pack(row) for row in await self._connection.execute(query)]

    async def texts(self, hashes: Collection[str]) -> Mapping[str, str]:
        query = select(rule_packs.c.sha256, rule_packs.c.text).where(rule_packs.c.sha256.in_(hashes))
        with translated():
            found = {row.sha256: row.text for row in await self._connection.execute(query)}
        missing = sorted(set(hashes) - found.keys())
        if missing:
            raise _unknown(*missing)
        return found

    async def latest(self) -> Edition | None:
        return await self._newest()

    async def find(self, sha256: str) -> Edition | None:
        return await self._newest(rule_editions.c.sha256 == sha256)

    async def editions(self, before: int | None, limit: int) -> Sequence[Edition]:
        query = select(rule_editions).order_by(rule_editions.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(rule_editions.c.number < before)
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]

    async def add(self, edition: Edition) -> None:
        row = {
            "number": edition.number,
            "id": edition.id,
            "sha256": edition.sha256,
            "packs": list(edition.packs),
            "chosen": list(edition.chosen),
            "activated_at": edition.activated_at,
            "by": edition.by,
            "reason": edition.reason,
            "impact_id": edition.impact,
        }
        with translated():
            await self._connection.execute(insert(rule_editions).values(row))

    async def _newest(self, *which: ColumnElement[bool]) -> Edition | None:
        query = select(rule_editions).where(*which).order_by(rule_editions.c.number.desc()).limit(1)
        with translated():
            row = (await self._connection.execute(query)).first()
        return None if row is None else _read(row)


def _read(row: Row[Any]) -> Edition:
    return Edition(
        id=EditionId(row.id),
        number=row.number,
        packs=tuple(row.packs),
        chosen=tuple(row.chosen),
        activated_at=row.activated_at,
        by=None if row.by is None else AccountId(row.by),
        reason=row.reason,
        impact=None if row.impact_id is None else ImpactId(row.impact_id),
    )


def _read_pack(row: Row[Any]) -> StoredPack:
    by = None if row.by is None else AccountId(row.by)
    return StoredPack(row.sha256, row.pack_id, row.pack_version, row.title, row.size, row.uploaded_at, by)


def _unknown(*hashes: str) -> NotFound:
    return NotFound(*(Reason("edition.unknown_pack", {"sha256": one[:80]}, "packs") for one in hashes))
