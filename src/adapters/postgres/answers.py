"""Where answers to requests with an idempotency key are kept, in PostgreSQL."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio.engine import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from ...domain.identity.scopes import Doing
from ...domain.shared.ids import StudentId
from ...ports.answers import IdempotencyKeyReused, Needed, RequestKey, StoredAnswer
from .engine import translated
from .often import Often
from .tables import answers

_NOBODY = UUID(int=0)


_CLAIM = Often(
    insert(answers)
    .values(
        account_id=bindparam("account_id"),
        route=bindparam("route"),
        key=bindparam("key"),
        fingerprint=bindparam("fingerprint"),
        created_at=func.transaction_timestamp(),
    )
    .on_conflict_do_nothing()
    .returning(answers.c.status)
)
KEEP = (
    update(answers)
    .where(
        answers.c.account_id == bindparam("account_id"),
        answers.c.route == bindparam("route"),
        answers.c.key == bindparam("key"),
    )
    .values(
        status=bindparam("new_status"),
        headers=bindparam("new_headers"),
        body=bindparam("new_body"),
        student_id=bindparam("new_student_id"),
        doing=bindparam("new_doing"),
    )
)
_KEEP = Often(KEEP)


class PostgresAnswers:
    """The answers as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._unwritten: dict[str, Any] | None = None
        self._needed: Needed | None = None

    async def claim(self, request: RequestKey, fingerprint: bytes) -> StoredAnswer | None:
        await self.write()
        # The insert waits for another transaction that inserted the same key and has not ended yet.
        if await _CLAIM.rows(self._connection, **_key(request), fingerprint=fingerprint):
            return None
        with translated():
            row = (await self._connection.execute(select(answers).where(_is(request)).with_for_update())).one()
        if bytes(row.fingerprint) != fingerprint:
            raise IdempotencyKeyReused
        return None if row.status is None else _answer(row)

    def need(self, needed: Needed) -> None:
        self._needed = needed

    async def keep(self, request: RequestKey, answer: StoredAnswer) -> None:
        """As the port says; it is written at the end of the unit, together with what else is written there."""
        await self.write()
        headers = msgspec.json.encode(answer.headers).decode()
        new = {"new_status": answer.status, "new_headers": headers, "new_body": answer.body, **_needing(self._needed)}
        self._unwritten = {**_key(request), **new}

    async def write(self) -> None:
        """Write the answer that is kept and not written yet, if there is one."""
        if answer := self.taken():
            await _KEEP.rows(self._connection, **answer)

    def taken(self) -> dict[str, Any] | None:
        """Return the values of the answer that is not written yet, for whoever writes it now."""
        answer, self._unwritten = self._unwritten, None
        return answer


def _answer(row: Row[Any]) -> StoredAnswer:
    needed = None if row.student_id is None else Needed(StudentId(row.student_id), Doing(row.doing))
    return StoredAnswer(row.status, row.headers, bytes(row.body), needed)


def _needing(needed: Needed | None) -> dict[str, Any]:
    return {
        "new_student_id": needed.student_id if needed else None,
        "new_doing": needed.doing.value if needed else None,
    }


def _key(request: RequestKey) -> dict[str, Any]:
    return {"account_id": request.account_id or _NOBODY, "route": request.route, "key": request.key}


def _is(request: RequestKey) -> ColumnElement[bool]:
    return tuple_(answers.c.account_id, answers.c.route, answers.c.key) == (
        request.account_id or _NOBODY,
        request.route,
        request.key,
    )
