"""What each target of a plan asks for, on the days that the plan gives it: evidence, money, papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ..catalogue.programme import Programme
from ..documents.checklist import CheckedItem, check_items
from ..documents.document import Document
from ..funding.held_since import money_held_since
from ..funding.need import MoneyNeed, money_needs, money_unknown
from ..matching.evidence import Days as DaysOfCase
from ..matching.evidence import Evidence
from ..matching.judging import judge_programme
from ..matching.verdict import Finding
from ..rulebook.conditions import Circumstance
from ..rulebook.facts import Scope
from ..rulebook.free_entry import leads_without_visa
from ..rulebook.leaning import warnings_for
from ..rulebook.pack import Rulebook
from ..rulebook.papers import Checklist
from ..rulebook.pathways import Pathway
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from ..shared.money import Money
from .leaning import papers_lean_on
from .schedule import Outcome, Outlook, Schedule
from .target import Target


@dataclass(frozen=True, slots=True)
class TargetCase:
    """A target, the pathway that it follows, and the days of its case as if the plan followed it.

    ``days`` are those on which a test result has to count; ``used_on`` is the day on which the papers of the mission's
    ``checklist`` are used, and both are None where the pathway has no checklist. ``of_others`` are kinds of papers that
    another target's own step has brought and this one's has not, such as another university's letter of admission.
    """

    target: Target
    outcome: Outcome
    pathway: Pathway
    days: DaysOfCase
    lodged_on: date
    circumstances: Mapping[str, Circumstance]
    checklist: Checklist | None
    used_on: date | None
    citizenships: tuple[str, ...] = ()
    of_others: frozenset[str] = frozenset()

    @property
    def scope(self) -> Scope:
        """For whom the figures of the case are asked for."""
        target = self.target
        return Scope(target.country, self.pathway.mission, self.citizenships, target.level, target.institution)

    def money(self, tuition_a_year: Money | None, rulebook: Rulebook) -> tuple[MoneyNeed, ...]:
        """Return what each money rule of the target's country asks for on the day on which the papers go in; nothing on
        a way without a visa, for which money is shown."""
        target = self.target
        if leads_without_visa(self.pathway, rulebook, target.starts_on):
            return ()
        return money_needs(self.scope, self.lodged_on, self.circumstances, tuition_a_year, rulebook)

    def to_know(self, rulebook: Rulebook) -> tuple[Reason, ...]:
        """Return what there is to know of the money and the papers for the mission: why an amount that the country asks
        for is not known, since when money has to be there, and that no list of papers is known. Nothing on a way
        without a visa, and nothing of a target that is lost."""
        target = self.target
        if self.outcome is Outcome.LOST or leads_without_visa(self.pathway, rulebook, target.starts_on):
            return ()
        unknown = money_unknown(self.scope, self.lodged_on, self.circumstances, rulebook)
        held = money_held_since(self.scope, self.lodged_on, rulebook)
        unlisted = (Reason("checklist.not_known", {"country": target.country}),) if self.checklist is None else ()
        return (*unknown, *held, *unlisted)

    def on_its_days(self, evidence: Evidence) -> Evidence:
        """Return the evidence with test results held against the days of the case."""
        return replace(evidence, days=self.days)


def cases_of(schedule: Schedule, rulebook: Rulebook) -> tuple[TargetCase, ...]:
    """Return the case of each target in the order of the outlooks, the leading one first."""
    brought = {outlook.target.key: _brought(outlook.target.key, schedule) for outlook in schedule.outlooks}
    cases = (_case(outlook, schedule, rulebook) for outlook in schedule.outlooks)
    return tuple(replace(case, of_others=_of_others(case.target.key, brought)) for case in cases)


@dataclass(frozen=True, slots=True)
class _Brought:
    """Kinds of papers that the steps of one target alone have brought, and those that they have still to bring."""

    done: frozenset[str]
    still: frozenset[str]


def _brought(key: str, schedule: Schedule) -> _Brought:
    days = schedule.days[key]
    own = [(at, task) for at, task in enumerate(days.network.tasks) if task.target and task.target.key == key]
    done, still = (
        frozenset(code for at, task in own if days.setting.done[at] is is_done for code in task.step.documents_out)
        for is_done in (True, False)
    )
    return _Brought(done, still)


def _of_others(key: str, brought: Mapping[str, _Brought]) -> frozenset[str]:
    theirs = frozenset(code for other, one in brought.items() if other != key for code in one.done)
    return brought[key].still & theirs


def of_each_country(cases: tuple[TargetCase, ...]) -> tuple[TargetCase, ...]:
    """Return the case that stands for each country and level: the first of which something may still come.

    What a country asks for is the same for all targets in it, but for the tuition and the day.
    """
    found: dict[tuple[str, str], TargetCase] = {}
    for case in sorted(cases, key=lambda case: case.outcome is Outcome.LOST):
        found.setdefault((case.target.country, case.target.level), case)
    return tuple(found.values())


def _case(outlook: Outlook, schedule: Schedule, rulebook: Rulebook) -> TargetCase:
    target = outlook.target
    days = schedule.days[target.key]
    network = days.network
    applied = next((at for at, key in network.applications if key == target.key), None)
    lodged = schedule.lodged_on(target.key)
    checklist = rulebook.checklists.get(network.pathway.checklist)
    used = None if checklist is None else network.index.get(checklist.used_at)
    return TargetCase(
        target=target,
        outcome=outlook.outcome,
        pathway=network.pathway,
        days=DaysOfCase(
            application=None if applied is None else date.fromordinal(days.finish[applied]),
            enrolment=target.starts_on,
            appointment=lodged,
        ),
        lodged_on=lodged,
        circumstances={**days.setting.situation.circumstances, **target.circumstances},
        checklist=checklist,
        used_on=None if checklist is None else schedule.today if used is None else date.fromordinal(days.start(used)),
        citizenships=days.setting.situation.citizenships,
    )


@dataclass(frozen=True, slots=True)
class CheckedPapers:
    """A checklist with every item in its order, judged for the day of use, and what to say of the rules behind it.

    ``target`` is the key of the target that it is for.
    """

    target: str
    checklist: Checklist
    used_on: date
    items: tuple[CheckedItem, ...]
    warnings: tuple[str, ...]


def check_papers(
    case: TargetCase, documents: Sequence[Document], rulebook: Rulebook, today: date
) -> CheckedPapers | None:
    """Return the papers of the target's checklist, or None where its pathway has none.

    A paper does not say for which target it is: one that only another target's steps have brought does not serve.
    """
    checklist, day = case.checklist, case.used_on
    if checklist is None or day is None:
        return None
    own = [document for document in documents if document.kind not in case.of_others]
    items = check_items(checklist, case.circumstances, own, rulebook.document_kinds, day)
    warnings = warnings_for(rulebook, papers_lean_on(checklist, items), today)
    return CheckedPapers(case.target.key, checklist, day, items, warnings)


def notices_of(case: TargetCase, programme: Programme, evidence: Evidence, rulebook: Rulebook) -> tuple[Reason, ...]:
    """Return what will matter later on the target's way although it decides nothing now, such as a test that runs out
    before the appointment; nothing of a target that is lost."""
    if case.outcome is Outcome.LOST or not evidence.profile.tests:
        return ()
    verdict = judge_programme(programme, case.on_its_days(evidence), rulebook)
    found: list[Reason] = []
    for notice in _later(verdict.finding, case):
        if notice not in found:
            found.append(notice)
    return tuple(found)


def _later(finding: Finding, case: TargetCase) -> Iterator[Reason]:
    for notice in finding.notices:
        yield Reason(notice.code, {**notice.params, "target": case.target.title}, case.target.key)
    for part in finding.parts:
        yield from _later(part, case)
