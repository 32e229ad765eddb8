"""Imports whose job was set aside: they are told as failed, and tried again where somebody asks for it."""

from __future__ import annotations

from contextlib import suppress

from ....ports.ids import Ids
from ....ports.jobs import Job, JobStatus
from ....ports.transactions import Transactions, UnitOfWork
from ...audit.deed import Deed
from ...identity.account import Asker
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound, Params
from ...shared.ids import ImportId, JobId
from ..catalogue_import import Import, RowProblem
from ..policies import demand_importer, demand_say_over
from .accepting_people import TAKE_ROWS
from .background import TAKE
from .reading import Followed, followed

_AT_A_TIME = 100


@dataclass(frozen=True, slots=True)
class FailImports:
    """Note imports as failed that are open while their job is not tried any more, with what can be done about it."""

    transactions: Transactions

    async def __call__(self) -> int:
        """Return how many there were."""
        async with self.transactions() as work:
            found = await work.imports.set_aside(_AT_A_TIME)
        noted = 0
        for run in found:
            with suppress(Conflict):  # its job has just been tried again
                async with self.transactions() as work:
                    noted += await _fail(work, run.id)
        return noted


async def _fail(work: UnitOfWork, import_id: ImportId) -> bool:
    run = await work.imports.get(import_id)
    if not run.is_open or run.job_id is None:
        return False
    job = await work.jobs.get(run.job_id)
    if job.status is not JobStatus.PARKED:
        return False
    event = run.fail(work.now)
    run.problems += 1
    params: Params = {"attempts": job.attempts, "row": run.checkpoint, "job": str(job.id)}
    code = "import.gave_up_on_the_way" if run.checkpoint else "import.gave_up"
    problem = RowProblem(run.file_name, 0, "", code, params, number=run.problems)
    await work.imports.add_problems(run.id, [problem])
    await work.imports.save(run)
    work.record(event, run.version)
    return True


@dataclass(frozen=True, slots=True)
class RetryImport:
    """Let an import that has failed be tried again: what it had kept stays, and it goes on behind it."""

    transactions: Transactions
    ids: Ids

    async def __call__(self, asker: Asker, import_id: ImportId) -> Followed:
        """Return the import, which waits for its job; raise Forbidden, NotFound, RuleBroken for one that has not
        failed."""
        demand_importer(asker)
        async with self.transactions(asker.origin) as work:
            run = await work.imports.get(import_id)
            demand_say_over(asker, run)
            run.try_again()
            await _let_be_due(work, run, self.ids, asker)
            await work.imports.save(run)
            work.note(Deed("import.retried", "import", run.id))
            return await followed(work, run)


async def _let_be_due(work: UnitOfWork, run: Import, ids: Ids, asker: Asker) -> None:
    """Let the job of the import be tried again, or, where an administrator has let it come to its end meanwhile, make
    another one."""
    if run.job_id is None:
        return
    try:
        await work.jobs.requeue(run.job_id)
    except NotFound:
        if await _is_under_way(work, run.job_id):
            return
        run.job_id = JobId(ids.new())
        name = TAKE_ROWS if run.is_about_people else TAKE
        arguments, key = {"import": str(run.id)}, f"import {run.id} by {run.job_id}"
        await work.jobs.add(Job(run.job_id, name, work.now, arguments=arguments, key=key, origin=asker.origin))


async def _is_under_way(work: UnitOfWork, job_id: JobId) -> bool:
    try:
        return (await work.jobs.get(job_id)).status in (JobStatus.WAITING, JobStatus.LEASED)
    except NotFound:  # done jobs go after some days
        return False
