"""Telling students whose plans aim at programmes that an import has changed."""

from __future__ import annotations

from collections.abc import Sequence

from ....ports.transactions import Transactions, UnitOfWork
from ...catalogue.programme import Programme
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound, Reason
from ...shared.ids import EventId, ImportId, PlanId, ProgrammeId, StudentId
from ..catalogue_import import Import
from ..events import CatalogueImported, CatalogueReverted, ProgrammeChanged
from ..touched import TouchedPlan, changes_for

_LOT = 200


@dataclass(frozen=True, slots=True)
class ProgrammeNews:
    """What a student is to be told: the plan, the programme as it is now, and what is otherwise, each thing once."""

    student_id: StudentId
    plan_id: PlanId
    programme: Programme
    changes: tuple[Reason, ...]


@dataclass(frozen=True)
class FollowCatalogue:
    """Record for each plan which programmes that it aims at an import has changed, so that its student is told."""

    transactions: Transactions

    async def __call__(self, event: CatalogueImported | CatalogueReverted, event_id: EventId) -> None:
        """Go through the plans that are touched, some at a time; each is told of once, however often this is broken
        off. Of what counts for no target of a plan nobody is told."""
        if event.dry_run:
            return
        while True:
            async with self.transactions() as work:
                run = await work.imports.get(event.import_id)
                if run.told_at is not None:
                    return
                plans = await work.imports.touched_plans(run.id, run.told_up_to, _LOT)
                await _tell(work, run, plans)
                await work.imports.save(run)


@dataclass(frozen=True)
class GetProgrammeNews:
    """Say what an import changed about a programme, for a plan that aims at it."""

    transactions: Transactions

    async def __call__(self, event: ProgrammeChanged) -> ProgrammeNews | None:
        """Return what the plan's student is to be told, by how programme and plan are now; None when nothing of it
        counts any more, or the plan or the programme is gone."""
        async with self.transactions() as work:
            return await news_of(work, event)


async def news_of(work: UnitOfWork, event: ProgrammeChanged) -> ProgrammeNews | None:
    """Return the same within an open unit of work."""
    try:
        plan = await work.plans.get(event.plan_id)
        programme = await work.catalogue.programme(event.programme_id)
    except NotFound:
        return None
    targets = tuple(one for one in plan.targets if one.programme_id == event.programme_id)
    touched = TouchedPlan(plan.id, plan.student_id, plan.version, targets)
    changes = await _changes(work, event.import_id, touched, programme)
    return ProgrammeNews(plan.student_id, plan.id, programme, changes) if changes else None


async def _tell(work: UnitOfWork, run: Import, plans: Sequence[TouchedPlan]) -> None:
    wanted = dict.fromkeys(target.programme_id for plan in plans for target in plan.targets)
    programmes = {one.id: one for one in await work.catalogue.programmes(list(wanted))}
    for plan in plans:
        for programme_id in dict.fromkeys(target.programme_id for target in plan.targets):
            programme = programmes.get(programme_id)
            if programme is not None and await _changes(work, run.id, plan, programme):
                work.record(ProgrammeChanged(plan.id, plan.student_id, programme_id, run.id), plan.version)
    if len(plans) < _LOT:
        run.told_at = work.now
    if plans:
        run.told_up_to = plans[-1].id


async def _changes(
    work: UnitOfWork, import_id: ImportId, plan: TouchedPlan, programme: Programme
) -> tuple[Reason, ...]:
    before = await work.imports.programme_before(import_id, ProgrammeId(programme.id))
    if before is None:
        return ()
    aims = (target for target in plan.targets if target.programme_id == programme.id)
    found = [reason for target in aims for reason in changes_for(target, before, programme)]
    return tuple(one for number, one in enumerate(found) if one not in found[:number])
