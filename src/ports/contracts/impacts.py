"""What any keeper of impact reports must do."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from ...domain.impacts.changes import About, ImpactChange, StudentImpact
from ...domain.impacts.impact import Impact, Purpose
from ...domain.shared.errors import Conflict, NotFound, Params
from ...domain.shared.ids import AccountId, ImpactId, JobId, PlanId, StudentId
from ..transactions import Transactions
from .samples import AT


def an_impact() -> Impact:
    """A report that has begun."""
    return Impact(
        id=ImpactId(uuid4()),
        purpose=Purpose.PROPOSED,
        before="a" * 64,
        after="b" * 64,
        packs=("c" * 64, "d" * 64),
        chosen=("d" * 64,),
        by=AccountId(uuid4()),
        started_at=AT,
        job_id=JobId(uuid4()),
    )


def a_student_impact(badness: int) -> StudentImpact:
    """Something that changes for a student."""
    params: Params = {"proof": "Blocked account", "after": "12,624.00 EUR", "count": 3}
    plan, day = PlanId(uuid4()), date(2027, 3, 1)
    changes = (
        ImpactChange(About.MONEY, "impact.money_more", params, badness, plan, day),
        ImpactChange(About.VERDICT, "impact.verdict_now_met", {"programme": "ঢাকা"}),
    )
    return StudentImpact(StudentId(uuid4()), changes)


class ImpactsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_report_comes_back_as_far_as_it_was_counted(self, transactions: Transactions) -> None:
        impact, found = an_impact(), a_student_impact(300)

        async with transactions() as work:
            await work.impacts.add(impact)
        async with transactions() as work:
            counted = await work.impacts.get(impact.id)
            counted.count(2, 3, [found], found.student_id)
            counted.finish(AT + timedelta(minutes=1))
            await work.impacts.save(counted)
        async with transactions() as work:
            kept = await work.impacts.get(impact.id)

        assert kept == counted
        assert (kept.version, kept.totals.top_up, kept.totals.first_top_up_by) == (2, 1, date(2027, 3, 1))

    async def test_a_report_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.impacts.get(ImpactId(uuid4()))

    async def test_of_two_who_count_for_one_report_the_second_gets_a_conflict(self, transactions: Transactions) -> None:
        impact = an_impact()
        async with transactions() as work:
            await work.impacts.add(impact)
        async with transactions() as work:
            one, other = await work.impacts.get(impact.id), await work.impacts.get(impact.id)
            await work.impacts.save(one)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.impacts.save(other)

    async def test_nobody_is_kept_twice_for_one_report(self, transactions: Transactions) -> None:
        impact, found = an_impact(), a_student_impact(300)
        async with transactions() as work:
            await work.impacts.add(impact)
            await work.impacts.add_students(impact.id, [found])

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.impacts.add_students(impact.id, [found])

    async def test_students_come_worst_first_page_by_page(self, transactions: Transactions) -> None:
        impact, other = an_impact(), an_impact()
        found = [a_student_impact(badness) for badness in (0, 800, 300, 300)]
        async with transactions() as work:
            await work.impacts.add(impact)
            await work.impacts.add(other)
            await work.impacts.add_students(impact.id, found[:2])
            await work.impacts.add_students(other.id, [a_student_impact(1000)])
            await work.impacts.add_students(impact.id, found[2:])

        async with transactions() as work:
            first = await work.impacts.students(impact.id, None, 2)
            rest = await work.impacts.students(impact.id, (first[-1].badness, first[-1].student_id), 10)

        assert [*first, *rest] == [found[1], *sorted(found[2:], key=lambda one: one.student_id), found[0]]

    async def test_what_changes_for_one_student_can_be_had_by_itself(self, transactions: Transactions) -> None:
        impact, found = an_impact(), a_student_impact(300)
        async with transactions() as work:
            await work.impacts.add(impact)
            await work.impacts.add_students(impact.id, [found])

        async with transactions() as work:
            assert await work.impacts.student(impact.id, found.student_id) == found
            assert await work.impacts.student(impact.id, StudentId(uuid4())) is None

    async def test_what_every_report_says_of_a_student_can_be_had(self, transactions: Transactions) -> None:
        reports, found = [an_impact(), an_impact()], a_student_impact(300)
        async with transactions() as work:
            for impact in reports:
                await work.impacts.add(impact)
                await work.impacts.add_students(impact.id, [found, a_student_impact(100)])

        async with transactions() as work:
            said = await work.impacts.of_student(found.student_id)

        assert list(said) == [(impact_id, found) for impact_id in sorted(one.id for one in reports)]
