"""What any keeper of plans must do."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from ...domain.planning.schedule import Report
from ...domain.planning.sent_calendar import SentEntry
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import PlanId, StudentId
from ..transactions import Transactions
from .samples import AT, a_plan


class PlansContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_plan_comes_back_with_reports_and_assumptions(self, transactions: Transactions) -> None:
        plan = replace(
            a_plan(),
            reports={
                "DE1": Report(date(2026, 11, 23)),
                "DE2": Report(date(2026, 11, 20), date(2026, 11, 22)),
                "DE3": Report(),
            },
            durations={"DE3": 40},
            pathways={"sample-msc/winter-2027": "de-dhaka-master"},
            calendar_hash=uuid4().hex * 2,
        )

        async with transactions() as work:
            await work.plans.add(plan)
        async with transactions() as work:
            found = await work.plans.get(plan.id)

        assert found == plan
        assert found.version == 1

    async def test_a_plan_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.plans.get(PlanId(uuid4()))

    async def test_a_report_that_was_not_saved_is_lost(self, transactions: Transactions) -> None:
        plan = a_plan()
        async with transactions() as work:
            await work.plans.add(plan)

        async with transactions() as work:
            changed = await work.plans.get(plan.id)
            changed.reports["DE1"] = Report(date(2026, 11, 23))
        async with transactions() as work:
            found = await work.plans.get(plan.id)

        assert found.reports == {}

    async def test_of_two_writers_the_second_gets_a_conflict(self, transactions: Transactions) -> None:
        plan = a_plan()
        async with transactions() as work:
            await work.plans.add(plan)
        async with transactions() as work:
            first, second = await work.plans.get(plan.id), await work.plans.get(plan.id)
        first.durations["DE2"] = 600
        second.durations["DE2"] = 30

        async with transactions() as work:
            await work.plans.save(first)
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.plans.save(second)
        async with transactions() as work:
            found = await work.plans.get(plan.id)

        assert (found.durations, found.version) == ({"DE2": 600}, 2)

    async def test_a_students_newest_plan_comes_first(self, transactions: Transactions) -> None:
        student = StudentId(uuid4())
        older, newer = a_plan(student), replace(a_plan(student), made_at=AT + timedelta(days=1))
        async with transactions() as work:
            for plan in (older, newer, a_plan()):
                await work.plans.add(plan)

        async with transactions() as work:
            found = await work.plans.of_student(student)

        assert list(found) == [newer, older]

    async def test_pages_of_plans_follow_one_another_without_gap_or_double(self, transactions: Transactions) -> None:
        student = StudentId(uuid4())
        at_once = [a_plan(student) for _ in range(3)]
        own = [*at_once, *(replace(a_plan(student), made_at=AT + timedelta(days=day)) for day in (-1, 1))]
        async with transactions() as work:
            for plan in (*own, a_plan()):
                await work.plans.add(plan)

        async with transactions() as work:
            first = await work.plans.of_student(student, None, 2)
            second = await work.plans.of_student(student, first[-1].id, 2)
            third = await work.plans.of_student(student, second[-1].id, 2)
            fourth = await work.plans.of_student(student, third[-1].id, 2)
            every = await work.plans.of_student(student)

        assert [*first, *second, *third] == sorted(own, key=lambda plan: (plan.made_at, plan.id), reverse=True)
        assert [*first, *second, *third] == list(every)
        assert list(fourth) == []

    async def test_after_somebody_elses_plan_comes_none(self, transactions: Transactions) -> None:
        own, other = a_plan(), replace(a_plan(), made_at=AT + timedelta(days=1))
        async with transactions() as work:
            await work.plans.add(own)
            await work.plans.add(other)

        async with transactions() as work:
            found = await work.plans.of_student(own.student_id, other.id)

        assert list(found) == []

    async def test_the_plans_of_several_students_come_together(self, transactions: Transactions) -> None:
        one, other = a_plan(), replace(a_plan(), made_at=AT + timedelta(days=1))
        async with transactions() as work:
            for plan in (one, other, a_plan()):
                await work.plans.add(plan)

        async with transactions() as work:
            found = await work.plans.of_students([one.student_id, other.student_id, StudentId(uuid4())])
            nobodys = await work.plans.of_students([])

        assert (list(found), list(nobodys)) == ([other, one], [])

    async def test_a_plan_is_found_by_its_calendar_link_and_by_no_blank_one(self, transactions: Transactions) -> None:
        linked, unlinked = replace(a_plan(), calendar_hash=uuid4().hex * 2), a_plan()
        async with transactions() as work:
            await work.plans.add(linked)
            await work.plans.add(unlinked)

        async with transactions() as work:
            found = await work.plans.find_by_calendar(linked.calendar_hash)
            others = [await work.plans.find_by_calendar(secret) for secret in ("", uuid4().hex * 2)]

        assert found == linked
        assert others == [None, None]

    async def test_a_calendar_that_has_told_nothing_yet_is_empty(self, transactions: Transactions) -> None:
        async with transactions() as work:
            sent = await work.plans.calendar_sent(PlanId(uuid4()))

        assert sent == {}

    async def test_what_a_calendar_has_told_is_kept_in_place_of_what_it_told_before(
        self, transactions: Transactions
    ) -> None:
        plan, first, last = a_plan(), date(2026, 11, 23), date(2026, 12, 1)
        begun = SentEntry("আইইএলটিএস দিন", first, last, "f" * 32, 0, AT)
        moved, gone = replace(begun, mark="0" * 32, sequence=1), replace(begun, sequence=2, cancelled=True)
        async with transactions() as work:
            await work.plans.add(plan)
            await work.plans.note_calendar_sent(plan.id, {"DE3": begun, "DE4": begun})

        async with transactions() as work:
            before = await work.plans.calendar_sent(plan.id)
            await work.plans.note_calendar_sent(plan.id, {"DE3": moved, "DE9@a/b": gone})
        async with transactions() as work:
            after = await work.plans.calendar_sent(plan.id)
            kept = await work.plans.get(plan.id)

        assert before == {"DE3": begun, "DE4": begun}
        assert after == {"DE3": moved, "DE9@a/b": gone}
        assert kept.version == 1

    async def test_those_who_tell_a_calendar_at_once_follow_one_another(self, transactions: Transactions) -> None:
        plan, day = a_plan(), date(2026, 11, 23)
        async with transactions() as work:
            await work.plans.add(plan)

        async def tell() -> None:
            async with transactions() as work:
                sent = await work.plans.calendar_sent(plan.id)
                told = SentEntry("Step", day, day, "f" * 32, len(sent), AT)
                await work.plans.note_calendar_sent(plan.id, {**sent, f"S{len(sent)}": told})

        await asyncio.gather(*(tell() for _ in range(4)))

        async with transactions() as work:
            sent = await work.plans.calendar_sent(plan.id)
        assert {uid: entry.sequence for uid, entry in sent.items()} == {"S0": 0, "S1": 1, "S2": 2, "S3": 3}
