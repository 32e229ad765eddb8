"""A case with its schedule and everything that was needed for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date

from ....domain.documents.document import Document
from ....domain.planning.case import Case
from ....domain.planning.making import Surroundings, find_pathway, situation_of
from ....domain.planning.schedule import Schedule
from ....domain.planning.scheduling import make_schedule
from ....domain.planning.target import Target
from ....domain.planning.target_case import (
    TargetCase,
    cases_of,
)
from ....domain.rulebook.pathways import Pathway
from ..bundle import Bundle
from ..words import Words


@dataclass(frozen=True)
class Planned:
    """A case with its schedule and everything that was needed for it."""

    case: Case
    bundle: Bundle
    pathway: Pathway
    schedule: Schedule
    documents: Sequence[Document]
    cases: tuple[TargetCase, ...]

    @property
    def words(self) -> Words:
        """Sentences that call the steps by their titles."""
        plain = Words(self.bundle.rulebook)
        titles = {step.key: plain.text(step.task.step) for step in self.schedule.steps}
        return Words(self.bundle.rulebook, titles)


def plan_case(case: Case, documents: Sequence[Document], bundle: Bundle, today: date) -> Planned:
    """Return the case's schedule for the day; raise RuleBroken where no pathway leads to its targets."""
    rulebook = bundle.rulebook
    home = bundle.zones.named(case.profile.residence.zone) if case.profile.residence else UTC
    around = Surroundings(bundle.calendars.closed_days, documents, home=home)
    pathway = find_pathway(case.targets, case.profile, rulebook)
    situation = situation_of(case.targets, pathway, case.profile, rulebook, today, case.reports, case.durations, around)
    schedule = make_schedule(situation, pathway, rulebook, bundle.zones.version)
    cases = cases_of(schedule, rulebook)
    return Planned(case, bundle, rulebook.pathways[schedule.pathway], schedule, documents, cases)


def has_applied(target: Target, planned: Planned) -> bool:
    days = planned.schedule.days[target.key]
    return any(days.setting.done[at] for at, key in days.network.applications if key == target.key)
