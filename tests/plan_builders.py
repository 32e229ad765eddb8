"""Schedules that are valid by default, for tests of what is shown of them; a test overrides what it is about."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from higherstudy.domain.catalogue.intake import Basis
from higherstudy.domain.planning.schedule import Outcome, Outlook, PlannedStep, Schedule, State, reason
from higherstudy.domain.planning.target import ApplyBy, Target, TargetRef
from higherstudy.domain.planning.tasks import Task
from higherstudy.domain.rulebook.pathways import Duration, StepDefinition, StepKind, StepScope
from higherstudy.domain.shared.ids import ProgrammeId
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE

TODAY = date(2026, 11, 23)
BERLIN = ApplyBy(date(2027, 7, 14), "2027-07-15 23:59", "Europe/Berlin", Basis.RECEIVED, Confidence.HIGH, True, PAGE)


def target(**changes: Any) -> Target:
    """Return a Master's from 1 October 2027 with a deadline on 15 July at 23:59 in Berlin."""
    ref = TargetRef(ProgrammeId(UUID(int=1)), "winter", date(2027, 10, 1))
    usual = Target("munich", ref, "Informatics, Munich", "DE", "master", date(2027, 10, 1), BERLIN)
    return replace(usual, **changes)


def step(code: str, *, start: int = 0, days: int = 7, **changes: Any) -> PlannedStep:
    """Return a step to do that begins so many days after today; ``slack`` sets its latest finish too."""
    own = {name: changes.pop(name) for name in ("kind", "title", "hard_days", "advice") if name in changes}
    definition = StepDefinition(
        code, own.pop("title", f"Step {code}"), (), StepScope.SHARED, own.pop("kind", StepKind.TASK), "student",
        Duration(days), PAGE, Confidence.HIGH, **own,
    )  # fmt: skip
    task = Task(changes.pop("key", code), definition, changes.pop("target", None), changes.pop("after", ()))
    begins = TODAY + timedelta(days=start)
    finish, slack = begins + timedelta(days=days), changes.get("slack")
    latest = None if slack is None else finish + timedelta(days=slack)
    usual: dict[str, Any] = {"latest_finish": latest, "slack": None, "critical": False}
    return PlannedStep(task, changes.pop("state", State.TO_DO), begins, finish, **{**usual, **changes})


def application(**changes: Any) -> PlannedStep:
    """Return the application for the target, due on her own last day for it."""
    due = reason("due.application_deadline", "munich", on="2027-07-14", days_early=0)
    usual: dict[str, Any] = {"key": "APPLY@munich", "target": target(), "due": due, "latest_finish": BERLIN.last_day}
    return step("APPLY", days=0, **{**usual, "slack": 233, **changes})


def window(**changes: Any) -> PlannedStep:
    """Return the answer to an embassy's call, for which there are seven days."""
    return step("ANSWER", **{"kind": StepKind.WINDOW, "hard_days": 7, "slack": 0, **changes})


def schedule(*steps: PlannedStep, today: date = TODAY, chain: tuple[str, ...] = (), **changes: Any) -> Schedule:
    """Return a schedule of these steps that is on time."""
    lead = changes.pop("lead", target())
    outlook = Outlook(lead, Outcome.ON_TIME, date(2027, 9, 1), 30, chain, ())
    usual = Schedule(today, lead, steps, (outlook,), "way", (), "2026a", ())
    return replace(usual, **changes)
