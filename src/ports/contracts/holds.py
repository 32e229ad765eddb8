"""What any keeper of legal holds must do."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, HoldId, StudentId
from ..transactions import Transactions
from .samples import AT, a_hold


class HoldsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_hold_comes_back_as_it_was_kept(self, transactions: Transactions) -> None:
        given = a_hold()
        async with transactions() as work:
            await work.holds.add(given)
        given.lift(AccountId(uuid4()), AT + timedelta(days=2))
        async with transactions() as work:
            await work.holds.save(given)

        async with transactions() as work:
            found = await work.holds.get(given.id)

        assert (found, found.version) == (given, 2)

    async def test_a_hold_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.holds.get(HoldId(uuid4()))

    async def test_of_two_who_lift_one_the_second_is_told(self, transactions: Transactions) -> None:
        given = a_hold()
        async with transactions() as work:
            await work.holds.add(given)
        async with transactions() as work:
            first, second = [await work.holds.get(given.id) for _ in range(2)]
            await work.holds.save(first)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.holds.save(second)

    async def test_those_of_a_student_come_newest_first(self, transactions: Transactions) -> None:
        student_id = StudentId(uuid4())
        old, new = a_hold(student_id), a_hold(student_id)
        new.placed_at = AT + timedelta(days=1)
        async with transactions() as work:
            for one in (old, new, a_hold()):
                await work.holds.add(one)

        async with transactions() as work:
            assert list(await work.holds.of_student(student_id)) == [new, old]
