"""The option ``--what-if``: how the plan would change, before anything is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rich.console import RenderableType
from rich.text import Text

from ....domain.planning.making import find_target
from ....domain.planning.schedule import Report, State
from ....domain.planning.target import Target, TargetRef
from ....domain.planning.what_if import PlanDiff, compare
from ..errors import CommandFailed
from ..screen import heading, item
from ..words import day, days
from .plan_of_case import Planned, plan_case, safe_start
from .plan_view import MoveView, OutlookMove, WhatIfView
from .what_if_words import done_already, read_what_if

_WORD = {"on_time": "on time", "at_risk": "at risk", "late": "late"}


def what_if(before: Planned, words: list[str]) -> WhatIfView:
    """Return what the changes would do to the plan; raise CommandFailed naming the one that cannot be read."""
    case = before.case
    keys = [target.key for target in case.targets]
    asked = read_what_if(words, [step.key for step in before.schedule.steps], keys)
    kept = tuple(target for target in case.targets if target.key not in asked.drop)
    targets = kept + tuple(_target(text, before) for text in asked.add)
    if not targets:
        raise CommandFailed("--what-if: Without any target there is no plan.")
    reports = {key: _completed(report, case.reports.get(key)) for key, report in asked.reports.items()}
    changed = replace(
        case,
        targets=targets,
        reports={**case.reports, **reports},
        durations={**case.durations, **asked.durations},
    )
    after = plan_case(changed, before.documents, before.bundle, asked.today or before.schedule.today)
    done = [step.key for step in before.schedule.steps if step.state is State.DONE]
    return what_if_view(words, compare(before.schedule, after.schedule), done_already(asked, done))


def _completed(asked: Report, reported: Report | None) -> Report:
    """Keep the day on which the step began where only its end is asked about."""
    began = asked.started_on or (reported.started_on if reported else None)
    if began and asked.finished_on and began > asked.finished_on:
        began = asked.finished_on
    return Report(began, asked.finished_on)


def what_if_view(asked: list[str], diff: PlanDiff, done: tuple[str, ...]) -> WhatIfView:
    """Return the difference as it is shown; ``done`` are the asked steps whose length no longer counts."""
    return WhatIfView(
        asked=tuple(asked),
        outlooks=tuple(
            OutlookMove(
                change.target,
                change.title,
                change.before.value if change.before else None,
                change.after.value if change.after else None,
                change.slack_before,
                change.slack_after,
                safe_start(change.next_safe),
            )
            for change in diff.outlooks
        ),
        moves=tuple(MoveView(m.key, m.title, m.before, m.after, m.days) for m in diff.moves),
        appear=diff.appear,
        vanish=diff.vanish,
        done=done,
    )


def what_if_page(view: WhatIfView) -> Iterator[RenderableType]:
    """Yield the page from top to bottom."""
    yield Text(f"What if {', '.join(view.asked)}? Nothing has been changed.", style="bold")
    yield heading("How your targets would stand")
    for outlook in view.outlooks:
        yield item("-", f"{outlook.title}: {_outlook(outlook)}")
    yield heading("What would move")
    for move in view.moves:
        direction = "later" if move.days > 0 else "earlier"
        line = f"{move.title} [{move.key.partition('@')[0]}]: {day(move.before)} becomes {day(move.after)}"
        yield item("-", f"{line}, {days(abs(move.days))} {direction}")
    if view.appear:
        yield item("+", f"New: {', '.join(view.appear)}")
    if view.vanish:
        yield item("-", f"Gone: {', '.join(view.vanish)}")
    for key in view.done:
        yield item("-", f"{key} is done, so how long it takes changes nothing any more.")
    if not (view.done or view.moves or view.appear or view.vanish):
        yield item("-", "Nothing.")


def _outlook(outlook: OutlookMove) -> str:
    if outlook.before is None:
        return f"new, {_stands(outlook.after, outlook.slack_after)}"
    if outlook.after is None:
        return "no longer aimed at"
    was, will = _stands(outlook.before, outlook.slack_before), _stands(outlook.after, outlook.slack_after)
    safe = f"; next safe intake from {day(outlook.next_safe.starts_on)}" if outlook.next_safe else ""
    return f"stays {will}{safe}" if was == will else f"{was} becomes {will}{safe}"


def _stands(outcome: str | None, slack: int | None) -> str:
    room = "" if slack is None else f" ({days(slack)} of room)" if slack >= 0 else f" ({days(-slack)} too late)"
    return f"{_WORD.get(outcome or '', '')}{room}"


def _target(text: str, before: Planned) -> Target:
    programme_key, _, intake = text.partition("/")
    programme = before.bundle.programmes.get(programme_key)
    if programme is None:
        raise CommandFailed(f'--what-if add: There is no programme "{programme_key}" in the catalogue.')
    term, _, year = intake.rpartition("-")
    is_year = year.isascii() and year.isdigit() and len(year) == 4
    of_term = [one for one in programme.intakes if one.term == term] if is_year else []
    starts_on = next((start for one in of_term if (start := one.starts_in(int(year)))), None)
    if starts_on is None:
        known = ", ".join(one.term for one in programme.intakes) or "none that is known"
        raise CommandFailed(
            f'--what-if add: "{intake}" is no intake of {programme_key}, such as winter-2027; it has {known}.'
        )
    residence = before.case.profile.residence
    home = residence.zone if residence else "UTC"
    return find_target(programme, TargetRef(programme.id, term, starts_on), before.bundle.zones.named, home)
