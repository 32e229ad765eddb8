"""Who an account is now, in PostgreSQL: a copy in this process for less than a second, dropped when it changes."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from ...domain.identity.account import Role
from ...domain.identity.scopes import Granted, Kind, Scope
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, GrantId, SessionId, StudentId
from ...ports.errors import Unavailable
from ...ports.standings import Standing
from .listener import PostgresListener
from .reading import Reading

CHANNEL = "accounts"
"""Where the id of an account is called out by the transaction that changes or removes it."""

OLDEST = 0.9
"""Seconds that a copy counts, from before the question was sent."""

_LONGEST = 1.0
_QUESTIONS = 3
_MOST = 20_000
_STANDING = """SELECT roles, student_id, ARRAY(
    SELECT id FROM sessions WHERE account_id = $1 AND ended_at IS NULL AND until > now()
), (
    SELECT json_agg(json_build_array(student_id, id, owner_id, scopes, kind, reason) ORDER BY given_at DESC, id DESC)
    FROM grants
    WHERE account_id = $1 AND accepted_at IS NOT NULL AND ended_at IS NULL AND until > now()
) FROM accounts WHERE id = $1"""


class _Held(msgspec.Struct, array_like=True, frozen=True):
    """A row of grants as the question above returns it."""

    student_id: UUID
    grant_id: UUID
    owner: UUID
    scopes: list[str]
    kind: str
    reason: str


class _Copy(NamedTuple):
    standing: Standing
    asked_at: float


class PostgresStandings:
    """Asks once for all who come with an account at the same time, and not again while the copy counts.

    What holds the promise of the port: a copy's age is counted from before the question was sent, and an answer that
    took a second itself is asked for again. Besides, a copy is dropped by the notification of a change, and all are
    when the connection that hears of changes is lost or new; an answer that was under way then is used by those who
    waited for it, and not kept. Where no notification comes, the age alone does it.
    """

    def __init__(
        self, reading: Reading, *, oldest: float = OLDEST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._reading = reading
        self._oldest = oldest
        self._clock = clock
        self._copies: dict[AccountId, _Copy] = {}
        self._asking: dict[AccountId, asyncio.Task[Standing]] = {}

    async def of(self, account_id: AccountId, session_id: SessionId | None = None) -> Standing:
        copy = self._copies.get(account_id)
        if copy is not None and self._clock() - copy.asked_at < self._oldest and _has(copy.standing, session_id):
            return copy.standing
        was_asked = account_id in self._asking
        standing = await self._asked(account_id)
        if was_asked and not _has(standing, session_id):  # that question may be older than the session
            standing = await self._asked(account_id)
        return standing

    async def _asked(self, account_id: AccountId) -> Standing:
        """Return the answer to the question that is under way, else to a new one."""
        asking = self._asking.get(account_id)
        if asking is None:
            asking = self._asking[account_id] = asyncio.create_task(self._ask(account_id))
            asking.add_done_callback(_seen)
        return await asyncio.shield(asking)  # whoever leaves does not take the answer from the others

    async def listen(self, listener: PostgresListener) -> None:
        """Drop copies as their accounts change; never return."""
        await listener.hear(CHANNEL, self.drop)

    def drop(self, account_id: str | None) -> None:
        """Forget the copy of the account, of all accounts for None; answers under way are not kept either."""
        if account_id is None:
            self._copies.clear()
            self._asking.clear()
            return
        with suppress(ValueError):  # anybody with a way into the database may call something out
            known = AccountId(UUID(account_id))
            self._copies.pop(known, None)
            self._asking.pop(known, None)

    async def _ask(self, account_id: AccountId) -> Standing:
        this = asyncio.current_task()
        try:
            copy = await self._answer(account_id)
            if self._asking.get(account_id) is this:
                self._keep(account_id, copy)
            return copy.standing
        finally:
            if self._asking.get(account_id) is this:
                del self._asking[account_id]

    async def _answer(self, account_id: AccountId) -> _Copy:
        """Ask until an answer comes soon enough to count."""
        for _ in range(_QUESTIONS):
            asked_at = self._clock()
            rows = await self._reading.fetch(_STANDING, account_id)
            if self._clock() - asked_at < _LONGEST:
                return _Copy(_standing(rows), asked_at)
        raise Unavailable

    def _keep(self, account_id: AccountId, copy: _Copy) -> None:
        self._copies.pop(account_id, None)  # so that the order is the order of age
        self._copies[account_id] = copy
        if len(self._copies) > _MOST:
            del self._copies[next(iter(self._copies))]


def _standing(rows: Sequence[Any]) -> Standing:
    if not rows:
        raise NotFound
    roles, student_id, sessions, held = rows[0]
    record = None if student_id is None else StudentId(student_id)
    live = frozenset(map(SessionId, sessions))
    if held is None:
        return Standing(frozenset(map(Role, roles)), record, live)
    return Standing(frozenset(map(Role, roles)), record, live, _grants(held))


def _grants(held: str) -> dict[StudentId, tuple[Granted, ...]]:
    found: dict[StudentId, tuple[Granted, ...]] = {}
    for one in msgspec.json.decode(held, type=list[_Held]):
        student_id = StudentId(one.student_id)
        granted = Granted(
            GrantId(one.grant_id), AccountId(one.owner), frozenset(map(Scope, one.scopes)), Kind(one.kind), one.reason
        )
        found[student_id] = (*found.get(student_id, ()), granted)
    return found


def _has(standing: Standing, session_id: SessionId | None) -> bool:
    return session_id is None or session_id in standing.sessions


def _seen(task: "asyncio.Task[Standing]") -> None:
    """Where everybody has left, nobody is there to hear why it failed."""
    if not task.cancelled():
        task.exception()
