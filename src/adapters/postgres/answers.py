"""Where answers to requests with an idempotency key are kept, in PostgreSQL."""

from uuid import UUID

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from ...ports.answers import IdempotencyKeyReused, RequestKey, StoredAnswer
from .engine import translated
from .tables import answers

_NOBODY = UUID(int=0)


class PostgresAnswers:
    """The answers as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def claim(self, request: RequestKey, fingerprint: bytes) -> StoredAnswer | None:
        claimed = (
            insert(answers)
            .values(
                account_id=request.account_id or _NOBODY,
                route=request.route,
                key=request.key,
                fingerprint=fingerprint,
                created_at=func.transaction_timestamp(),
            )
            .on_conflict_do_nothing()
        )
        with translated():
            # The insert waits for another transaction that inserted the same key and has not ended yet.
            if (await self._connection.execute(claimed)).rowcount == 1:
                return None
            row = (await self._connection.execute(select(answers).where(_is(request)).with_for_update())).one()
        if bytes(row.fingerprint) != fingerprint:
            raise IdempotencyKeyReused
        return None if row.status is None else StoredAnswer(row.status, row.headers, bytes(row.body))

    async def keep(self, request: RequestKey, answer: StoredAnswer) -> None:
        with translated():
            await self._connection.execute(
                update(answers)
                .where(_is(request))
                .values(status=answer.status, headers=dict(answer.headers), body=answer.body)
            )


def _is(request: RequestKey) -> ColumnElement[bool]:
    return tuple_(answers.c.account_id, answers.c.route, answers.c.key) == (
        request.account_id or _NOBODY,
        request.route,
        request.key,
    )
