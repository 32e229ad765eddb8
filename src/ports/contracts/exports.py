"""What any keeper of exports must do."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import ExportId, StudentId
from ..transactions import Transactions
from .samples import AT, an_export

A_DAY = timedelta(days=1)


class ExportsContract:
    """Override ``transactions``; the store need not be empty, but no export in it was over before the year 1990."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_an_export_comes_back_as_it_was_kept(self, transactions: Transactions) -> None:
        given = an_export()
        async with transactions() as work:
            await work.exports.add(given)
        given.publish(uuid4().hex * 2, 12, AT, A_DAY)
        async with transactions() as work:
            await work.exports.save(given)

        async with transactions() as work:
            found = await work.exports.get(given.id)

        assert (found, found.version) == (given, 2)

    async def test_an_export_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.exports.get(ExportId(uuid4()))

    async def test_of_two_who_change_one_the_second_is_told(self, transactions: Transactions) -> None:
        given = an_export()
        async with transactions() as work:
            await work.exports.add(given)
        async with transactions() as work:
            first, second = [await work.exports.get(given.id) for _ in range(2)]
            await work.exports.save(first)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.exports.save(second)

    async def test_those_of_a_student_come_newest_first(self, transactions: Transactions) -> None:
        student_id = StudentId(uuid4())
        old, new = an_export(student_id), an_export(student_id)
        new.asked_at = AT + A_DAY
        async with transactions() as work:
            for one in (old, new, an_export()):
                await work.exports.add(one)

        async with transactions() as work:
            assert list(await work.exports.of_student(student_id)) == [new, old]

    async def test_files_whose_time_is_over_are_found_and_those_that_are_gone_are_not(
        self, transactions: Transactions
    ) -> None:
        long_ago = AT.replace(year=1989)
        over, gone, making = an_export(), an_export(), an_export()
        for one in (over, gone):
            one.publish(uuid4().hex * 2, 12, long_ago, A_DAY)
        gone.remove()
        async with transactions() as work:
            for one in (over, gone, making):
                await work.exports.add(one)

        async with transactions() as work:
            found = await work.exports.over(long_ago + A_DAY, 10)
            none = await work.exports.over(long_ago, 10)
            over.remove()
            await work.exports.save(over)

        assert ([one.id for one in found], list(none)) == ([over.id], [])

    async def test_hashes_of_no_export_are_told_from_those_of_one(self, transactions: Transactions) -> None:
        given, unknown = an_export(), uuid4().hex * 2
        given.publish(uuid4().hex * 2, 12, AT, A_DAY)
        async with transactions() as work:
            await work.exports.add(given)

        async with transactions() as work:
            assert await work.exports.unused([given.sha256, unknown]) == {unknown}
