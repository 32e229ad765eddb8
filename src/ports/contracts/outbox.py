"""What any outbox must do."""

from uuid import UUID, uuid4

import pytest

from ...domain.identity.events import AccountRegistered
from ...domain.shared.events import Origin
from ...domain.shared.ids import AccountId
from ..transactions import Transactions
from .jobs import recorded


class OutboxContract:
    """Override ``transactions`` with an empty store's."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store in which no event waits."""
        raise NotImplementedError

    async def test_a_recorded_event_waits_with_its_origin_and_time(self, transactions: Transactions) -> None:
        somebody = AccountId(uuid4())
        origin = Origin(actor=somebody, request_id="a-request", trace=f"00-{'a' * 32}-{'b' * 16}-01")

        async with transactions(origin) as work:
            work.record(AccountRegistered(somebody), 3)
            at = work.now
        async with transactions() as work:
            [envelope] = await work.outbox.take(10)

        assert envelope.event == AccountRegistered(somebody)
        assert (envelope.origin, envelope.at, envelope.aggregate_version) == (origin, at, 3)

    async def test_an_event_of_a_failed_transaction_never_waits(self, transactions: Transactions) -> None:
        with pytest.raises(RuntimeError):
            await _record_and_fail(transactions)
        async with transactions() as work:
            waiting = await work.outbox.take(10)

        assert list(waiting) == []

    async def test_an_event_that_was_passed_on_does_not_wait_any_more(self, transactions: Transactions) -> None:
        await recorded(transactions)

        async with transactions() as work:
            [envelope] = await work.outbox.take(10)
            await work.outbox.passed_on([envelope.id])
        async with transactions() as work:
            waiting = await work.outbox.take(10)

        assert list(waiting) == []

    async def test_an_event_that_was_taken_and_not_passed_on_waits_again(self, transactions: Transactions) -> None:
        await recorded(transactions)

        async with transactions() as work:
            first = await work.outbox.take(10)
        async with transactions() as work:
            second = await work.outbox.take(10)

        assert list(first) == list(second)

    async def test_events_of_one_aggregate_come_one_after_another(self, transactions: Transactions) -> None:
        account = uuid4()
        for version in (1, 2, 3):
            await recorded(transactions, account, version)

        versions = [await _pass_on(transactions, account) for _ in range(4)]

        assert versions == [1, 2, 3, None]

    async def test_events_of_other_aggregates_do_not_wait_for_them(self, transactions: Transactions) -> None:
        busy, quiet = uuid4(), uuid4()
        await recorded(transactions, busy, 1)
        await recorded(transactions, busy, 2)
        await recorded(transactions, quiet, 1)

        async with transactions() as work:
            taken = await work.outbox.take(10)

        assert [(e.event.aggregate_id, e.aggregate_version) for e in taken] == [(busy, 1), (quiet, 1)]

    async def test_what_was_just_passed_on_stays_a_while_and_what_waits_stays(self, transactions: Transactions) -> None:
        await recorded(transactions)
        async with transactions() as work:
            [envelope] = await work.outbox.take(10)
            await work.outbox.passed_on([envelope.id])
        await recorded(transactions)

        async with transactions() as work:
            removed = await work.outbox.remove_passed_on(work.now, 10)
        async with transactions() as work:
            waiting = await work.outbox.take(10)

        assert (removed, len(waiting)) == (0, 1)

    async def test_no_more_are_taken_than_asked_for(self, transactions: Transactions) -> None:
        for _ in range(3):
            await recorded(transactions)

        async with transactions() as work:
            taken = await work.outbox.take(2)

        assert len(taken) == 2


async def _record_and_fail(transactions: Transactions) -> None:
    async with transactions() as work:
        work.record(AccountRegistered(AccountId(uuid4())), 1)
        raise RuntimeError


async def _pass_on(transactions: Transactions, account: UUID) -> int | None:
    async with transactions() as work:
        taken = [e for e in await work.outbox.take(10) if e.event.aggregate_id == account]
        await work.outbox.passed_on([e.id for e in taken])
    return taken[0].aggregate_version if taken else None
