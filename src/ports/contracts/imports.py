"""What any keeper of imports must do, and any way of their rows into the catalogue."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from ...domain.catalogue.search import ProgrammeQuery
from ...domain.imports.catalogue_import import ImportKind, RowProblem, Severity, State, Table
from ...domain.imports.comparing import Change
from ...domain.imports.given import KeptRow
from ...domain.imports.provenance import Origin, origins_of
from ...domain.imports.reverting import Kept, Reverted
from ...domain.planning.plan import Plan
from ...domain.planning.target import TargetRef
from ...domain.shared.errors import Conflict, Invalid, NotFound
from ...domain.shared.ids import AccountId, ImportId, JobId, PlanId, ProgrammeId, StudentId
from ..jobs import Job
from ..transactions import Transactions
from .catalogue_rows import AT, Keeper, a_campus, a_programme, an_import, an_institution


class ImportsContract:
    """Override ``transactions`` with a store's; what else it holds does not matter."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on the store."""
        raise NotImplementedError

    @pytest.fixture
    def keeper(self, transactions: Transactions) -> Keeper:
        """Keeps rows in a catalogue of this test's own."""
        return Keeper(transactions)

    async def test_a_kept_import_is_found_as_it_was(self, transactions: Transactions) -> None:
        run = an_import()
        async with transactions() as work:
            await work.imports.add(run)
        run.count(Table.PROGRAMMES).read = 3
        run.count(Table.PROGRAMMES).refused = 1
        run.origin, run.edition, run.problems = "cricos", "2027-01-01", 1
        run.checkpoint, run.columns = 7, ("email", "নাম")
        run.finish(AT + timedelta(seconds=3))

        async with transactions() as work:
            await work.imports.save(run)
        async with transactions() as work:
            found = await work.imports.get(run.id)

        assert found == run
        assert found.version == 2

    async def test_an_import_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.imports.get(ImportId(uuid4()))

    async def test_a_second_writer_gets_a_conflict(self, transactions: Transactions) -> None:
        run = an_import()
        async with transactions() as work:
            await work.imports.add(run)
        async with transactions() as work:
            first, second = await work.imports.get(run.id), await work.imports.get(run.id)
            await work.imports.save(first)
            with pytest.raises(Conflict):
                await work.imports.save(second)

    async def test_what_runs_since_long_is_found_until_it_is_closed(self, transactions: Transactions) -> None:
        run = an_import()
        async with transactions() as work:
            await work.imports.add(run)

        async with transactions() as work:
            since = [each.id for each in await work.imports.running_since(AT + timedelta(seconds=1))]
            before = [each.id for each in await work.imports.running_since(AT)]
            run.break_off(AT)
            await work.imports.save(run)
            closed = [each.id for each in await work.imports.running_since(AT + timedelta(seconds=1))]

        assert (run.id in since, run.id in before, run.id in closed) == (True, False, False)

    async def test_of_those_who_want_to_hold_an_import_one_does_at_a_time(self, transactions: Transactions) -> None:
        run, others, holding, most = an_import(), an_import(), 0, 0
        async with transactions() as work:
            await work.imports.add(run)
            await work.imports.add(others)

        async def hold() -> bool:
            nonlocal holding, most
            async with transactions() as work:
                held = await work.imports.hold(run.id)
                holding += held
                most = max(most, holding)
                await work.imports.get(run.id)
                holding -= held
            return held

        held = await asyncio.gather(*(hold() for _ in range(4)))
        async with transactions() as work:
            afterwards = await work.imports.hold(run.id), await work.imports.hold(others.id)

        assert (most, any(held), afterwards) == (1, True, (True, True))

    async def test_rows_wait_in_their_order_and_those_of_one_import_alone(self, transactions: Transactions) -> None:
        run, other = ImportId(uuid4()), ImportId(uuid4())
        rows = [KeptRow(run, number, ("a", "", "ঢাকা"), f"{number % 3}@example.org", AT) for number in (2, 3, 5, 6)]
        async with transactions() as work:
            await work.imports.add_rows([*rows[2:], *rows[:2], replace(rows[0], import_id=other, number=4)])

        async with transactions() as work:
            first = await work.imports.rows(run, 0, 3)
            rest = await work.imports.rows(run, 5, 3)
            some = await work.imports.rows_at(run, [6, 2, 4, 2])
            named = [await work.imports.is_named_before(row) for row in rows]

        assert [*first, *rest] == rows
        assert list(some) == [rows[0], rows[3]]
        assert named == [False, False, True, True], "5 is about the same as 2, and 6 as 3"

    async def test_a_row_waits_once(self, transactions: Transactions) -> None:
        row = KeptRow(ImportId(uuid4()), 2, ("a",), "", AT)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.imports.add_rows([row, row])

    async def test_what_is_open_is_found_once_its_job_was_set_aside(self, transactions: Transactions) -> None:
        runs = [an_import(job_id=JobId(uuid4()), state=state) for state in (State.WAITING, State.RUNNING, State.FAILED)]
        async with transactions() as work:
            for run in runs:
                await work.imports.add(run)
                await work.jobs.add(Job(run.job_id or JobId(uuid4()), "take_rows", work.now))
            before = {one.id for one in await work.imports.set_aside(1000)}
            ids = [run.job_id for run in runs if run.job_id is not None]
            for job in await work.jobs.lease_many(ids, timedelta(minutes=1)):
                await work.jobs.park(job, "again and again")
        async with transactions() as work:
            found = [one.id for one in await work.imports.set_aside(1000)]

        assert not before & {run.id for run in runs}
        assert {run.id for run in runs} & set(found) == {runs[0].id, runs[1].id}
        assert found == sorted(found)

    async def test_files_about_people_are_listed_and_recognised_for_their_sender_alone(
        self, transactions: Transactions
    ) -> None:
        catalogue = an_import()
        mine, others = (an_import(kind=ImportKind.STUDENTS, sha256=catalogue.sha256) for _ in range(2))
        async with transactions() as work:
            for run in (catalogue, mine, others):
                run.finish(AT)
                await work.imports.add(run)

        async with transactions() as work:
            every = {run.id for run in (catalogue, mine, others)}
            by_me = {one.id for one in await work.imports.page(None, 1000, by=mine.by)} & every
            people = {one.id for one in await work.imports.page(None, 1000, by=mine.by, catalogues=False)} & every
            nobodys = {one.id for one in await work.imports.page(None, 1000)} & every
            same = [await work.imports.taken_from(mine.sha256, by) for by in (None, mine.by, AccountId(uuid4()))]

        assert (by_me, people, nobodys) == ({catalogue.id, mine.id}, {mine.id}, {catalogue.id})
        assert [one and one.id for one in same] == [catalogue.id, mine.id, None]

    async def test_a_text_that_cannot_be_kept_is_shown_all_the_same(self, transactions: Transactions) -> None:
        run = an_import()
        async with transactions() as work:
            await work.imports.add(run)

        async with transactions() as work:
            problem = RowProblem("a\x00b", 1, "", "csv.column_unknown", {"column": "\x00\ud800", "n": 1}, number=1)
            await work.imports.add_problems(run.id, [problem])

        async with transactions() as work:
            [found] = await work.imports.problems(run.id, 0, 2)
        assert (found.sheet.startswith("a"), found.code, found.params["n"]) == (True, "csv.column_unknown", 1)

    async def test_problems_come_in_pages_by_their_numbers(self, transactions: Transactions) -> None:
        run = an_import()
        problems = [
            RowProblem("Courses", 4, "Tuition Fee", "import.not_an_amount", {"given": "free", "n": 1}, number=1),
            RowProblem("Courses", 9, "Course Level", "import.unknown_word", {}, Severity.WARNING, 2),
            RowProblem("Courses", 9, "", "csv.cell_count", {}, number=3),
        ]
        async with transactions() as work:
            await work.imports.add(run)
            await work.imports.add_problems(run.id, problems[:2])
            await work.imports.add_problems(run.id, problems[2:])

        async with transactions() as work:
            first = await work.imports.problems(run.id, 0, 2)
            rest = await work.imports.problems(run.id, 2, 2)

        assert ([*first], [*rest]) == (problems[:2], problems[2:])

    async def test_what_stands_is_told_by_key_and_only_of_the_same_catalogue(self, keeper: Keeper) -> None:
        other = Keeper(keeper.transactions)
        for each in (keeper, other):
            await each.add(Table.INSTITUTIONS, an_institution(each.origin))
        row = a_programme(keeper.origin, "Botany")
        [id_] = await keeper.add(Table.PROGRAMMES, row)

        async with keeper.transactions() as work:
            loading = await work.imports.loading(an_import(), keeper.edition())
            programmes = await loading.standing(Table.PROGRAMMES)
            institutions = await loading.standing(Table.INSTITUTIONS)

        assert programmes.keys() == {row.key}
        assert programmes[row.key] == (id_, row.digest, 0, False)
        assert institutions.keys() == {f"{keeper.origin}:Coast University"}

    async def test_a_key_of_another_catalogue_is_refused_and_nothing_is_kept(self, keeper: Keeper) -> None:
        other = Keeper(keeper.transactions)
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))

        with pytest.raises(Invalid) as refusal:
            await other.add(Table.INSTITUTIONS, an_institution(other.origin), an_institution(keeper.origin))

        assert [reason.code for reason in refusal.value.reasons] == ["import.key_taken"]
        async with keeper.transactions() as work:
            loading = await work.imports.loading(an_import(), other.edition())
            assert await loading.standing(Table.INSTITUTIONS) == {}

    async def test_a_changed_row_takes_the_place_of_what_stood(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        [id_] = await keeper.add(Table.PROGRAMMES, a_programme(keeper.origin, "Botany"))
        dearer = a_programme(keeper.origin, "Botany", tuition_minor=6_000_000)

        await keeper.change(Table.PROGRAMMES, (Change.CHANGED, id_, dearer))

        async with keeper.transactions() as work:
            found = await work.catalogue.programme(ProgrammeId(id_))
            stands = await (await work.imports.loading(an_import(), keeper.edition())).standing(Table.PROGRAMMES)
        assert found.tuition is not None
        assert found.tuition.money.minor == 6_000_000
        assert stands[dearer.key].digest == dearer.digest

    async def test_a_programme_is_taught_where_its_last_row_says(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        harbour, hill, lake = (a_campus(keeper.origin, name) for name in ("Harbour", "Hill", "Lake"))
        await keeper.add(Table.CAMPUSES, harbour, hill, lake)
        row = a_programme(keeper.origin, "Botany", campuses=(harbour.key, hill.key))
        [id_] = await keeper.add(Table.PROGRAMMES, row)
        at_first = await _places(keeper, id_)

        moved = a_programme(keeper.origin, "Botany", campuses=(hill.key, lake.key))
        await keeper.change(Table.PROGRAMMES, (Change.MOVED, id_, moved))
        then = await _places(keeper, id_)
        await keeper.withdraw(Table.PROGRAMMES, [id_])
        at_last = await _places(keeper, id_)

        assert (at_first, then, at_last) == ({harbour.key, hill.key}, {hill.key, lake.key}, set())

    async def test_a_withdrawn_row_still_stands_as_withdrawn_and_can_come_back(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        row = a_programme(keeper.origin, "Botany")
        [id_] = await keeper.add(Table.PROGRAMMES, row)

        await keeper.withdraw(Table.PROGRAMMES, [id_])
        async with keeper.transactions() as work:
            loading = await work.imports.loading(an_import(), keeper.edition())
            gone = (await loading.standing(Table.PROGRAMMES))[row.key].withdrawn
        await keeper.change(Table.PROGRAMMES, (Change.RESTORED, id_, row))

        async with keeper.transactions() as work:
            found = await work.catalogue.programme(ProgrammeId(id_))
        assert (gone, found.expired) == (True, False)

    async def test_the_last_import_that_took_the_very_file_is_known(self, transactions: Transactions) -> None:
        first, dry, other = an_import(sha256="a" * 64), an_import(sha256="a" * 64), an_import()
        dry.dry_run = True
        async with transactions() as work:
            unknown = await work.imports.taken_from("a" * 64)
            for run in (first, dry, other):
                await work.imports.add(run)
            running = await work.imports.taken_from("a" * 64)
            for run in (first, dry, other):
                run.finish(AT)
                await work.imports.save(run)
            found = await work.imports.taken_from("a" * 64)
            first.undone_by = other.id
            await work.imports.save(first)
            undone = await work.imports.taken_from("a" * 64)

        assert (unknown, running, found and found.id, undone) == (None, None, first.id, None)

    async def test_a_file_is_used_while_an_import_keeps_it(self, transactions: Transactions) -> None:
        file, upon, nobody = (uuid4().hex * 2 for _ in range(3))
        run = an_import(sha256=file, corrections=(upon,), kept_until=AT + timedelta(days=1), job_id=JobId(uuid4()))
        async with transactions() as work:
            await work.imports.add(run)

        async with transactions() as work:
            meanwhile = await work.imports.unused([file, upon, nobody], AT)
            afterwards = await work.imports.unused([file, upon, nobody], AT + timedelta(days=1))
            found = await work.imports.get(run.id)
            running = await work.imports.running_since(AT + timedelta(days=1))

        assert (set(meanwhile), set(afterwards)) == ({nobody}, {file, upon, nobody})
        assert found == run
        assert run.id not in [one.id for one in running], "its job takes care of it"

    async def test_imports_come_in_pages_by_their_ids(self, transactions: Transactions) -> None:
        greatest = uuid4().int
        runs = [an_import(id=ImportId(UUID(int=greatest - n))) for n in range(3)]
        async with transactions() as work:
            for run in runs:
                await work.imports.add(run)

        async with transactions() as work:
            first = await work.imports.page(ImportId(UUID(int=runs[0].id.int + 1)), 2)
            rest = await work.imports.page(runs[1].id, 1)

        assert [one.id for one in (*first, *rest)] == [run.id for run in runs]

    async def test_what_an_import_changed_is_taken_back(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        row = a_programme(keeper.origin, "Botany", number=7)
        [id_] = await keeper.add(Table.PROGRAMMES, row)
        changed = a_programme(keeper.origin, "Botany", tuition_minor=6_000_000, number=9)
        run = await keeper.change(Table.PROGRAMMES, (Change.CHANGED, id_, changed))

        dry = await keeper.revert(run, dry_run=True)
        done = await keeper.revert(run)

        async with keeper.transactions() as work:
            found = await work.catalogue.programme(ProgrammeId(id_))
            stands = await (await work.imports.loading(an_import(), keeper.edition())).standing(Table.PROGRAMMES)
            origins = origins_of(await work.imports.history(ProgrammeId(id_)))
        assert dry == done
        assert (done[Table.PROGRAMMES].restored, done[Table.PROGRAMMES].withdrawn) == (1, 0)
        assert found.tuition is not None
        assert found.tuition.money.minor == 5_600_000
        assert stands[row.key].digest == row.digest
        assert origins["tuition_minor"].row == 7

    async def test_a_programme_is_found_by_its_name_of_before(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        row = a_programme(keeper.origin, "Botany")
        [id_] = await keeper.add(Table.PROGRAMMES, row)
        named = a_programme(keeper.origin, f"Plants {uuid4().hex[:8]}")._replace(key=row.key)
        run = await keeper.change(Table.PROGRAMMES, (Change.CHANGED, id_, named))

        await keeper.revert(run)

        async with keeper.transactions() as work:
            found = await work.catalogue.search(ProgrammeQuery(text=named.name), None, 5)
            all_named = await work.catalogue.search(ProgrammeQuery(text="Botany"), None, 1000)
        assert found == []
        assert id_ in [one.id for one in all_named]

    async def test_what_an_import_withdrew_stands_again(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        await keeper.add(Table.CAMPUSES, harbour := a_campus(keeper.origin))
        [id_] = await keeper.add(Table.PROGRAMMES, a_programme(keeper.origin, campuses=(harbour.key,)))
        run = await keeper.withdraw(Table.PROGRAMMES, [id_])

        await keeper.revert(run)

        async with keeper.transactions() as work:
            found = await work.catalogue.programme(ProgrammeId(id_))
        assert (found.expired, await _places(keeper, id_)) == (False, {harbour.key})

    async def test_what_an_import_added_is_withdrawn(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        [id_] = await keeper.add(Table.PROGRAMMES, a_programme(keeper.origin))

        done = await keeper.revert(keeper.last)

        async with keeper.transactions() as work:
            found = await work.catalogue.programme(ProgrammeId(id_))
        assert (done[Table.PROGRAMMES].withdrawn, found.expired) == (1, True)

    async def test_what_was_changed_since_stays_and_is_named(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        [id_] = await keeper.add(Table.PROGRAMMES, a_programme(keeper.origin, "Botany"))
        rows = [a_programme(keeper.origin, "Botany", tuition_minor=n, number=n) for n in (6, 7)]
        runs = [await keeper.change(Table.PROGRAMMES, (Change.CHANGED, id_, row)) for row in rows]

        too_early = await keeper.revert(runs[0])
        last, then_first = await keeper.revert(runs[1]), await keeper.revert(runs[0])

        assert too_early[Table.PROGRAMMES] == Reverted(0, 0, (Kept(rows[0].key, 7, "import.changed_since"),))
        assert (last[Table.PROGRAMMES].restored, then_first[Table.PROGRAMMES].restored) == (1, 1)

    async def test_an_institution_that_others_need_stays(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        run = keeper.last
        await keeper.add(Table.PROGRAMMES, a_programme(keeper.origin))

        done = await keeper.revert(run)

        kept = done[Table.INSTITUTIONS].kept
        assert [(one.key, one.code) for one in kept] == [(f"{keeper.origin}:Coast University", "import.still_needed")]

    async def test_each_value_is_of_the_import_that_brought_it(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        [id_] = await keeper.add(Table.PROGRAMMES, a_programme(keeper.origin, "Botany", number=3))
        added = keeper.last
        dearer = a_programme(keeper.origin, "Botany", tuition_minor=6_000_000, number=5)
        run = await keeper.change(Table.PROGRAMMES, (Change.CHANGED, id_, dearer))

        async with keeper.transactions() as work:
            origins = origins_of(await work.imports.history(ProgrammeId(id_)))
            before = await work.imports.programme_before(run.id, ProgrammeId(id_))
            nothing = await work.imports.programme_before(added.id, ProgrammeId(id_))

        assert origins["name"] == Origin(added.id, 3)
        assert origins["tuition_minor"] == Origin(run.id, 5)
        assert before is not None
        assert before.tuition is not None
        assert (before.tuition.money.minor, nothing) == (5_600_000, None)

    async def test_plans_that_aim_at_what_changed_come_in_the_order_of_their_ids(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        names = ("Botany", "Zoology")
        ids = await keeper.add(Table.PROGRAMMES, *(a_programme(keeper.origin, name) for name in names))
        plans = [a_plan(ids[0]), a_plan(ids[0], ids[1]), a_plan(ids[1])]
        async with keeper.transactions() as work:
            for plan in plans:
                await work.plans.add(plan)
        dearer = a_programme(keeper.origin, "Botany", tuition_minor=6_000_000)
        run = await keeper.change(Table.PROGRAMMES, (Change.CHANGED, ids[0], dearer))

        async with keeper.transactions() as work:
            first = await work.imports.touched_plans(run.id, None, 1)
            rest = await work.imports.touched_plans(run.id, first[0].id, 5)

        touched = sorted(plans[:2], key=lambda plan: plan.id)
        assert [(one.id, one.student_id, one.version) for one in (*first, *rest)] == [
            (plan.id, plan.student_id, 1) for plan in touched
        ]
        assert {target.programme_id for one in (*first, *rest) for target in one.targets} == {ids[0]}


def a_plan(*programmes: UUID) -> Plan:
    """A plan that aims at these programmes."""
    targets = tuple(TargetRef(ProgrammeId(one), "winter", date(2028, 10, 1)) for one in programmes)
    return Plan(PlanId(uuid4()), StudentId(uuid4()), targets, AT, (), "2025b")


async def _places(keeper: Keeper, programme_id: object) -> set[str]:
    async with keeper.transactions() as work:
        loading = await work.imports.loading(an_import(), keeper.edition())
        found = await loading.places([programme_id])  # type: ignore[list-item]
    return set(found.get(programme_id, ()))  # type: ignore[call-overload]
