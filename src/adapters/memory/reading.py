"""What is looked at often, read through units of work: for memory, and wherever there is no quicker way."""

from collections.abc import Sequence

from ...domain.applications.application import Application
from ...domain.identity.scopes import Granted
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, ApplicationId, KeyId, SessionId, StudentId
from ...ports.reading import ApplicationRow, HistoryRow
from ...ports.standings import KeyStanding, Standing
from ...ports.transactions import Transactions


class MemoryApplicationList:
    """Lists of applications over any transactions."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def of_student(
        self, student_id: StudentId, after: ApplicationId | None, limit: int
    ) -> Sequence[ApplicationRow]:
        async with self._transactions() as work:
            return [_row(one) for one in await work.applications.of_student(student_id, after, limit)]


class MemoryStandings:
    """Standings over any transactions, as they are at the moment."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def of(self, account_id: AccountId, session_id: SessionId | None = None) -> Standing:
        async with self._transactions() as work:
            account = await work.accounts.get(account_id)
            live = await work.sessions.live_of(account_id, work.now)
            held: dict[StudentId, tuple[Granted, ...]] = {}
            for one in await work.grants.live_of(account_id, work.now):
                held[one.student_id] = (*held.get(one.student_id, ()), one.granted)
        if account.closed_at is not None:
            raise NotFound
        return Standing(account.roles, account.student_id, frozenset(one.id for one in live), held)

    async def of_key(self, key_id: KeyId) -> KeyStanding:
        async with self._transactions() as work:
            key = await work.keys.get(key_id)
            if not key.is_live(work.now):
                raise NotFound
        return KeyStanding(key.account_id, key.digest, key.scopes, key.networks, key.methods)


def _row(one: Application) -> ApplicationRow:
    return ApplicationRow(
        id=one.id,
        student_id=one.student_id,
        programme_id=one.programme_id,
        term=one.term,
        starts_on=one.starts_on,
        started_at=one.started_at,
        version=one.version,
        state=one.state,
        offer=one.offer,
        receipt=one.receipt,
        history=[HistoryRow(e.action, e.before, e.after, e.side, e.at, e.note) for e in one.history],
    )
