"""What any list that is looked at often must do: show what is kept, as it is kept."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

import pytest

from ...domain.applications.application import Application, Condition, Offer, Submission
from ...domain.shared.canonical import sha256_of
from ...domain.shared.ids import AccountId, ApplicationId, StudentId
from ..reading import ApplicationList, ApplicationRow, HistoryRow
from ..transactions import Transactions
from .samples import AT, an_application


class ApplicationListContract:
    """Override ``transactions``, and ``application_list`` over the same store, which need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    @pytest.fixture
    def application_list(self, transactions: Transactions) -> ApplicationList:
        """Return the list over that store."""
        raise NotImplementedError

    async def test_a_row_says_all_that_the_application_says(
        self, transactions: Transactions, application_list: ApplicationList
    ) -> None:
        somebody, kept = AccountId(uuid4()), an_application()
        kept.submit(Submission(AT, sha256_of(b"sent"), AT.replace(year=2028), "Europe/Berlin"), somebody)
        offer = Offer((Condition("B2 German", date(2027, 8, 1)), Condition("Degree")), date(2027, 7, 1))
        kept.receive_offer(offer, AT, somebody, "শর্ত আছে।")
        await _keep(transactions, kept)

        [row] = await application_list.of_student(kept.student_id, None, 10)

        assert row == _row(kept)
        assert [entry.note for entry in row.history] == ["", "শর্ত আছে।"]

    async def test_a_draft_has_neither_receipt_nor_offer_nor_history(
        self, transactions: Transactions, application_list: ApplicationList
    ) -> None:
        draft = an_application()
        await _keep(transactions, draft)

        [row] = await application_list.of_student(draft.student_id, None, 10)

        assert (row.state, row.receipt, row.offer, list(row.history)) == ("draft", None, None, [])

    async def test_a_change_shows_at_once(self, transactions: Transactions, application_list: ApplicationList) -> None:
        kept = an_application()
        await _keep(transactions, kept)
        await application_list.of_student(kept.student_id, None, 10)

        async with transactions() as work:
            kept.submit(Submission(AT, sha256_of(b"sent")), AccountId(uuid4()))
            await work.applications.save(kept)

        [row] = await application_list.of_student(kept.student_id, None, 10)
        assert (row.state, row.version) == ("submitted", 2)

    async def test_pages_follow_one_another_without_a_gap_and_each_row_is_whole(
        self, transactions: Transactions, application_list: ApplicationList
    ) -> None:
        owner = StudentId(uuid4())
        kept = [an_application(owner) for _ in range(5)]
        for one in kept:
            one.submit(Submission(AT, sha256_of(b"sent")), AccountId(uuid4()))
            one.receive_offer(Offer(), AT, AccountId(uuid4()))
        await _keep(transactions, *kept, an_application())

        pages: list[Sequence[ApplicationRow]] = []
        after: ApplicationId | None = None
        while page := await application_list.of_student(owner, after, 2):
            pages.append(page)
            after = ApplicationId(page[-1].id)

        assert [len(page) for page in pages] == [2, 2, 1]
        assert [row for page in pages for row in page] == sorted(map(_row, kept), key=_id_of)

    async def test_whoever_has_applied_nowhere_has_an_empty_list(self, application_list: ApplicationList) -> None:
        assert list(await application_list.of_student(StudentId(uuid4()), None, 10)) == []


async def _keep(transactions: Transactions, *applications: Application) -> None:
    async with transactions() as work:
        for one in applications:
            await work.applications.add(one)


def _id_of(row: ApplicationRow) -> UUID:
    return row.id


def _row(one: Application) -> ApplicationRow:
    history = [HistoryRow(e.action, e.before, e.after, e.side, e.at, e.note) for e in one.history]
    return ApplicationRow(
        one.id,
        one.student_id,
        one.programme_id,
        one.term,
        one.starts_on,
        one.started_at,
        one.version,
        one.state,
        one.offer,
        one.receipt,
        history,
    )
