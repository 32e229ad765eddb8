"""Reading what reports are written from."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import date

from ....ports.transactions import UnitOfWork
from ...applications.application import State as ApplicationState
from ...identity.account import Asker
from ...identity.policies import keeps_catalogue
from ...identity.use_cases.admitting import admit
from ...imports.catalogue_import import Import, Severity
from ...matching.evidence import evidence_with
from ...matching.overriding import with_overrides
from ...matching.ranking import matched
from ...planning.leaning import papers_lean_on, plan_leans_on
from ...planning.target_case import check_papers, of_each_country
from ...planning.use_cases.planned import Planning, every_application
from ...rulebook.leaning import packs_leaned_on, warnings_for
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound, RuleBroken
from ...shared.ids import ImportId, PlanId, StudentId
from ..listing import (
    Listed,
    Row,
    backlog_rows,
    caseload_row,
    deadline_rows,
    funnel_rows,
    import_rows,
    rule_rows,
    unplanned_row,
)
from ..policies import NEEDED, counts_everybody, doing_of, students_for
from ..readiness import JudgedTarget, Readiness
from ..report import Kind

_AT_A_TIME = 20
_LAST = 10**6
_PROBLEMS_AT_A_TIME = 1_000


@dataclass(frozen=True)
class GatherReadiness(Planning):
    """Read everything that a readiness report says, of one moment."""

    async def __call__(self, asker: Asker, plan_id: PlanId, today: date | None = None) -> Readiness:
        """Return it as of the student's own day; raise NotFound where the asker may not see it, RuleBroken or NotFound
        where the plan cannot be worked out any more."""
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            plan = await work.plans.get(plan_id)
            for doing in NEEDED:
                admit(work, asker, plan.student_id, doing)
            found = await self.worked_out(work, plan, rulebook, today)
            profile = (await work.students.get(plan.student_id)).profile
            documents = await work.documents.of_student(plan.student_id)
            ids = [case.target.ref.programme_id for case in found.cases]
            programmes = {programme.id: programme for programme in await work.catalogue.programmes(ids)}
            overrides = await work.overrides.of_student(plan.student_id, ids)
        on = found.schedule.today
        shown = evidence_with(profile, documents, rulebook.document_kinds, on)
        verdicts = []
        for case in found.cases:
            programme = programmes[case.target.ref.programme_id]
            evidence = case.on_its_days(shown)
            verdict = matched(programme, evidence, rulebook).verdict
            given = [one for one in overrides if one.programme_id == programme.id]
            if given:
                verdict = with_overrides(verdict, programme, evidence, given)
            verdicts.append(JudgedTarget(case.target, programme, verdict))
        checked = [check_papers(case, documents, rulebook, on) for case in of_each_country(found.cases)]
        papers = [one for one in checked if one is not None]
        names = dict.fromkeys(
            (
                *plan_leans_on(found.schedule, found.money, rulebook),
                *(name for one in papers for name in papers_lean_on(one.checklist, one.items)),
            )
        )
        return Readiness(
            profile.name,
            found.schedule,
            verdicts,
            found.needs,
            papers,
            documents,
            found.notices,
            warnings_for(rulebook, names, on),
            packs_leaned_on(rulebook, names),
            rulebook,
        )


@dataclass(frozen=True)
class GatherList(Planning):
    """Read the rows of a list for staff, some students at a time; of students only those who let the asker see them."""

    async def __call__(self, asker: Asker, kind: Kind, students: set[StudentId]) -> AsyncIterator[Row]:
        """Yield the rows in the order of the list, and put into ``students`` whoever is named in it."""
        match kind:
            case Kind.FUNNEL:
                async for row in self._funnel(asker):
                    yield row
            case Kind.RULES:
                async with self.transactions(asker.origin) as work:
                    today = work.now.date()
                for row in rule_rows(self.rule_packs.rulebook(), today):
                    yield row
            case Kind.IMPORTS:
                async for row in self._imports(asker):
                    yield row
            case _:
                found: list[tuple[float, str, int, Row]] = []
                async for key, row in self._of_students(asker, kind, students):
                    found.append((key, str(row[1]), len(found), row))
                found.sort(key=lambda one: one[:3])
                for *_, row in found:
                    yield row

    async def _of_students(
        self, asker: Asker, kind: Kind, students: set[StudentId]
    ) -> AsyncIterator[tuple[float, Row]]:
        ids = students_for(asker, kind)
        for start in range(0, len(ids), _AT_A_TIME):
            lot = ids[start : start + _AT_A_TIME]
            async with self.transactions(asker.origin) as work:
                names = await work.students.names(lot)
                rows = [
                    one
                    for student_id in lot
                    for one in await self._rows(work, asker, kind, student_id, names.get(student_id, ""))
                ]
            students.update(lot)
            for row in rows:
                yield row

    async def _rows(
        self, work: UnitOfWork, asker: Asker, kind: Kind, student_id: StudentId, name: str
    ) -> Sequence[tuple[float, Row]]:
        admit(work, asker, student_id, doing_of(kind))
        student = Listed(student_id, name)
        rulebook = self.rule_packs.rulebook()
        if kind is Kind.BACKLOG:
            documents = await work.documents.of_student(student_id)
            return list(backlog_rows(student, documents, rulebook, work.now.date()))
        plans = await work.plans.of_student(student_id, None, 1)
        if not plans:
            return [(_LAST, unplanned_row(student, "report.no_plan"))] if kind is Kind.CASELOAD else []
        try:
            found = await self.worked_out(work, plans[0], rulebook)
        except (RuleBroken, NotFound):
            return [(-_LAST, unplanned_row(student, "report.stuck"))] if kind is Kind.CASELOAD else []
        if kind is Kind.CASELOAD:
            return [caseload_row(student, found.schedule)]
        days = found.schedule.days
        applied = frozenset(
            key for one in days.values() for at, key in one.network.applications if one.setting.done[at]
        )
        return [(float(on.toordinal()), row) for on, row in deadline_rows(student, found.schedule, applied)]

    async def _imports(self, asker: Asker) -> AsyncIterator[Row]:
        """Yield what was wrong in each import that the asker may see, the newest first."""
        after: ImportId | None = None
        while True:
            async with self.transactions(asker.origin) as work:
                catalogues = keeps_catalogue(asker)
                page = await work.imports.page(after, _AT_A_TIME, by=asker.account_id, catalogues=catalogues)
            for run in page:
                async with self.transactions(asker.origin) as work:
                    counts = await _problems_of(work, run)
                for row in import_rows(run, counts):
                    yield row
            if len(page) < _AT_A_TIME:
                return
            after = page[-1].id

    async def _funnel(self, asker: Asker) -> AsyncIterator[Row]:
        counts: dict[ApplicationState, int] = {}
        if counts_everybody(asker, Kind.FUNNEL):
            after: StudentId | None = None
            while True:
                async with self.transactions(asker.origin) as work:
                    lot = [one.id for one in await work.students.batch(after, _AT_A_TIME)]
                    await _count(work, lot, counts)
                if not lot:
                    break
                after = lot[-1]
        else:
            ids = students_for(asker, Kind.FUNNEL)
            for start in range(0, len(ids), _AT_A_TIME):
                async with self.transactions(asker.origin) as work:
                    for student_id in ids[start : start + _AT_A_TIME]:
                        admit(work, asker, student_id, doing_of(Kind.FUNNEL))
                    await _count(work, ids[start : start + _AT_A_TIME], counts)
        for row in funnel_rows(counts):
            yield row


async def _problems_of(work: UnitOfWork, run: Import) -> Counter[tuple[str, str, Severity]]:
    counts: Counter[tuple[str, str, Severity]] = Counter()
    after = 0
    while page := await work.imports.problems(run.id, after, _PROBLEMS_AT_A_TIME):
        counts.update((one.column, one.code, one.severity) for one in page)
        after = page[-1].number
    return counts


async def _count(work: UnitOfWork, students: Sequence[StudentId], counts: dict[ApplicationState, int]) -> None:
    for student_id in students:
        for one in await every_application(work, student_id):
            counts[one.state] = counts.get(one.state, 0) + 1
