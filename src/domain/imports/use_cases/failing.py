"""Imports whose job was set aside: they are told as failed, and tried again where somebody asks for it."""

from __future__ import annotations

from contextlib import suppress

from ....ports.transactions import Transactions, UnitOfWork
from ...audit.deed import Deed
from ...identity.account import Asker
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound, Params
from ...shared.ids import ImportId
from ..catalogue_import import RowProblem
from ..policies import demand_importer, demand_say_over
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

    async def __call__(self, asker: Asker, import_id: ImportId) -> Followed:
        """Return the import, which waits for its job; raise Forbidden, NotFound, RuleBroken for one that has not
        failed."""
        demand_importer(asker)
        async with self.transactions(asker.origin) as work:
            run = await work.imports.get(import_id)
            demand_say_over(asker, run)
            run.try_again()
            if run.job_id is not None:
                with suppress(NotFound):  # an administrator was first
                    await work.jobs.requeue(run.job_id)
            await work.imports.save(run)
            work.note(Deed("import.retried", "import", run.id))
            return await followed(work, run)
