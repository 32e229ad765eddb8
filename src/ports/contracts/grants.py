"""What any keeper of grants must do."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.identity.grant import Grant
from ...domain.identity.scopes import Kind
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, GrantId, StudentId
from ..transactions import Transactions
from .samples import AT, a_grant, an_account

LATER = AT + timedelta(minutes=5)


class GrantsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_grant_comes_back_as_it_was_kept(self, transactions: Transactions) -> None:
        grant = a_grant()
        taken = replace(
            a_grant(), kind=Kind.TAKEN, account_id=AccountId(uuid4()), accepted_at=AT, reason="Ticket 7 — ঢাকা"
        )
        await _add(transactions, grant, taken)
        _accepted(grant)
        grant.end(AccountId(uuid4()), LATER)
        async with transactions() as work:
            await work.grants.save(grant)
        async with transactions() as work:
            found = [await work.grants.get(one.id) for one in (grant, taken)]

        assert found == [grant, taken]
        assert (found[0].version, found[0].ended_at) == (2, LATER)

    async def test_a_grant_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.grants.get(GrantId(uuid4()))

    async def test_an_id_is_given_once(self, transactions: Transactions) -> None:
        grant = a_grant()
        await _add(transactions, grant)

        with pytest.raises(Conflict):
            await _add(transactions, grant)

    async def test_of_two_writers_the_second_is_told(self, transactions: Transactions) -> None:
        grant = a_grant()
        await _add(transactions, grant)
        async with transactions() as work:
            first, second = await work.grants.get(grant.id), await work.grants.get(grant.id)
        first.end(grant.owner, LATER)
        async with transactions() as work:
            await work.grants.save(first)

        second.end(grant.owner, LATER)
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.grants.save(second)

    async def test_those_on_a_record_are_listed_over_or_not_the_newest_first(self, transactions: Transactions) -> None:
        student_id = StudentId(uuid4())
        early, over, late = (replace(a_grant(), student_id=student_id) for _ in range(3))
        late.given_at = LATER
        over.given_at, over.until = AT - timedelta(days=2), AT - timedelta(days=1)
        await _add(transactions, early, over, late, a_grant())
        async with transactions() as work:
            found = await work.grants.of_student(student_id)

        assert list(found) == [late, early, over]

    async def test_an_account_holds_what_was_accepted_and_is_neither_over_nor_ended(
        self, transactions: Transactions
    ) -> None:
        holder = an_account()
        live, offered, over, ended = (replace(a_grant(), email=holder.email) for _ in range(4))
        for one in (live, over, ended):
            _accepted(one, holder.id)
        over.until = LATER
        ended.end(holder.id, AT)
        other = a_grant()
        _accepted(other)
        await _add(transactions, live, offered, over, ended, other)
        async with transactions() as work:
            held, waiting = await work.grants.live_of(holder.id, LATER), await work.grants.offered_to(holder.email, AT)

        assert list(held) == [live]
        assert list(waiting) == [offered]

    async def test_what_is_over_or_was_ended_is_offered_no_longer(self, transactions: Transactions) -> None:
        email = f"{uuid4()}@example.org"
        over, ended, others = replace(a_grant(), email=email), replace(a_grant(), email=email), a_grant()
        over.until = LATER
        ended.end(ended.owner, AT)
        await _add(transactions, over, ended, others)
        async with transactions() as work:
            found = await work.grants.offered_to(email, LATER)

        assert list(found) == []

    async def test_everything_that_an_account_ever_held_or_was_offered_can_be_had(
        self, transactions: Transactions
    ) -> None:
        holder = AccountId(uuid4())
        email = f"{uuid4()}@example.org"
        held, ended, offered, others = a_grant(), a_grant(), replace(a_grant(), email=email), a_grant()
        somebody_elses = replace(a_grant(), email=email)
        for one in (held, ended):
            _accepted(one, holder)
        _accepted(somebody_elses)
        ended.end(holder, AT)
        await _add(transactions, held, ended, offered, others, somebody_elses)

        async with transactions() as work:
            with_offers, alone = await work.grants.every_of(holder, email), await work.grants.every_of(holder, None)

        assert {one.id for one in with_offers} == {held.id, ended.id, offered.id}
        assert {one.id for one in alone} == {held.id, ended.id}


def _accepted(grant: Grant, by: AccountId | None = None) -> None:
    grant.account_id, grant.accepted_at = by or AccountId(uuid4()), AT


async def _add(transactions: Transactions, *grants: Grant) -> None:
    async with transactions() as work:
        for one in grants:
            await work.grants.add(one)
