"""One student under one rulebook: her plans, the money, the papers and the verdicts, as far as they can be had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date

from ..catalogue.programme import Programme
from ..documents.checklist import CheckedItem
from ..documents.document import Document
from ..documents.judging import usable_kinds
from ..funding.need import MoneyNeed
from ..matching.evidence import Evidence
from ..matching.judging import judge_programme
from ..matching.verdict import Standing
from ..planning.making import NOTHING_AROUND, Surroundings, find_pathway, situation_of
from ..planning.schedule import Report, Schedule
from ..planning.scheduling import make_schedule
from ..planning.target import Target
from ..planning.target_case import cases_of, check_papers, of_each_country
from ..profile.profile import Profile
from ..rulebook.free_entry import needs_visa
from ..rulebook.pack import Rulebook
from ..rulebook.pathways import Pathway
from ..shared.dataclass import dataclass
from ..shared.errors import Params, Reason, RuleBroken
from ..shared.ids import PlanId, StudentId
from ..shared.money import Money


@dataclass(frozen=True, slots=True)
class PlanCase:
    """What of a plan does not depend on the rules; ``tuition`` is that of a year, ``pinned`` the id of the pathway that
    a target follows, both by the target's key.

    ``targets`` have the deadlines of those who need a visa; which of them look otherwise for those who need none is in
    ``without_visa``, by key. Which count, each rulebook says by itself.
    """

    id: PlanId
    targets: tuple[Target, ...]
    reports: Mapping[str, Report]
    durations: Mapping[str, int]
    tuition: Mapping[str, Money | None]
    version: int = 0
    pinned: Mapping[str, str] = field(default_factory=dict)
    without_visa: Mapping[str, Target] = field(default_factory=dict)

    def targets_for(self, profile: Profile, rulebook: Rulebook) -> tuple[Target, ...]:
        """Return the targets with the deadlines that count for the student by the rules."""
        return tuple(
            one
            if needs_visa(one.country, profile.citizenships, rulebook, one.starts_on)
            else self.without_visa.get(one.key, one)
            for one in self.targets
        )


@dataclass(frozen=True, slots=True)
class StudentCase:
    """A student as she stands on a day: what she said, her plans and papers, and the programmes that she aims at.

    ``around`` holds the holidays and her applications.
    """

    student_id: StudentId
    profile: Profile
    today: date
    zones: str
    plans: tuple[PlanCase, ...] = ()
    programmes: tuple[Programme, ...] = ()
    documents: Sequence[Document] = ()
    around: Surroundings = NOTHING_AROUND


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan worked out under one rulebook; ``proofs`` names what shows the money of each rule, as parameters."""

    schedule: Schedule
    pathway: Pathway
    money: Mapping[str, MoneyNeed]
    proofs: Mapping[str, Params]
    papers: Mapping[str, CheckedItem]


@dataclass(frozen=True, slots=True)
class Stuck:
    """Why a plan cannot be worked out under a rulebook."""

    reasons: tuple[Reason, ...]


def view_of(case: StudentCase, plan: PlanCase, rulebook: Rulebook) -> PlanView | Stuck:
    """Return the plan as it is under the rulebook, or why it cannot be worked out."""
    found = schedule_of(case, plan, rulebook)
    if isinstance(found, Stuck):
        return found
    schedule, pathway = found
    cases = cases_of(schedule, rulebook)
    needs = [need for one in of_each_country(cases) for need in one.money(plan.tuition.get(one.target.key), rulebook)]
    checked = check_papers(cases[0], case.documents, rulebook, case.today)
    papers = checked.items if checked else ()
    return PlanView(
        schedule=schedule,
        pathway=pathway,
        money={need.rule: need for need in needs},
        proofs={need.rule: _named(need, rulebook) for need in needs},
        papers={checked.item.code: checked for checked in papers},
    )


def schedule_of(case: StudentCase, plan: PlanCase, rulebook: Rulebook) -> tuple[Schedule, Pathway] | Stuck:
    """Return the schedule of the plan with its first pathway, or why it cannot be worked out."""
    around = replace(case.around, documents=case.documents, pinned=plan.pinned)
    targets = plan.targets_for(case.profile, rulebook)
    try:
        pathway = find_pathway(targets, case.profile, rulebook, around.pinned)
        situation = situation_of(
            targets, pathway, case.profile, rulebook, case.today, plan.reports, plan.durations, around
        )
        return make_schedule(situation, pathway, rulebook, case.zones), pathway
    except RuleBroken as error:
        return Stuck(error.reasons)


def _named(need: MoneyNeed, rulebook: Rulebook) -> Params:
    """Return what shows the money, in the packs' own words of each language, or else the rule's id."""
    kinds = [kind for code in need.proofs if (kind := rulebook.document_kinds.get(code)) is not None]
    if not kinds:
        return {"proof": need.rule}
    return {
        "proof": ", ".join(kind.title for kind in kinds),
        "proof_bn": ", ".join(kind.title_bn or kind.title for kind in kinds),
    }


def standings_of(case: StudentCase, rulebook: Rulebook) -> dict[str, Standing]:
    """Return how the student stands for each programme that she aims at, by its key."""
    usable = usable_kinds(case.documents, rulebook.document_kinds, case.today)
    evidence = Evidence(case.profile, case.today, usable)
    return {one.key: judge_programme(one, evidence, rulebook).standing for one in case.programmes}
