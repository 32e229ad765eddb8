"""Whose plan a changed programme counts for is told of it, once, and nobody else."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.domain.catalogue.programme import Programme
from higherstudy.domain.imports.catalogue_import import Import, Table
from higherstudy.domain.imports.comparing import Change
from higherstudy.domain.imports.events import CatalogueImported, ProgrammeChanged
from higherstudy.domain.imports.programmes import institution_row, programme_row
from higherstudy.domain.imports.rows import Edition
from higherstudy.domain.imports.touched import changes_for
from higherstudy.domain.imports.use_cases.telling import FollowCatalogue, GetProgrammeNews
from higherstudy.domain.planning.plan import Plan
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.shared.ids import EventId, PlanId, StudentId
from higherstudy.ports.contracts.catalogue_rows import an_import
from study_builders import programme

AT = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)


def a_target(of: Programme) -> TargetRef:
    """The first intake of the programme in a year that it has."""
    intake = of.intakes[0]
    starts = next(day for year in range(2026, 2031) if (day := intake.starts_in(year)) is not None)
    return TargetRef(of.id, intake.term, starts)


def later(of: Programme) -> Programme:
    """The same programme with every deadline of its first intake at another time of the day."""
    intake = of.intakes[0]
    moved = tuple(replace(one, at=datetime(2027, 1, 1, 11, 5).time()) for one in intake.deadlines)
    return replace(of, intakes=(replace(intake, deadlines=moved), *of.intakes[1:]))


async def changed_by_an_import(
    transactions: MemoryTransactions, before: Programme, after: Programme, plans: list[Plan]
) -> Import:
    """Keep the programme and the plans, then let an import change the programme."""
    edition = Edition("coast", "A catalogue made up for this test", "1")
    first, run = an_import(origin="coast"), an_import(origin="coast")
    async with transactions() as work:
        await work.imports.add(run)
        loading = await work.imports.loading(first, edition)
        await loading.add(Table.INSTITUTIONS, [(before.institution.id, institution_row(before.institution))])
        await loading.add(Table.PROGRAMMES, [(before.id, programme_row(before))])
        await loading.finish()
        for plan in plans:
            await work.plans.add(plan)
    async with transactions() as work:
        loading = await work.imports.loading(run, edition)
        await loading.change(Table.PROGRAMMES, [(Change.CHANGED, before.id, programme_row(after))])
        run.finish(AT)
        await work.imports.save(run)
    return run


def plans_for(target: TargetRef, many: int) -> list[Plan]:
    return [Plan(PlanId(uuid4()), StudentId(uuid4()), (target,), AT, (), "2025b") for _ in range(many)]


async def told(transactions: MemoryTransactions) -> list[ProgrammeChanged]:
    async with transactions() as work:
        events = [one.event for _ in range(5) for one in await work.outbox.take(1000)]
        return list({one.plan_id: one for one in events if isinstance(one, ProgrammeChanged)}.values())


async def test_each_plan_is_told_of_once_however_often_the_job_is_repeated() -> None:
    transactions, before = MemoryTransactions(), programme()
    plans = plans_for(a_target(before), 230)
    run = await changed_by_an_import(transactions, before, later(before), plans)

    for _ in range(2):
        await FollowCatalogue(transactions)(CatalogueImported(run.id, False), EventId(uuid4()))

    events = await told(transactions)
    news = await GetProgrammeNews(transactions)(events[0])
    assert {one.plan_id for one in events} == {plan.id for plan in plans}
    assert news is not None
    assert (news.student_id, news.programme.id) == (events[0].student_id, before.id)
    assert {reason.code for reason in news.changes} == {"programme_change.deadline"}


async def test_what_counts_for_no_target_is_told_to_nobody() -> None:
    transactions, before = MemoryTransactions(), programme()
    elsewhere = TargetRef(before.id, "another term", date(2031, 1, 1))
    run = await changed_by_an_import(transactions, before, later(before), plans_for(elsewhere, 2))

    await FollowCatalogue(transactions)(CatalogueImported(run.id, False), EventId(uuid4()))

    assert await told(transactions) == []


def test_what_is_no_longer_offered_counts_for_every_target() -> None:
    before = programme()

    found = changes_for(a_target(before), before, replace(before, expired=True, notes=("Other words.",)))

    assert [reason.code for reason in found] == ["programme_change.expired"]


def test_an_equal_programme_has_no_changes() -> None:
    before = programme()

    assert changes_for(a_target(before), before, replace(before, notes=("Other words.",))) == ()


def test_a_requirement_that_is_gone_is_a_change() -> None:
    before = programme()

    found = changes_for(a_target(before), before, replace(before, requirement=None))

    assert [reason.code for reason in found] == (["programme_change.requirement"] if before.requirement else [])
