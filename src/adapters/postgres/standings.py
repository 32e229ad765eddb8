"""Who an account is now, in PostgreSQL: a copy in this process for less than a second, dropped when it changes."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import msgspec

from ...domain.identity.account import Role
from ...domain.identity.key import KeyScope
from ...domain.identity.scopes import Granted, Kind, Scope
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, GrantId, KeyId, SessionId, StudentId
from ...ports.standings import KeyStanding, Standing
from .copies import Copies
from .listener import PostgresListener
from .reading import Reading

CHANNEL = "accounts"
"""Where the id of an account is called out by the transaction that changes or removes it."""

OLDEST = 0.9
"""Seconds that a copy counts, from before the question was sent."""

_MOST, _MOST_KEYS = 20_000, 2_000
_STANDING = """SELECT roles, student_id, ARRAY(
    SELECT id FROM sessions WHERE account_id = $1 AND ended_at IS NULL AND until > now()
), (
    SELECT json_agg(json_build_array(student_id, id, owner_id, scopes, kind, reason) ORDER BY given_at DESC, id DESC)
    FROM grants
    WHERE account_id = $1 AND accepted_at IS NOT NULL AND ended_at IS NULL AND until > now()
) FROM accounts WHERE id = $1 AND closed_at IS NULL"""
_KEY = """SELECT account_id, digest, scopes, networks, methods FROM api_keys
WHERE id = $1 AND revoked_at IS NULL AND (until IS NULL OR until > now())"""


class _Held(msgspec.Struct, array_like=True, frozen=True):
    """A row of grants as the question above returns it."""

    student_id: UUID
    grant_id: UUID
    owner: UUID
    scopes: list[str]
    kind: str
    reason: str


class PostgresStandings:
    """Asks once for all who come with an account or a key at the same time, and not again while the copy counts.

    What holds the promise of the port: a copy's age is counted from before the question was sent, and an answer that
    took a second itself is asked for again. Besides, a copy is dropped by the notification of a change, and all are
    when the connection that hears of changes is lost or new; an answer that was under way then is used by those who
    waited for it, and not kept. Where no notification comes, the age alone does it.
    """

    def __init__(
        self, reading: Reading, *, oldest: float = OLDEST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._reading = reading
        self._accounts: Copies[AccountId, Standing] = Copies(self._of_account, _MOST, oldest, clock)
        self._keys: Copies[KeyId, KeyStanding] = Copies(self._of_key, _MOST_KEYS, oldest, clock)

    async def of(self, account_id: AccountId, session_id: SessionId | None = None) -> Standing:
        copy = self._accounts.copy_of(account_id)
        if copy is not None and _has(copy, session_id):
            return copy
        was_asked = self._accounts.is_asked(account_id)
        standing = await self._accounts.asked(account_id)
        if was_asked and not _has(standing, session_id):  # that question may be older than the session
            standing = await self._accounts.asked(account_id)
        return standing

    async def of_key(self, key_id: KeyId) -> KeyStanding:
        return self._keys.copy_of(key_id) or await self._keys.asked(key_id)

    async def listen(self, listener: PostgresListener) -> None:
        """Drop copies as their accounts change; never return."""
        await listener.hear(CHANNEL, self.drop)

    def drop(self, account_id: str | None) -> None:
        """Forget the copies of the account, of all accounts for None; answers under way are not kept either."""
        if account_id is None:
            self._accounts.clear()
            self._keys.clear()
            return
        with suppress(ValueError):  # anybody with a way into the database may call something out
            known = AccountId(UUID(account_id))
            self._accounts.drop(known)
            self._keys.drop_where(lambda key: key.account_id == known)

    async def _of_account(self, account_id: AccountId) -> Standing:
        return _standing(await self._reading.fetch(_STANDING, account_id))

    async def _of_key(self, key_id: KeyId) -> KeyStanding:
        return _key_standing(await self._reading.fetch(_KEY, key_id))


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


def _key_standing(rows: Sequence[Any]) -> KeyStanding:
    if not rows:
        raise NotFound
    account_id, digest, scopes, networks, methods = rows[0]
    known = frozenset(map(KeyScope, scopes))
    return KeyStanding(AccountId(account_id), digest, known, tuple(networks), frozenset(methods))


def _has(standing: Standing, session_id: SessionId | None) -> bool:
    return session_id is None or session_id in standing.sessions
