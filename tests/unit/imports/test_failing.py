"""An import whose job was set aside is told as failed, says what can be done, and goes on when it is tried again."""

from datetime import timedelta

import pytest
from importing import Importing, a_counsellor, an_importing
from worlds import World

from higherstudy.domain.imports.catalogue_import import Counts, Import, ImportKind, State, Table
from higherstudy.domain.imports.events import ImportFailed
from higherstudy.domain.imports.use_cases.accepting_people import TAKE_ROWS
from higherstudy.domain.imports.use_cases.failing import FailImports, RetryImport
from higherstudy.domain.imports.use_cases.reading import GetImport
from higherstudy.domain.shared.errors import NotFound, RuleBroken
from higherstudy.domain.shared.ids import ImportId
from higherstudy.ports.jobs import JobStatus, Priority

HEADER = "email,Name"
NUSRAT, OMAR = "nusrat@example.org,Nusrat Jahan", "omar@example.org,Omar Faruk"


@pytest.fixture
def world() -> World:
    return World()


class CutOff(Exception):
    """The worker ends here."""


async def broken_off(importing: Importing, import_id: ImportId, after: int) -> Import:
    """Take rows until so many have been taken, and end without a word."""

    async def report(read: int) -> None:
        if read >= after:
            raise CutOff

    with pytest.raises(CutOff):
        await importing.take(import_id, report, importing.sender.origin)
    return (await GetImport(importing.world.transactions)(importing.sender, import_id)).run


async def set_aside(world: World, run: Import) -> None:
    assert run.job_id is not None
    async with world.transactions() as work:
        await work.jobs.offer(dict.fromkeys(Priority, 10), again_after=timedelta())
        [job] = await work.jobs.lease_many([run.job_id], timedelta(minutes=1))
        await work.jobs.park(job, "Unavailable: the database does not answer")


async def test_it_fails_with_a_reason_and_goes_on_behind_what_was_taken(world: World) -> None:
    importing = await an_importing(world)
    importing.batch = 1
    import_id = await importing.bring(ImportKind.STUDENTS, HEADER, NUSRAT, OMAR)
    begun = await broken_off(importing, import_id, 1)
    await set_aside(world, begun)

    noted, again = await FailImports(world.transactions)(), await FailImports(world.transactions)()
    failed = (await GetImport(world.transactions)(importing.sender, import_id)).run
    problems = await importing.problems(failed)
    retried = await RetryImport(world.transactions, world.ids)(importing.sender, import_id)
    finished = await importing.taken(import_id)

    assert (begun.state, begun.checkpoint, noted, again) == (State.RUNNING, 2, 1, 0)
    assert (failed.state, failed.finished_at is not None) == (State.FAILED, True)
    assert [(one.code, one.params["row"], one.params["job"]) for one in problems] == [
        ("import.gave_up_on_the_way", 2, str(begun.job_id))
    ]
    assert [event for event in await world.events() if isinstance(event, ImportFailed)] == [ImportFailed(import_id)]
    assert (retried.run.state, retried.job and retried.job.status) == (State.WAITING, JobStatus.WAITING)
    assert (finished.state, finished.counts) == (State.FINISHED, {Table.STUDENTS: Counts(read=2, added=2)})
    assert len(list(world.store.record_offers.rows())) == 2


async def test_an_import_that_waits_or_runs_is_left_alone_and_cannot_be_retried(world: World) -> None:
    importing = await an_importing(world)
    import_id = await importing.bring(ImportKind.STUDENTS, HEADER, NUSRAT)

    assert await FailImports(world.transactions)() == 0
    with pytest.raises(RuleBroken):
        await RetryImport(world.transactions, world.ids)(importing.sender, import_id)
    with pytest.raises(NotFound):
        await RetryImport(world.transactions, world.ids)(await a_counsellor(world, "else@example.org"), import_id)


async def test_rows_are_taken_once_wherever_a_worker_ends(world: World) -> None:
    importing = await an_importing(world)
    importing.batch = 1
    rows = [f"s{number}@example.org,Student {number}" for number in range(5)]
    import_id = await importing.bring(ImportKind.STUDENTS, HEADER, *rows)

    for after in (1, 3, 5):
        await broken_off(importing, import_id, after)
    finished = await importing.taken(import_id)

    assert finished.counts == {Table.STUDENTS: Counts(read=5, added=5)}
    assert sorted(offer.row for offer in world.store.record_offers.rows()) == [2, 3, 4, 5, 6]
    assert finished.resumed == 3


async def test_one_whose_job_an_administrator_let_end_meanwhile_gets_another_job(world: World) -> None:
    importing = await an_importing(world)
    import_id = await importing.bring(ImportKind.STUDENTS, HEADER, NUSRAT)
    waits = (await GetImport(world.transactions)(importing.sender, import_id)).run
    await set_aside(world, waits)
    await FailImports(world.transactions)()
    async with world.transactions() as work:
        await work.jobs.requeue(waits.job_id)  # type: ignore[arg-type]
        [job] = await work.jobs.lease_many([waits.job_id], timedelta(minutes=1))  # type: ignore[list-item]
        await work.jobs.finish_many([job])

    retried = await RetryImport(world.transactions, world.ids)(importing.sender, import_id)
    finished = await importing.taken(import_id)

    assert retried.job is not None
    assert (retried.job.name, retried.job.status) == (TAKE_ROWS, JobStatus.WAITING)
    assert retried.job.id != waits.job_id
    assert finished.state is State.FINISHED
