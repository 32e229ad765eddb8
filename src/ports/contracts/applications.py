"""What any keeper of applications must do."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from ...domain.applications.application import Action, Application, Condition, Offer, Submission
from ...domain.shared.canonical import sha256_of
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, ApplicationId, StudentId
from ..transactions import Transactions
from ..vault import SEALED
from .samples import AT, an_application

SENT = '{"form":"higherstudy.application.v1","name":"Zürich"}\n'.encode()


class ApplicationsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_an_application_comes_back_with_history_receipt_and_offer(self, transactions: Transactions) -> None:
        application, somebody = an_application(), AccountId(uuid4())
        async with transactions() as work:
            await work.applications.add(application)

        async with transactions() as work:
            sent = await work.applications.get(application.id)
            sent.submit(Submission(AT, sha256_of(SENT), AT.replace(year=2028), "Europe/Berlin"), somebody)
            sent.receive_offer(Offer((Condition("B2 German", date(2027, 8, 1)), Condition("Degree"))), AT, somebody)
            sent.receive_offer(Offer((), date(2027, 7, 1)), AT, somebody, "All conditions are met.")
            await work.applications.save(sent)
        async with transactions() as work:
            found = await work.applications.get(application.id)

        assert found == sent
        assert (found.version, len(found.history)) == (2, 3)

    async def test_conditions_are_kept_in_their_order(self, transactions: Transactions) -> None:
        application, somebody = an_application(), AccountId(uuid4())
        offer = Offer((Condition("Degree"), Condition("B2 German", date(2027, 8, 1))), date(2027, 7, 1))
        application.submit(Submission(AT, sha256_of(SENT)), somebody)
        application.receive_offer(offer, AT, somebody)

        async with transactions() as work:
            await work.applications.add(application)
        async with transactions() as work:
            found = await work.applications.get(application.id)

        assert found == application
        assert found.offer == offer

    async def test_an_application_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.applications.get(ApplicationId(uuid4()))

    async def test_there_is_one_live_application_for_an_intake(self, transactions: Transactions) -> None:
        first = an_application()
        async with transactions() as work:
            await work.applications.add(first)

        with pytest.raises(Conflict) as refused:
            async with transactions() as work:
                await work.applications.add(_again(first))

        assert refused.value.reasons[0].code == "application.exists"

    async def test_another_intake_of_the_programme_is_another_application(self, transactions: Transactions) -> None:
        first = an_application()
        next_year = replace(_again(first), starts_on=date(2028, 10, 1))

        async with transactions() as work:
            await work.applications.add(first)
            await work.applications.add(next_year)
        async with transactions() as work:
            found = await work.applications.of_student(first.student_id)

        assert {one.starts_on for one in found} == {date(2027, 10, 1), date(2028, 10, 1)}

    async def test_once_withdrawn_there_may_be_another_one(self, transactions: Transactions) -> None:
        first = an_application()
        async with transactions() as work:
            await work.applications.add(first)
        async with transactions() as work:
            first.act(Action.WITHDRAW, AT, AccountId(uuid4()))
            await work.applications.save(first)

        second = _again(first)
        async with transactions() as work:
            await work.applications.add(second)

        assert second.version == 1

    async def test_of_two_writers_the_second_gets_a_conflict(self, transactions: Transactions) -> None:
        application, somebody = an_application(), AccountId(uuid4())
        async with transactions() as work:
            await work.applications.add(application)
        async with transactions() as work:
            first = await work.applications.get(application.id)
            second = await work.applications.get(application.id)
        first.submit(Submission(AT, sha256_of(SENT)), somebody)
        second.act(Action.WITHDRAW, AT, somebody)

        async with transactions() as work:
            await work.applications.save(first)
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.applications.save(second)
        async with transactions() as work:
            found = await work.applications.get(application.id)

        assert found == first

    async def test_pages_follow_one_another_without_gap_or_double(self, transactions: Transactions) -> None:
        student = StudentId(uuid4())
        own = sorted((an_application(student) for _ in range(5)), key=lambda one: one.id)
        async with transactions() as work:
            for application in (*reversed(own), an_application()):
                await work.applications.add(application)

        async with transactions() as work:
            first = await work.applications.of_student(student, None, 2)
            second = await work.applications.of_student(student, first[-1].id, 2)
            third = await work.applications.of_student(student, second[-1].id, 2)
            fourth = await work.applications.of_student(student, third[-1].id, 2)

        assert [*first, *second, *third] == own
        assert list(fourth) == []

    async def test_the_applications_of_several_students_come_together(self, transactions: Transactions) -> None:
        one, other = sorted((an_application(), an_application()), key=lambda application: application.id)
        one.submit(Submission(AT, sha256_of(SENT)), AccountId(uuid4()))
        async with transactions() as work:
            for application in (one, other, an_application()):
                await work.applications.add(application)

        async with transactions() as work:
            found = await work.applications.of_students([one.student_id, other.student_id, StudentId(uuid4())])
            nobodys = await work.applications.of_students([])

        assert (list(found), list(nobodys)) == ([one, other], [])

    async def test_what_was_sent_comes_back_byte_for_byte(self, transactions: Transactions) -> None:
        application = an_application()

        async with transactions() as work:
            await work.applications.add(application)
            await work.applications.keep_snapshot(application.id, SENT)
        async with transactions() as work:
            found = await work.applications.snapshot(application.id)

        assert found == SENT

    async def test_what_was_sent_is_never_replaced(self, transactions: Transactions) -> None:
        application = an_application()
        async with transactions() as work:
            await work.applications.add(application)
            await work.applications.keep_snapshot(application.id, SENT)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.applications.keep_snapshot(application.id, b"{}")
        async with transactions() as work:
            found = await work.applications.snapshot(application.id)

        assert found == SENT

    async def test_a_snapshot_is_sealed_in_the_place_of_the_one_that_was_not_once(
        self, transactions: Transactions
    ) -> None:
        plain, sealed = an_application(), an_application()
        async with transactions() as work:
            for application, content in ((plain, SENT), (sealed, SEALED + b"1")):
                await work.applications.add(application)
                await work.applications.keep_snapshot(application.id, content)
            before = await work.applications.unsealed_snapshots(10_000)

        for content in (b"2", b"3"):
            async with transactions() as work:
                await work.applications.seal_snapshot(plain.id, SEALED + content)
                await work.applications.seal_snapshot(sealed.id, SEALED + content)

        async with transactions() as work:
            kept = [await work.applications.snapshot(one.id) for one in (plain, sealed)]
            after = await work.applications.unsealed_snapshots(10_000)
        assert (plain.student_id, plain.id) in before
        assert kept == [SEALED + b"2", SEALED + b"1"]
        assert not {plain.id, sealed.id} & {application_id for _, application_id in after}
        assert sealed.id not in {application_id for _, application_id in before}

    async def test_before_anything_was_sent_there_is_no_snapshot(self, transactions: Transactions) -> None:
        application = an_application()
        async with transactions() as work:
            await work.applications.add(application)

        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.applications.snapshot(application.id)


def _again(first: Application) -> Application:
    """Another draft for the same intake of the same programme."""
    return replace(an_application(first.student_id), programme_id=first.programme_id)
