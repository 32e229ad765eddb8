"""What a student's applications say of the targets of a plan, so that nobody has to report it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo

from ..applications.application import Action, Application, State
from ..rulebook.pathways import Pathway
from ..shared.errors import Reason
from ..shared.times import day_in
from .known import Known
from .schedule import Report, Reports, reason
from .schedule import State as Progress
from .target import Target
from .tasks import step_key

_ADMITTED = frozenset({Action.OFFER, Action.ENROL})
"""What says that she is admitted; an offer with conditions does not, accepted or not, while they are to be met."""


def known_from_applications(
    targets: Sequence[Target],
    ways: Mapping[str, Pathway],
    applications: Iterable[Application],
    home: tzinfo,
    today: date,
) -> dict[str, Known]:
    """Return by its key in the plan each step that an application answers: that it was sent, that she is admitted.

    ``ways`` are the pathways by the targets' keys. Days are the student's own; what comes after today is not known yet.
    """
    found: dict[str, Known] = {}
    for target, application in _latest(targets, applications):
        way = ways[target.key]
        steps = {way.application_step: _sent(application), way.admission_step: _admitted(application)}
        for code, at in steps.items():
            step = way.step(code)
            day = None if at is None else day_in(at, home)
            if step is not None and day is not None and day <= today:
                key = step_key(step, target)
                why = "known.sent" if code == way.application_step else "known.admitted"
                found[key] = Known(Report(finished_on=day), reason(why, key, on=day.isoformat()))
    return found


def lost_by_applications(
    targets: Sequence[Target], applications: Iterable[Application], home: tzinfo, today: date
) -> dict[str, Reason]:
    """Return by the target's key why nothing can come of it any more: rejected, withdrawn, declined or lapsed.

    A draft that was withdrawn loses nothing, and an application that was begun anew stands for the one before.
    """
    found: dict[str, Reason] = {}
    for target, application in _latest(targets, applications):
        ended = application.history[-1] if application.history else None
        if application.is_live or _sent(application) is None or ended is None:
            continue
        day = day_in(ended.at, home)
        if day <= today:
            found[target.key] = reason(f"lost.{application.state.value}", target.key, on=day.isoformat())
    return found


def passed_deadlines(
    targets: Sequence[Target],
    ways: Mapping[str, Pathway],
    reports: Reports,
    known: Mapping[str, Known],
    today: date,
) -> dict[str, Reason]:
    """Return by the target's key that its application deadline has passed, where nobody knows that she applied."""
    found: dict[str, Reason] = {}
    for target in targets:
        by, step = target.apply_by, ways[target.key].step(ways[target.key].application_step)
        if by is None or step is None or not by.has_passed(today):
            continue
        key = step_key(step, target)
        report = reports.get(key) or (known[key].report if key in known else None)
        if report is None or report.state is not Progress.DONE:
            found[target.key] = reason("lost.deadline_passed", target.key, on=(by.ends_on or by.last_day).isoformat())
    return found


def _latest(targets: Sequence[Target], applications: Iterable[Application]) -> Iterator[tuple[Target, Application]]:
    """Yield for each target that was applied for the application that counts: the live one, or else the last begun."""
    by_intake: dict[tuple[object, str, date], Application] = {}
    for one in sorted(applications, key=lambda one: (one.is_live, one.started_at, one.id)):
        by_intake[one.programme_id, one.term, one.starts_on] = one
    for target in targets:
        ref = target.ref
        application = by_intake.get((ref.programme_id, ref.term, ref.starts_on))
        if application is not None:
            yield target, application


def _sent(application: Application) -> datetime | None:
    return application.receipt.submitted_at if application.receipt else None


def _admitted(application: Application) -> datetime | None:
    """Return when she was admitted, or None; an admission that was lost again is none."""
    if not application.is_live or application.state is State.DRAFT:
        return None
    return next((entry.at for entry in application.history if entry.action in _ADMITTED), None)
