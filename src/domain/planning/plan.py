"""A student's plan: what she aims at and what she has reported. The schedule follows from it and is never stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime

from ..shared.dataclass import dataclass
from ..shared.errors import Reason, refuse_if_any
from ..shared.ids import PlanId, StudentId
from .events import DurationsAssumed, PlanMade, StepReported, TargetsChanged
from .schedule import Report, Schedule, State
from .target import TargetRef

MOST_TARGETS = 20


@dataclass(slots=True)
class Plan:
    """The inputs of a schedule that belong to the student; ``made_with`` says which rules it was made with.

    ``pathways`` names the pathway that each target follows, by the target's key, so that no change of rules or of
    citizenship leads elsewhere in silence. ``calendar_hash`` is the SHA-256 of the secret in the plan's calendar link,
    or empty while there is none.
    """

    id: PlanId
    student_id: StudentId
    targets: tuple[TargetRef, ...]
    made_at: datetime
    made_with: tuple[str, ...]
    zones: str
    reports: dict[str, Report] = field(default_factory=dict)
    durations: dict[str, int] = field(default_factory=dict)
    pathways: dict[str, str] = field(default_factory=dict)
    calendar_hash: str = ""
    version: int = 0

    def made(self) -> PlanMade:
        """Return what making this plan means to others."""
        refuse_if_any(_target_problems(self.targets))
        return PlanMade(self.id, self.student_id)

    def aim_at(self, targets: tuple[TargetRef, ...]) -> TargetsChanged:
        """Aim at these targets from now on; reports on steps that serve all of them stay."""
        refuse_if_any(_target_problems(targets))
        self.targets = targets
        return TargetsChanged(self.id, self.student_id)

    def report(self, step: str, report: Report, schedule: Schedule) -> StepReported:
        """Take the report on a step, as the schedule of today stands.

        Raises RuleBroken with every reason: no such step, a day in the future, an end before the beginning, a
        predecessor that is not done, a follower that is under way already.
        """
        refuse_if_any(_report_problems(step, report, schedule))
        if report.state is State.TO_DO and not schedule.is_answered(step):
            self.reports.pop(step, None)
        else:
            self.reports[step] = report  # one that says "still to do" overrules what the profile answers
        return StepReported(self.id, self.student_id, step, report.state.value)

    def assume(self, durations: Mapping[str, int], schedule: Schedule) -> DurationsAssumed:
        """Assume these days for these steps, and what the rules say for all others; raise RuleBroken for no step."""
        unknown = [key for key in durations if schedule.step(key) is None]
        refuse_if_any(Reason("plan.unknown_step", {"step": key}, f"durations.{key}") for key in unknown)
        self.durations = dict(durations)
        return DurationsAssumed(self.id, self.student_id)

    def follow(self, pathways: Mapping[str, str]) -> None:
        """Follow these pathways from now on, by target."""
        self.pathways = dict(pathways)


def _target_problems(targets: tuple[TargetRef, ...]) -> list[Reason]:
    problems = []
    if not targets:
        problems.append(Reason("plan.no_target", {}, "targets"))
    if len(targets) > MOST_TARGETS:
        problems.append(Reason("plan.too_many_targets", {"at_most": MOST_TARGETS}, "targets"))
    if len(set(targets)) != len(targets):
        problems.append(Reason("plan.target_twice", {}, "targets"))
    return problems


def _report_problems(key: str, report: Report, schedule: Schedule) -> list[Reason]:
    step = schedule.step(key)
    if step is None:
        return [Reason("plan.unknown_step", {"step": key}, "step")]
    problems = [*_date_problems(report, schedule.today)]
    states = {planned.key: planned.state for planned in schedule.steps}
    if report.state is State.DONE:
        waits = [before for before in step.task.after if states[before] is not State.DONE]
        problems += [Reason("plan.waits_for", {"step": before}, "step") for before in waits]
    else:
        followers = [
            planned.key for planned in schedule.steps if key in planned.task.after and planned.state is State.DONE
        ]
        problems += [Reason("plan.follower_is_done", {"step": after}, "step") for after in followers]
    return problems


def _date_problems(report: Report, today: date) -> list[Reason]:
    problems = []
    for name, day in (("started_on", report.started_on), ("finished_on", report.finished_on)):
        if day is not None and day > today:
            problems.append(Reason("plan.day_in_future", {"on": day.isoformat(), "today": today.isoformat()}, name))
    if report.started_on and report.finished_on and report.finished_on < report.started_on:
        problems.append(Reason("plan.ends_before_it_begins", {}, "finished_on"))
    return problems
