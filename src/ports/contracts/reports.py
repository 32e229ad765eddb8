"""What any keeper of reports must do."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, ReportId, StudentId
from ..transactions import Transactions
from .samples import AT, a_report

A_DAY = timedelta(days=1)


class ReportsContract:
    """Override ``transactions``; the store need not be empty, but no report in it was over before the year 1990."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_report_comes_back_as_it_was_kept(self, transactions: Transactions) -> None:
        given = a_report()
        async with transactions() as work:
            await work.reports.add(given)
        given.begin()
        given.publish(uuid4().hex * 2, 12, uuid4().hex * 2, AT, A_DAY)
        async with transactions() as work:
            await work.reports.save(given)

        async with transactions() as work:
            found = await work.reports.get(given.id)

        assert (found, found.version) == (given, 2)

    async def test_a_report_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.reports.get(ReportId(uuid4()))

    async def test_of_two_who_change_one_the_second_is_told(self, transactions: Transactions) -> None:
        given = a_report()
        async with transactions() as work:
            await work.reports.add(given)
        async with transactions() as work:
            first, second = [await work.reports.get(given.id) for _ in range(2)]
            await work.reports.save(first)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.reports.save(second)

    async def test_those_of_an_account_and_about_a_student_come_newest_first(self, transactions: Transactions) -> None:
        student_id, by = StudentId(uuid4()), AccountId(uuid4())
        old, new = (replace(a_report(student_id), asked_by=by) for _ in range(2))
        new.asked_at = AT + A_DAY
        async with transactions() as work:
            for one in (old, new, a_report()):
                await work.reports.add(one)

        async with transactions() as work:
            assert list(await work.reports.of_account(by, 10)) == [new, old]
            assert list(await work.reports.of_account(by, 1)) == [new]
            assert list(await work.reports.of_student(student_id)) == [new, old]

    async def test_files_whose_time_is_over_are_found_and_those_that_are_gone_are_not(
        self, transactions: Transactions
    ) -> None:
        long_ago = AT.replace(year=1989)
        over, gone, making = a_report(), a_report(), a_report()
        for one in (over, gone):
            one.begin()
            one.publish(uuid4().hex * 2, 12, uuid4().hex * 2, long_ago, A_DAY)
        gone.withdraw()
        async with transactions() as work:
            for one in (over, gone, making):
                await work.reports.add(one)

        async with transactions() as work:
            found = await work.reports.over(long_ago + A_DAY, 10)
            none = await work.reports.over(long_ago, 10)
            over.withdraw()
            await work.reports.save(over)

        assert ([one.id for one in found], list(none)) == ([over.id], [])

    async def test_hashes_of_no_report_are_told_from_those_of_one(self, transactions: Transactions) -> None:
        given, unknown = a_report(), uuid4().hex * 2
        given.begin()
        given.publish(uuid4().hex * 2, 12, uuid4().hex * 2, AT, A_DAY)
        async with transactions() as work:
            await work.reports.add(given)

        async with transactions() as work:
            assert await work.reports.unused([given.sha256, unknown]) == {unknown}
