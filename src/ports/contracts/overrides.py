"""What any keeper of overrides must do."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from ...domain.matching.override import TakenBack
from ...domain.matching.verdict import Standing
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, OverrideId, ProgrammeId, StudentId
from ..transactions import Transactions
from .samples import AT, an_override

BACK = TakenBack(AccountId(uuid4()), AT + timedelta(days=1), "It was about somebody else.")


class OverridesContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    @pytest.mark.parametrize("standing", list(Standing))
    async def test_an_override_comes_back_as_it_was_given(self, transactions: Transactions, standing: Standing) -> None:
        given = replace(an_override(), standing=standing, until=date(2027, 6, 30))

        async with transactions() as work:
            await work.overrides.add(given)
        async with transactions() as work:
            found = await work.overrides.get(given.id)

        assert found == given

    async def test_an_override_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.overrides.get(OverrideId(uuid4()))

    async def test_an_override_that_was_not_kept_is_lost(self, transactions: Transactions) -> None:
        given = an_override()

        async def break_off() -> None:
            async with transactions() as work:
                await work.overrides.add(given)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await break_off()

        async with transactions() as work:
            assert list(await work.overrides.of_student(given.student_id, [given.programme_id])) == []

    async def test_an_id_is_given_once(self, transactions: Transactions) -> None:
        given = an_override()
        async with transactions() as work:
            await work.overrides.add(given)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.overrides.add(given)

    async def test_one_that_was_taken_back_stays_with_who_did_it_and_why(self, transactions: Transactions) -> None:
        given = an_override()
        async with transactions() as work:
            await work.overrides.add(given)

        async with transactions() as work:
            await work.overrides.take_back(given.id, BACK)
        async with transactions() as work:
            found = await work.overrides.get(given.id)
            listed = await work.overrides.of_student(given.student_id, [given.programme_id])

        assert found == replace(given, taken_back=BACK)
        assert list(listed) == [found]

    async def test_of_two_who_take_it_back_the_second_gets_a_conflict(self, transactions: Transactions) -> None:
        given = an_override()
        async with transactions() as work:
            await work.overrides.add(given)
        async with transactions() as work:
            await work.overrides.take_back(given.id, BACK)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.overrides.take_back(given.id, replace(BACK, reason="Another reason."))
        async with transactions() as work:
            found = await work.overrides.get(given.id)

        assert found.taken_back == BACK

    async def test_a_student_s_overrides_for_some_programmes_come_newest_first(
        self, transactions: Transactions
    ) -> None:
        student, one, other = StudentId(uuid4()), ProgrammeId(uuid4()), ProgrammeId(uuid4())
        older, newer = an_override(student, one), replace(an_override(student, other), at=AT + timedelta(hours=1))
        async with transactions() as work:
            for given in (older, newer, an_override(student), an_override(None, one)):
                await work.overrides.add(given)

        async with transactions() as work:
            found = await work.overrides.of_student(student, [one, other])
            none = await work.overrides.of_student(student, [])

        assert (list(found), list(none)) == ([newer, older], [])

    async def test_every_override_of_a_student_can_be_had_whatever_the_programme(
        self, transactions: Transactions
    ) -> None:
        student_id = StudentId(uuid4())
        old, new = (
            replace(
                an_override(), student_id=student_id, programme_id=ProgrammeId(uuid4()), at=AT + timedelta(days=day)
            )
            for day in range(2)
        )
        async with transactions() as work:
            for one in (old, new, an_override()):
                await work.overrides.add(one)

        async with transactions() as work:
            assert list(await work.overrides.every_of(student_id)) == [new, old]
