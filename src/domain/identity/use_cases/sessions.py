"""Beginning, refreshing, listing and ending sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from ....ports.ids import Ids
from ....ports.transactions import Transactions, UnitOfWork
from ...audit.deed import Deed
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound
from ...shared.events import Origin
from ...shared.ids import AccountId, SessionId
from ..account import Account, Asker
from ..errors import RefreshRefused, SecondFactorNeeded, SignInRefused
from ..factor import Factor, are_two_elsewhere, are_two_factors
from ..session import MOST_AT_ONCE, Because, Lasting, Session, device_of

_TRIES = 3  # whoever asks twice at once meets herself


@dataclass(frozen=True)
class BeginSession:
    """Begin a session for an account that has just shown who it is."""

    transactions: Transactions
    ids: Ids
    lasting: Lasting

    async def __call__(
        self,
        account: Account,
        device: str = "",
        request_id: str = "",
        address: str = "",
        *,
        methods: Iterable[str] = (),
        instead_of: SessionId | None = None,
    ) -> Session:
        """Return the new session, ``instead_of`` one that ends with it; of too many, those end that were used longest
        ago.

        ``account`` is as it was when its holder was looked at. Raises Conflict where its password has changed since, or
        it was closed: what ends its sessions is not to miss this one. Raises SecondFactorNeeded where the account has a
        second factor and ``methods``, by which its holder has shown who she is, are but one, and SignInRefused once its
        record is being erased. Where they are two by a provider's word alone, she has yet to show one of the account's
        own before she can change those: who sits at a session there need not have them.
        """
        shown = frozenset(methods)
        async with self.transactions(Origin(account.id, request_id=request_id, address=address)) as work:
            account = await _unchanged(work, account)
            if account.student_id is not None and await work.erasures.is_fenced(account.student_id):
                raise SignInRefused
            factors = await confirmed_factors(work, account.id)
            if factors and not are_two_factors(shown):
                raise SecondFactorNeeded(one.kind for one in factors)
            if instead_of is not None:
                with suppress(NotFound):
                    await _end(work, await work.sessions.get(instead_of), Because.SIGNED_OUT)
            live = await work.sessions.live_of(account.id, work.now)
            for oldest in live[MOST_AT_ONCE - 1 :]:
                await _end(work, oldest, Because.TOO_MANY)
            session = Session(
                SessionId(self.ids.new()),
                account.id,
                begun_at=work.now,
                used_at=work.now,
                until=self.lasting.until(account, work.now, work.now),
                device=device_of(device),
                methods=shown,
                proved_at=None if factors and are_two_elsewhere(shown) else work.now,
            )
            await work.sessions.add(session)
            work.note(_begun(session, account))
        return session


@dataclass(frozen=True)
class RefreshSession:
    """Go on with a session by the refresh token of its turn."""

    transactions: Transactions
    lasting: Lasting

    async def __call__(
        self, session_id: SessionId, turn: int, request_id: str = "", address: str = ""
    ) -> tuple[Account, Session]:
        """Return the account as it is now and the session at its next turn.

        Raises RefreshRefused where the session is over, and for a token that was used before, which ends it.
        """
        found = await self._tried(session_id, turn, Origin(request_id=request_id, address=address))
        if found is None:
            raise RefreshRefused
        return found

    async def _tried(self, session_id: SessionId, turn: int, origin: Origin) -> tuple[Account, Session] | None:
        for _ in range(_TRIES - 1):
            with suppress(Conflict):
                return await self._refreshed(session_id, turn, origin)
        return await self._refreshed(session_id, turn, origin)

    async def _refreshed(self, session_id: SessionId, turn: int, origin: Origin) -> tuple[Account, Session] | None:
        async with self.transactions(origin) as work:
            try:
                session = await work.sessions.get(session_id)
                account = await work.accounts.get(session.account_id)
            except NotFound:
                return None
            if not session.is_live(work.now):
                return None
            if session.is_reused(turn, work.now, self.lasting):
                await _end(work, session, Because.REUSED)
                return None
            if turn == session.turn:
                session.refresh(work.now, self.lasting.until(account, session.begun_at, work.now))
                await work.sessions.save(session)
        return account, session


@dataclass(frozen=True)
class ListSessions:
    """Show where an account is signed in, to its holder."""

    transactions: Transactions

    async def __call__(self, asker: Asker) -> Sequence[Session]:
        """Return the live sessions of who asks, the last used first."""
        async with self.transactions(asker.origin) as work:
            return await work.sessions.live_of(asker.account_id, work.now)


@dataclass(frozen=True)
class EndSession:
    """Sign out, here or elsewhere."""

    transactions: Transactions

    async def __call__(self, asker: Asker, session_id: SessionId) -> None:
        """End the asker's session; one that has ended stays ended. Raises NotFound for somebody else's."""
        async with self.transactions(asker.origin) as work:
            session = await work.sessions.get(session_id)
            if session.account_id != asker.account_id:
                raise NotFound
            await _end(work, session, _why(asker, session))


@dataclass(frozen=True)
class EndSessions:
    """Sign out everywhere."""

    transactions: Transactions

    async def __call__(self, asker: Asker, *, others_only: bool = False) -> int:
        """End the asker's live sessions, or all but the one that asks; return how many that were."""
        async with self.transactions(asker.origin) as work:
            live = await work.sessions.live_of(asker.account_id, work.now)
            ending = [one for one in live if not (others_only and one.id == asker.session_id)]
            for session in ending:
                await _end(work, session, _why(asker, session))
        return len(ending)


async def confirmed_factors(work: UnitOfWork, account_id: AccountId) -> list[Factor]:
    """Return the second factors that the account's holder is asked for."""
    return [one for one in await work.factors.of_account(account_id) if one.confirmed_at is not None]


async def end_live(work: UnitOfWork, account_id: AccountId, because: Because, *, but: SessionId | None = None) -> int:
    """End the account's live sessions but one; return how many that were."""
    ending = [one for one in await work.sessions.live_of(account_id, work.now) if one.id != but]
    for session in ending:
        await _end(work, session, because)
    return len(ending)


async def _unchanged(work: UnitOfWork, before: Account) -> Account:
    """Return the account as it is until the unit ends, whoever wants to change it meanwhile."""
    account = await work.accounts.held(before.id)
    if account.closed_at is not None or account.password_hash != before.password_hash:
        raise Conflict
    return account


def _begun(session: Session, account: Account) -> Deed:
    details = {"methods": " ".join(sorted(session.methods))}
    return Deed("session.begun", "session", session.id, student_id=account.student_id, details=details)


def _why(asker: Asker, session: Session) -> Because:
    return Because.SIGNED_OUT if session.id == asker.session_id else Because.ENDED


async def _end(work: UnitOfWork, session: Session, because: Because) -> None:
    event = session.end(because, work.now)
    if event is not None:
        await work.sessions.save(session)
        work.record(event, session.version)
