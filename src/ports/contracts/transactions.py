"""What any unit of work must do."""

import asyncio
from datetime import timedelta

import pytest

from ...domain.profile.profile import Profile
from ...domain.shared.errors import Conflict, NotFound
from ..transactions import Transactions
from .samples import a_student, an_account


class TransactionsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_all_of_it_is_kept_on_a_clean_exit(self, transactions: Transactions) -> None:
        account, student = an_account(), a_student()

        async with transactions() as work:
            await work.accounts.add(account)
            await work.students.add(student)
        async with transactions() as work:
            found = await work.accounts.get(account.id), await work.students.get(student.id)

        assert found == (account, student)

    async def test_nothing_of_it_is_kept_when_an_exception_leaves_it(self, transactions: Transactions) -> None:
        account, student = an_account(), a_student()

        async def add_both_and_fail() -> None:
            async with transactions() as work:
                await work.accounts.add(account)
                await work.students.add(student)
                raise RuntimeError

        with pytest.raises(RuntimeError):
            await add_both_and_fail()
        async with transactions() as work:
            address = await work.accounts.find_by_email(account.email)
            with pytest.raises(NotFound):
                await work.students.get(student.id)

        assert address is None

    async def test_nothing_of_it_is_kept_when_it_is_cancelled(self, transactions: Transactions) -> None:
        student, added = a_student(), asyncio.Event()

        async def add_and_wait() -> None:
            async with transactions() as work:
                await work.students.add(student)
                added.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(add_and_wait())
        await added.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.students.get(student.id)

    async def test_a_unit_sees_its_own_changes(self, transactions: Transactions) -> None:
        student = a_student()

        async with transactions() as work:
            await work.students.add(student)
            student.change_profile(Profile(name="SAMPLE STUDENT"))
            await work.students.save(student)
            found = await work.students.get(student.id)

        assert (found.profile.name, found.version) == ("SAMPLE STUDENT", 2)

    async def test_what_was_given_or_read_is_nobody_elses(self, transactions: Transactions) -> None:
        student = a_student()
        async with transactions() as work:
            await work.students.add(student)
            student.change_profile(Profile(name="GIVEN"))
        async with transactions() as work:
            read = await work.students.get(student.id)
            read.change_profile(Profile(name="READ"))

        async with transactions() as work:
            found = await work.students.get(student.id)

        assert found.profile.name == "SAMPLE STÜDENT ঢাকা", "only what was saved is kept"

    async def test_an_exception_that_is_caught_inside_stays_inside(self, transactions: Transactions) -> None:
        student, nobody = a_student(), a_student()

        async with transactions() as work:
            await work.students.add(student)
            with pytest.raises(NotFound):
                await work.students.get(nobody.id)

        async with transactions() as work:
            assert await work.students.get(student.id) == student

    async def test_its_time_is_in_utc_and_stands_still(self, transactions: Transactions) -> None:
        async with transactions() as work:
            first = work.now
            await asyncio.sleep(0.01)
            second = work.now

        assert first == second
        assert first.utcoffset() == timedelta()

    async def test_a_later_unit_is_never_earlier(self, transactions: Transactions) -> None:
        async with transactions() as work:
            first = work.now
        async with transactions() as work:
            second = work.now

        assert first <= second

    async def test_of_many_writers_at_once_one_wins_and_the_others_get_a_conflict(
        self, transactions: Transactions
    ) -> None:
        student = a_student()
        async with transactions() as work:
            await work.students.add(student)

        all_have_seen = asyncio.Barrier(5)

        async def rename(name: str) -> str:
            async with transactions() as work:
                seen = await work.students.get(student.id)
            seen.change_profile(Profile(name=name))
            await all_have_seen.wait()
            try:
                async with transactions() as work:
                    await work.students.save(seen)
            except Conflict:
                return ""
            return name

        winners = [name for name in await asyncio.gather(*map(rename, "ABCDE")) if name]
        async with transactions() as work:
            found = await work.students.get(student.id)

        assert winners == [found.profile.name]
        assert found.version == 2
