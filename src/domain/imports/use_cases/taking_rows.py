"""The job of an import about people: batches of rows, each one unit of work with its checkpoint."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta, timezone

from ....ports.ids import Ids
from ....ports.rule_packs import RulePacks
from ....ports.transactions import Transactions, UnitOfWork
from ....ports.zones import Zones
from ...identity.account import Asker
from ...identity.policies import is_staff
from ...identity.scopes import Granted
from ...shared.dataclass import dataclass
from ...shared.errors import Invalid, RuleBroken
from ...shared.events import Origin
from ...shared.ids import ImportId, StudentId
from ...shared.times import day_in
from ..catalogue_import import Import, ImportKind, State
from ..given import BATCH
from ..people_columns import matched_header
from .importing import held_import, note_refusal
from .taken_rows import Around, TakenRow
from .taking_applications import take_applications, take_applications_back
from .taking_students import take_students, take_students_back

Report = Callable[[int], Awaitable[None]]
"""Hears how many rows have been taken, as that grows."""
_FIRST_TO_SEE_A_DAY = timezone(timedelta(hours=14))


@dataclass(frozen=True)
class TakeRows:
    """Carry out what waits: take the rows of a file about people, or take back what they brought.

    A batch and the checkpoint behind it are kept together or not at all, so a row is taken once however often this is
    broken off; whoever goes on begins behind the checkpoint.
    """

    transactions: Transactions
    ids: Ids
    rule_packs: RulePacks
    zones: Zones
    batch: int = BATCH

    async def __call__(self, import_id: ImportId, report: Report, origin: Origin) -> None:
        """Return when the import has come to its end; ``report`` hears how far it is.

        Raises Conflict or RuleBroken while somebody else is at it, Unavailable where a part does not answer.
        """
        async with self.transactions(origin) as work:
            run = await work.imports.get(import_id)
            if not run.is_open and run.state is not State.FAILED:
                return
            run.begin()
            await work.imports.save(run)
        while await self._batch(import_id, report, origin):
            pass

    async def _batch(self, import_id: ImportId, report: Report, origin: Origin) -> bool:
        """Take the next rows; return False once there are none, and the import is closed."""
        async with self.transactions(origin) as work:
            run = await held_import(work, import_id)
            undone = None if run.undoes is None else await work.imports.get(run.undoes)
            if undone is not None and run.checkpoint == 0 and await self._is_too_late(work, run, undone):
                return False
            taken = await self._taken(await self._around(work, run), undone)
            if taken:
                await _note(work, run, taken)
            else:
                await _close(work, run, undone)
        await report(run.count(run.subject).read)
        return bool(taken)

    async def _taken(self, around: Around, undone: Import | None) -> Sequence[TakenRow]:
        run, after = around.run, around.run.checkpoint
        if undone is not None:
            take_back = take_students_back if run.kind is ImportKind.STUDENTS else take_applications_back
            return await take_back(around, undone, after, self.batch)
        rows = await around.work.imports.rows(run.id, after, self.batch)
        matched = matched_header(run.kind, run.columns, run.file_name)
        take = take_students if run.kind is ImportKind.STUDENTS else take_applications
        return await take(around, rows, matched)

    async def _around(self, work: UnitOfWork, run: Import) -> Around:
        asker, today = await _sender(work, run), day_in(work.now, _FIRST_TO_SEE_A_DAY)
        return Around(work, run, asker, self.ids, self.rule_packs.rulebook(), self.zones.named, today)

    @staticmethod
    async def _is_too_late(work: UnitOfWork, run: Import, undone: Import) -> bool:
        try:
            undone.demand_undoable()
        except RuleBroken as error:  # somebody else was first
            await note_refusal(work, run.id, Invalid(*error.reasons))
            return True
        return False


async def _sender(work: UnitOfWork, run: Import) -> Asker:
    """Return who brought the file, with the roles and the grants of this moment: none where he works here no more."""
    account = await work.accounts.get(run.by)
    asker = Asker(account.id, account.roles, account.student_id)
    if account.closed_at is not None or not is_staff(asker):
        return Asker(account.id, frozenset())
    held: dict[StudentId, tuple[Granted, ...]] = {}
    for one in await work.grants.live_of(account.id, work.now):
        held[one.student_id] = (*held.get(one.student_id, ()), one.granted)
    return Asker(account.id, account.roles, None, grants=held)


async def _note(work: UnitOfWork, run: Import, taken: Sequence[TakenRow]) -> None:
    counts, problems = run.count(run.subject), [problem for one in taken for problem in one.problems]
    for one in taken:
        one.count(counts)
    numbered = enumerate(problems, start=run.problems + 1)
    await work.imports.add_problems(run.id, [problem.numbered(number) for number, problem in numbered])
    run.problems += len(problems)
    run.checkpoint = taken[-1].number
    await work.imports.save(run)


async def _close(work: UnitOfWork, run: Import, undone: Import | None) -> None:
    event = run.finish(work.now)
    await work.imports.save(run)
    work.record(event, run.version)
    if undone is not None and not run.dry_run:
        undone.undone_by = run.id
        await work.imports.save(undone)
