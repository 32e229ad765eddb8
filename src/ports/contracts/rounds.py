"""What any keeper of rounds must do."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.shared.ids import StudentId
from ..transactions import Transactions

A_DAY = timedelta(days=1)
EVERYBODY = 10_000


class RoundsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_those_whose_turn_it_is_come_longest_waiting_first(self, transactions: Transactions) -> None:
        longest, waiting, later = [StudentId(uuid4()) for _ in range(3)]
        async with transactions() as work:
            looks = {waiting: work.now, later: work.now + A_DAY, longest: work.now - A_DAY}
            await work.rounds.next(looks)

        async with transactions() as work:
            found = await work.rounds.due(EVERYBODY)
            first = await work.rounds.due(1)

        assert [one for one in found if one in looks] == [longest, waiting]
        assert len(first) == 1

    async def test_a_look_that_was_made_is_due_no_more_until_the_next(self, transactions: Transactions) -> None:
        student_id = StudentId(uuid4())
        async with transactions() as work:
            await work.rounds.sooner([student_id])
            await work.rounds.sooner([])
        async with transactions() as work:
            before = await work.rounds.due(EVERYBODY)
            await work.rounds.next({student_id: work.now + A_DAY})
            await work.rounds.next({})

        async with transactions() as work:
            after = await work.rounds.due(EVERYBODY)
            await work.rounds.sooner([student_id])
        async with transactions() as work:
            again = await work.rounds.due(EVERYBODY)

        assert [student_id in found for found in (before, after, again)] == [True, False, True]
