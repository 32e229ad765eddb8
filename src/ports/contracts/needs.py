"""What any keeper of needs that were found before must do."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from ...domain.counselling.kept import KeptNeeds
from ...domain.counselling.need import Matter, Need, NeedStep
from ...domain.profile.profile import Profile, Residence
from ...domain.profile.student import Student
from ...domain.shared.errors import Reason
from ...domain.shared.ids import PlanId, StudentId
from ..transactions import Transactions
from .samples import a_document, a_plan, a_student, an_application

STEP = NeedStep(
    "DE9@munich", "Answer", "উত্তর", "window", "to_do", date(2027, 1, 4), date(2027, 1, 11), date(2027, 1, 10)
)
NEEDS = (
    Need(
        Matter.WINDOW,
        Reason("queue.window_closes", {"step": "DE9@munich", "closes_on": "2027-01-10", "days": 6}),
        Reason("to_send.window_closes", {"step": "DE9@munich", "closes_on": "2027-01-10", "days": 6}, "steps"),
        slack=-1,
        plan_id=PlanId(uuid4()),
        about="DE9@munich",
        step=STEP,
    ),
    Need(Matter.NO_PLAN, Reason("queue.no_plan"), Reason("to_send.no_plan")),
)


class NeedsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_students_stand_by_id_with_how_they_are_called_and_nothing_kept(
        self, transactions: Transactions
    ) -> None:
        home = Profile(name="অনিকা", residence=Residence("BD", "Asia/Dhaka"), preferred_language="bn")
        one, other = await _students(transactions, home, Profile())

        async with transactions() as work:
            found = await work.needs.standings([other.id, one.id, StudentId(uuid4())])
            nobody = await work.needs.standings([])

        assert [(s.student_id, s.name, s.language, s.zone, s.record_version, s.kept) for s in found] == sorted(
            [
                (one.id, "অনিকা", "bn", "Asia/Dhaka", 1, None),
                (other.id, "", "", "UTC", 1, None),
            ],
            key=lambda row: row[0],
        )
        assert list(nobody) == []

    async def test_what_is_kept_comes_back_in_place_of_what_was_kept_before(self, transactions: Transactions) -> None:
        [student] = await _students(transactions, Profile())
        first, second = (KeptNeeds(student.id, 1, basis, NEEDS[:count]) for basis, count in (("a", 1), ("b", 2)))

        async with transactions() as work:
            await work.needs.keep([first])
        async with transactions() as work:
            await work.needs.keep([second])
        async with transactions() as work:
            [found] = await work.needs.standings([student.id])

        assert found.kept == second

    async def test_nothing_is_kept_of_a_record_that_has_changed_meanwhile(self, transactions: Transactions) -> None:
        [student] = await _students(transactions, Profile())

        async with transactions() as work:
            await work.needs.keep([KeptNeeds(student.id, 7, "a", NEEDS), KeptNeeds(StudentId(uuid4()), 1, "a", ())])
        async with transactions() as work:
            [found] = await work.needs.standings([student.id])

        assert found.kept is None

    async def test_the_word_of_the_versions_changes_with_everything_that_is_hers(
        self, transactions: Transactions
    ) -> None:
        student, other = await _students(transactions, Profile(), Profile())
        words = []

        async def look() -> None:
            async with transactions() as work:
                [found] = await work.needs.standings([student.id])
            words.append(found.versions)

        await look()
        async with transactions() as work:
            await work.plans.add(plan := replace(a_plan(), student_id=student.id))
        await look()
        async with transactions() as work:
            await work.plans.save(plan)
        await look()
        async with transactions() as work:
            await work.documents.add(paper := replace(a_document(), student_id=student.id))
        await look()
        async with transactions() as work:
            await work.documents.save(paper)
        await look()
        async with transactions() as work:
            await work.applications.add(sent := replace(an_application(), student_id=student.id))
        await look()
        async with transactions() as work:
            await work.applications.save(sent)
        await look()
        async with transactions() as work:
            await work.students.save(student)
        await look()
        async with transactions() as work:
            await work.plans.add(replace(a_plan(), student_id=other.id))
        last = words[-1]
        await look()

        assert len(set(words)) == len(words) - 1
        assert words[-1] == last


async def _students(transactions: Transactions, *profiles: Profile) -> list[Student]:
    made = [a_student(profile) for profile in profiles]
    async with transactions() as work:
        for student in made:
            await work.students.add(student)
    return made
