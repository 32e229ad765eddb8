"""What any keeper of students' records must do."""

from uuid import uuid4

import pytest

from ...domain.profile.profile import Passport, Profile
from ...domain.profile.student import Student
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import StudentId
from ..transactions import Transactions
from .samples import a_student


class StudentsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_record_comes_back_with_every_word_of_its_profile(self, transactions: Transactions) -> None:
        student = a_student()

        async with transactions() as work:
            await work.students.add(student)
        async with transactions() as work:
            found = await work.students.get(student.id)

        assert found == student
        assert found.version == 1

    async def test_what_is_unknown_stays_unknown_and_what_is_none_stays_none(self, transactions: Transactions) -> None:
        unknown, none = a_student(Profile()), a_student(Profile(qualifications=(), tests=(), work=(), citizenships=()))

        async with transactions() as work:
            await work.students.add(unknown)
            await work.students.add(none)
        async with transactions() as work:
            found = [await work.students.get(unknown.id), await work.students.get(none.id)]

        assert [one.profile for one in found] == [unknown.profile, none.profile]
        assert found[0].profile.tests is None
        assert found[1].profile.tests == ()

    async def test_a_record_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.students.get(StudentId(uuid4()))

    async def test_names_are_found_of_many_at_once(self, transactions: Transactions) -> None:
        named, nameless = a_student(Profile(name="অনিকা O'Neil")), a_student(Profile())
        async with transactions() as work:
            await work.students.add(named)
            await work.students.add(nameless)

        async with transactions() as work:
            found = await work.students.names([named.id, nameless.id, named.id, StudentId(uuid4())])
            nobody = await work.students.names([])

        assert found == {named.id: "অনিকা O'Neil", nameless.id: ""}
        assert nobody == {}

    async def test_the_records_of_several_come_together(self, transactions: Transactions) -> None:
        several = sorted((a_student(), a_student(Profile())), key=lambda student: student.id)
        async with transactions() as work:
            for student in (*several, a_student()):
                await work.students.add(student)

        async with transactions() as work:
            found = await work.students.several([*(student.id for student in several), StudentId(uuid4())])
            nobody = await work.students.several([])

        assert (list(found), list(nobody)) == (several, [])

    async def test_a_change_that_was_not_saved_is_lost(self, transactions: Transactions) -> None:
        student = a_student()
        async with transactions() as work:
            await work.students.add(student)

        async with transactions() as work:
            changed = await work.students.get(student.id)
            changed.change_profile(Profile(name="Somebody else"))
        async with transactions() as work:
            found = await work.students.get(student.id)

        assert found == student

    async def test_records_are_known_by_a_passport_number_that_is_not_sealed(self, transactions: Transactions) -> None:
        numbers = ("A01234567", "sealed:AEhTMQ==", None)
        plain, sealed, none = [a_student(Profile(passport=Passport(number))) for number in numbers]
        async with transactions() as work:
            for student in (plain, sealed, none, without := a_student(Profile())):
                await work.students.add(student)

        async with transactions() as work:
            found = {student.id: student for student in await work.students.unsealed(10_000)}

        assert found[plain.id] == plain
        assert not {sealed.id, none.id, without.id} & found.keys()

    async def test_each_save_counts_the_version_up(self, transactions: Transactions) -> None:
        student = a_student()
        async with transactions() as work:
            await work.students.add(student)

        async with transactions() as work:
            changed = await work.students.get(student.id)
            changed.change_profile(Profile(name="SAMPLE STUDENT"))
            await work.students.save(changed)
        async with transactions() as work:
            found = await work.students.get(student.id)

        assert (found.version, found.profile.name) == (2, "SAMPLE STUDENT")

    async def test_of_two_writers_the_second_gets_a_conflict(self, transactions: Transactions) -> None:
        student = a_student()
        async with transactions() as work:
            await work.students.add(student)
        async with transactions() as work:
            first, second = await work.students.get(student.id), await work.students.get(student.id)
        first.change_profile(Profile(name="First"))
        second.change_profile(Profile(name="Second"))

        async with transactions() as work:
            await work.students.save(first)
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.students.save(second)
        async with transactions() as work:
            found = await work.students.get(student.id)

        assert found.profile.name == "First"

    async def test_a_record_that_was_never_added_cannot_be_saved(self, transactions: Transactions) -> None:
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.students.save(a_student())

    async def test_records_come_in_batches_by_id_each_once(self, transactions: Transactions) -> None:
        kept = sorted((a_student() for _ in range(3)), key=lambda student: student.id)
        async with transactions() as work:
            for student in kept:
                await work.students.add(student)

        found: list[Student] = []
        after = None
        async with transactions() as work:
            while batch := await work.students.batch(after, 2):
                found += batch
                after = batch[-1].id

        assert [student for student in found if student in kept] == kept
        assert [student.id for student in found] == sorted({student.id for student in found})
