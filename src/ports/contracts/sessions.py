"""What any keeper of sessions must do."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from ...domain.identity.session import Because
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, SessionId
from ..transactions import Transactions
from .samples import AT, a_session

LATER = AT + timedelta(minutes=5)


class SessionsContract:
    """Override ``transactions``; the store need not be empty, but holds none that was over before the year 1990."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_session_comes_back_as_it_was_kept(self, transactions: Transactions) -> None:
        session = a_session(AccountId(uuid4()), AT)
        async with transactions() as work:
            await work.sessions.add(session)
        session.refresh(LATER, LATER + timedelta(days=14))
        session.end(Because.REUSED, LATER)
        async with transactions() as work:
            await work.sessions.save(session)
        async with transactions() as work:
            found = await work.sessions.get(session.id)

        assert found == session
        assert (found.turn, found.used_at, found.ended_because, found.version) == (2, LATER, Because.REUSED, 2)

    async def test_a_session_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.sessions.get(SessionId(uuid4()))

    async def test_an_id_is_given_once(self, transactions: Transactions) -> None:
        session = a_session(AccountId(uuid4()), AT)
        async with transactions() as work:
            await work.sessions.add(session)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.sessions.add(session)

    async def test_of_two_writers_the_second_is_told(self, transactions: Transactions) -> None:
        session = a_session(AccountId(uuid4()), AT)
        async with transactions() as work:
            await work.sessions.add(session)
        async with transactions() as work:
            first, second = await work.sessions.get(session.id), await work.sessions.get(session.id)
        first.refresh(LATER, LATER)
        async with transactions() as work:
            await work.sessions.save(first)

        second.refresh(LATER, LATER)
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.sessions.save(second)

    async def test_live_ones_of_an_account_are_listed_the_last_used_first(self, transactions: Transactions) -> None:
        account_id = AccountId(uuid4())
        early, late, ended, over = (a_session(account_id, AT) for _ in range(4))
        late.refresh(LATER, LATER + timedelta(days=14))
        ended.end(Because.ENDED, AT)
        over.until = LATER
        async with transactions() as work:
            for session in (early, late, ended, over, a_session(AccountId(uuid4()), AT)):
                await work.sessions.add(session)
        async with transactions() as work:
            found = await work.sessions.live_of(account_id, LATER)

        assert list(found) == [late, early]

    async def test_what_is_over_is_removed_so_many_at_a_time(self, transactions: Transactions) -> None:
        long_ago = datetime(1980, 1, 1, tzinfo=AT.tzinfo)
        old, newer = [a_session(AccountId(uuid4()), long_ago) for _ in range(3)], a_session(AccountId(uuid4()), AT)
        async with transactions() as work:
            for one in (*old, newer):
                await work.sessions.add(one)
        async with transactions() as work:
            removed = [await work.sessions.remove_over(long_ago + timedelta(days=15), 2) for _ in range(3)]

        assert removed == [2, 1, 0]
        async with transactions() as work:
            assert await work.sessions.get(newer.id) == newer
            with pytest.raises(NotFound):
                await work.sessions.get(old[0].id)

    async def test_when_an_account_was_last_used_outlives_its_sessions(self, transactions: Transactions) -> None:
        account_id, long_ago = AccountId(uuid4()), AT.replace(year=1980)
        early, late = a_session(account_id, long_ago), a_session(account_id, long_ago + timedelta(hours=1))
        uses = []
        for one in (None, early, late):
            async with transactions() as work:
                if one is not None:
                    await work.sessions.add(one)
                uses.append(await work.sessions.last_use_of(account_id))
        async with transactions() as work:
            while await work.sessions.remove_over(long_ago + timedelta(days=15), 10):
                pass
        async with transactions() as work:
            uses.append(await work.sessions.last_use_of(account_id))
            await work.sessions.add(a_session(account_id, AT))
            uses.append(await work.sessions.last_use_of(account_id))

        assert uses == [None, early.used_at, late.used_at, late.used_at, AT]

    async def test_those_used_at_one_moment_are_listed_by_descending_id(self, transactions: Transactions) -> None:
        account_id = AccountId(uuid4())
        sessions = [a_session(account_id, AT) for _ in range(5)]
        async with transactions() as work:
            for session in sessions:
                await work.sessions.add(session)
        async with transactions() as work:
            found = await work.sessions.live_of(account_id, AT)

        assert [one.id for one in found] == sorted((one.id for one in sessions), reverse=True)

    async def test_every_session_of_an_account_can_be_had_those_that_ended_too(
        self, transactions: Transactions
    ) -> None:
        account_id = AccountId(uuid4())
        early, late = a_session(account_id, AT), a_session(account_id, AT + timedelta(hours=1))
        early.end(Because.SIGNED_OUT, AT + timedelta(minutes=1))
        async with transactions() as work:
            for one in (late, early, a_session(AccountId(uuid4()), AT)):
                await work.sessions.add(one)

        async with transactions() as work:
            assert list(await work.sessions.every_of(account_id)) == [early, late]

    async def test_whose_sessions_are_live_is_told_for_those_that_were_begun_before(
        self, transactions: Transactions
    ) -> None:
        two, ended, newer, over = sorted(AccountId(uuid4()) for _ in range(4))
        gone, old = a_session(ended, AT), a_session(over, AT - timedelta(days=30))
        gone.end(Because.SIGNED_OUT, AT)
        async with transactions() as work:
            for one in (a_session(two, AT), a_session(two, AT), gone, a_session(newer, LATER), old):
                await work.sessions.add(one)

        async with transactions() as work:
            then = await work.sessions.whose_are_live(AT, LATER, 10_000)
            later = await work.sessions.whose_are_live(LATER, LATER, 10_000)
            first = await work.sessions.whose_are_live(LATER, LATER, 1)

        ours = {two, ended, newer, over}
        assert [one for one in then if one in ours] == [two]
        assert [one for one in later if one in ours] == [two, newer]
        assert first == later[:1]
