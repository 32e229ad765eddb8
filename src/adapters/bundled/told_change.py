"""What a change does to a plan, as one sentence for people."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.planning.schedule import Outcome
from ...domain.planning.what_if import Assumed, OutlookChange, PlanDiff
from .messages import Messages

_TOO_LATE = (Outcome.LATE, Outcome.LOST)


def told_what_if(diff: PlanDiff, messages: Messages, assumed: Assumed | None = None) -> str:
    """Return what the change comes to: which targets are lost, saved and safe by it, and the least slack that is left.

    With what was ``assumed`` the sentence begins with it, and is about what would be.
    """
    listed = messages.locale.listed
    result = ", ".join(_results(diff, messages)) or messages.sentence("told.nothing_changes")
    if assumed is None:
        return messages.sentence("told.changed", {"result": result})
    parts = list(_assumptions(assumed, messages)) or [messages.sentence("told.as_it_is")]
    return messages.sentence("told.what_if", {"assumed": listed(parts), "result": result})


def _assumptions(assumed: Assumed, messages: Messages) -> Iterator[str]:
    say = messages.sentence
    for key, report in assumed.reports.items():
        if report.finished_on is not None:
            yield say("told.if_done", {"step": key, "on": report.finished_on.isoformat()})
        elif report.started_on is not None:
            yield say("told.if_begun", {"step": key, "on": report.started_on.isoformat()})
        else:
            yield say("told.if_to_do", {"step": key})
    for key, days in assumed.durations.items():
        yield say("told.if_lasts", {"step": key, "days": days})
    yield from (say("told.if_added", {"target": title}) for title in assumed.add)
    yield from (say("told.if_dropped", {"target": title}) for title in assumed.drop)
    if assumed.today is not None:
        yield say("told.if_today", {"on": assumed.today.isoformat()})


def _results(diff: PlanDiff, messages: Messages) -> Iterator[str]:
    """Yield how many targets stand how; nothing where no target stands otherwise and no step moves."""
    if not (diff.moves or diff.appear or diff.vanish or any(map(_differs, diff.outlooks))):
        return
    after = [one for one in diff.outlooks if one.after is not None]
    lost = [one for one in after if one.after in _TOO_LATE]
    counts = {
        "told.targets_lost": sum(one.before is not None and one.before not in _TOO_LATE for one in lost),
        "told.targets_saved": sum(one.before in _TOO_LATE and one.after not in _TOO_LATE for one in after),
        "told.targets_still_lost": sum(one.before is None or one.before in _TOO_LATE for one in lost),
        "told.targets_at_risk": sum(one.after is Outcome.AT_RISK for one in after),
        "told.targets_safe": sum(one.after is Outcome.ON_TIME for one in after),
    }
    for code, count in counts.items():
        if count:
            yield messages.sentence(code, {"count": count})
    yield from _slack(after, messages)


def _slack(after: list[OutlookChange], messages: Messages) -> Iterator[str]:
    """Yield the slack of the target that is in time with the least of it; without any, the days that are lacking."""
    in_time = [one for one in after if one.after not in _TOO_LATE]
    nearest = min(in_time, key=_slack_of, default=None) or max(after, key=_slack_of, default=None)
    if nearest is None:
        return
    slack, before = _slack_of(nearest), nearest.slack_before
    if slack < 0:
        yield messages.sentence("told.days_lacking", {"days": -slack})
    elif before is None or before == slack or before < 0:
        yield messages.sentence("told.slack", {"days": slack})
    else:
        yield messages.sentence("told.slack_was", {"days": slack, "before": before})


def _slack_of(change: OutlookChange) -> int:
    return change.slack_after or 0


def _differs(change: OutlookChange) -> bool:
    return (change.before, change.slack_before) != (change.after, change.slack_after)
