"""What anything must do that tells who an account is now."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.identity.account import Account, Role
from ...domain.identity.scopes import Kind
from ...domain.identity.session import Because
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, KeyId
from ..standings import KeyStanding, Standing, Standings
from ..transactions import Transactions
from .passing_time import PassingTime, RealTime
from .samples import AT, a_grant, a_key, a_session, an_account

A_SECOND = timedelta(seconds=1)


class StandingsContract:
    """Override ``transactions``, and ``standings`` over the same store; ``time`` where their clock can be moved."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store, which need not be empty."""
        raise NotImplementedError

    @pytest.fixture
    def standings(self, transactions: Transactions) -> Standings:
        """Return the standings of that store's accounts, which hear of no change by themselves."""
        raise NotImplementedError

    @pytest.fixture
    def time(self) -> PassingTime:
        """Return the clock by which an answer grows old."""
        return RealTime()

    async def test_an_account_stands_as_it_is_kept(self, transactions: Transactions, standings: Standings) -> None:
        student, admin = an_account(), replace(an_account(), roles=frozenset({Role.ADMIN}), student_id=None)
        async with transactions() as work:
            await work.accounts.add(student)
            await work.accounts.add(admin)

        found = [await standings.of(one.id) for one in (student, admin)]

        assert found == [Standing(student.roles, student.student_id), Standing(admin.roles, None)]

    async def test_an_account_that_is_not_there_is_not_found(self, standings: Standings) -> None:
        with pytest.raises(NotFound):
            await standings.of(AccountId(uuid4()))

    async def test_a_change_is_known_after_a_second(
        self, transactions: Transactions, standings: Standings, time: PassingTime
    ) -> None:
        account = an_account()
        async with transactions() as work:
            await work.accounts.add(account)
        before = await standings.of(account.id)

        async with transactions() as work:
            changed = await work.accounts.get(account.id)
            changed.grant(Role.COUNSELLOR)
            await work.accounts.save(changed)
        await time.go_on(A_SECOND)

        assert before.roles == {Role.STUDENT}
        assert (await standings.of(account.id)).roles == {Role.STUDENT, Role.COUNSELLOR}

    async def test_an_account_that_was_not_there_is_known_a_second_after_it_came(
        self, transactions: Transactions, standings: Standings, time: PassingTime
    ) -> None:
        account = an_account()
        with pytest.raises(NotFound):
            await standings.of(account.id)

        async with transactions() as work:
            await work.accounts.add(account)
        await time.go_on(A_SECOND)

        assert (await standings.of(account.id)).student_id == account.student_id

    async def test_live_sessions_are_told_and_others_are_not(
        self, transactions: Transactions, standings: Standings
    ) -> None:
        account = an_account()
        async with transactions() as work:
            live, over, ended = (a_session(account.id, work.now) for _ in range(3))
            over.until = work.now
            ended.end(Because.ENDED, work.now)
            await work.accounts.add(account)
            for session in (live, over, ended, a_session(AccountId(uuid4()), work.now)):
                await work.sessions.add(session)

        assert (await standings.of(account.id, live.id)).sessions == {live.id}

    async def test_live_grants_are_told_by_student_and_others_are_not(
        self, transactions: Transactions, standings: Standings
    ) -> None:
        holder = an_account()
        async with transactions() as work:
            live, more, over, ended, offered = (
                replace(a_grant(), given_at=work.now, until=work.now + timedelta(days=1)) for _ in range(5)
            )
            for one in (live, more, over, ended):
                one.account_id, one.accepted_at = holder.id, work.now
            more.student_id, more.kind, more.reason = live.student_id, Kind.TAKEN, "Ticket 7"
            more.given_at += timedelta(seconds=1)
            over.until = work.now
            ended.end(ended.owner, work.now)
            await work.accounts.add(holder)
            for one in (live, more, over, ended, offered):
                await work.grants.add(one)

        assert (await standings.of(holder.id)).grants == {live.student_id: (more.granted, live.granted)}

    async def test_a_grant_that_was_ended_is_not_live_after_a_second(
        self, transactions: Transactions, standings: Standings, time: PassingTime
    ) -> None:
        holder = an_account()
        async with transactions() as work:
            grant = replace(a_grant(), until=work.now + timedelta(days=1))
            grant.account_id, grant.accepted_at = holder.id, work.now
            await work.accounts.add(holder)
            await work.grants.add(grant)
        before = await standings.of(holder.id)

        async with transactions() as work:
            kept = await work.grants.get(grant.id)
            kept.end(kept.owner, work.now)
            await work.grants.save(kept)
        await time.go_on(A_SECOND)

        assert before.grants == {grant.student_id: (grant.granted,)}
        assert (await standings.of(holder.id)).grants == {}

    async def test_a_session_is_known_at_once_that_began_after_the_account_was_asked_for(
        self, transactions: Transactions, standings: Standings
    ) -> None:
        account = an_account()
        async with transactions() as work:
            await work.accounts.add(account)
        before = await standings.of(account.id)

        async with transactions() as work:
            session = a_session(account.id, work.now)
            await work.sessions.add(session)

        assert before.sessions == frozenset()
        assert session.id in (await standings.of(account.id, session.id)).sessions

    async def test_a_session_that_ended_is_not_live_after_a_second(
        self, transactions: Transactions, standings: Standings, time: PassingTime
    ) -> None:
        account = an_account()
        async with transactions() as work:
            session = a_session(account.id, work.now)
            await work.accounts.add(account)
            await work.sessions.add(session)
        before = await standings.of(account.id, session.id)

        async with transactions() as work:
            kept = await work.sessions.get(session.id)
            kept.end(Because.SIGNED_OUT, work.now)
            await work.sessions.save(kept)
        await time.go_on(A_SECOND)

        assert before.sessions == {session.id}
        assert (await standings.of(account.id, session.id)).sessions == frozenset()

    async def test_a_key_is_told_with_what_it_may_be_used_for(
        self, transactions: Transactions, standings: Standings
    ) -> None:
        account = an_account()
        key = a_key(account.id)
        key.networks = ("192.0.2.0/24",)
        async with transactions() as work:
            await work.accounts.add(account)
            await work.keys.add(key)

        assert await standings.of_key(key.id) == KeyStanding(
            account.id, key.digest, key.scopes, key.networks, key.methods
        )

    async def test_a_key_that_is_not_live_is_not_found(self, transactions: Transactions, standings: Standings) -> None:
        account = an_account()
        async with transactions() as work:
            revoked, over = a_key(account.id), a_key(account.id)
            revoked.revoke(work.now)
            over.until = work.now
            await work.accounts.add(account)
            for key in (revoked, over):
                await work.keys.add(key)

        for key_id in (revoked.id, over.id, KeyId(uuid4())):
            with pytest.raises(NotFound):
                await standings.of_key(key_id)

    async def test_a_key_that_was_revoked_is_not_found_after_a_second(
        self, transactions: Transactions, standings: Standings, time: PassingTime
    ) -> None:
        account = an_account()
        key = a_key(account.id)
        async with transactions() as work:
            await work.accounts.add(account)
            await work.keys.add(key)
        before = await standings.of_key(key.id)

        async with transactions() as work:
            kept = await work.keys.get(key.id)
            kept.revoke(work.now)
            await work.keys.save(kept)
        await time.go_on(A_SECOND)

        assert before.digest == key.digest
        with pytest.raises(NotFound):
            await standings.of_key(key.id)

    async def test_an_account_that_was_closed_is_not_found_after_a_second(
        self, transactions: Transactions, standings: Standings, time: PassingTime
    ) -> None:
        account = Account.for_service(AccountId(uuid4()), "A copy", AT)
        async with transactions() as work:
            await work.accounts.add(account)
        await standings.of(account.id)

        async with transactions() as work:
            account.close(work.now)
            await work.accounts.save(account)
        await time.go_on(A_SECOND)

        with pytest.raises(NotFound):
            await standings.of(account.id)

    async def test_many_who_ask_at_once_get_one_answer_even_where_some_leave(
        self, transactions: Transactions, standings: Standings
    ) -> None:
        account = an_account()
        async with transactions() as work:
            await work.accounts.add(account)

        asking = [asyncio.create_task(standings.of(account.id)) for _ in range(20)]
        await asyncio.sleep(0)
        asking[0].cancel()
        found = await asyncio.gather(*asking, return_exceptions=True)

        assert found[1:] == [Standing(account.roles, account.student_id)] * 19
