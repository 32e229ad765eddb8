"""The option ``--what-if``: how the plan would change, before anything is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from rich.console import RenderableType
from rich.text import Text

from ...domain.planning.making import find_target
from ...domain.planning.schedule import Report
from ...domain.planning.target import Target, TargetRef
from ...domain.planning.what_if import PlanDiff, compare
from .bundle import day_option
from .errors import CommandFailed
from .plan_of_case import Planned, plan_case, safe_start
from .plan_view import MoveView, OutlookMove, WhatIfView
from .screen import heading, item, print_json, show
from .words import day, days

_FORMS = "STEP=DAYS, STEP=started:DATE, STEP=done:DATE, add:PROGRAMME/TERM-YEAR, drop:TARGET or today:DATE"
_WORD = {"on_time": "on time", "at_risk": "at risk", "late": "late"}
_MOST_DAYS = 3650


@dataclass
class _Asked:
    """What is assumed, read off the options."""

    reports: dict[str, Report] = field(default_factory=dict)
    durations: dict[str, int] = field(default_factory=dict)
    add: list[Target] = field(default_factory=list)
    drop: list[str] = field(default_factory=list)
    today: date | None = None


def show_what_if(before: Planned, words: list[str], *, as_json: bool) -> int:
    """Print what the changes would do to the plan; raise CommandFailed naming the one that cannot be read."""
    asked = _Asked()
    for word in words:
        _read(word, asked, before)
    targets = tuple(t for t in before.case.targets if t.key not in asked.drop) + tuple(asked.add)
    if not targets:
        raise CommandFailed("--what-if: Without any target there is no plan.")
    case = replace(
        before.case,
        targets=targets,
        reports={**before.case.reports, **asked.reports},
        durations={**before.case.durations, **asked.durations},
    )
    after = plan_case(case, before.documents, before.bundle, asked.today or before.schedule.today)
    view = what_if_view(words, compare(before.schedule, after.schedule))
    if as_json:
        print_json(asdict(view))
    else:
        show(what_if_page(view))
    return 0


def what_if_view(asked: list[str], diff: PlanDiff) -> WhatIfView:
    """Return the difference as it is shown."""
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
    if not (view.moves or view.appear or view.vanish):
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


def _read(word: str, asked: _Asked, before: Planned) -> None:
    kind, _, rest = word.partition(":")
    if "=" in kind:
        _read_step(word, asked, before)
    elif kind == "today":
        asked.today = day_option(rest, "--what-if today")
    elif kind == "drop":
        known = [target.key for target in before.case.targets]
        if rest not in known:
            raise CommandFailed(f'--what-if drop: The plan has no target "{rest}"; it has {", ".join(known)}.')
        asked.drop.append(rest)
    elif kind == "add":
        asked.add.append(_target(rest, before))
    else:
        raise CommandFailed(f'--what-if: "{word}" is none of {_FORMS}.')


def _read_step(word: str, asked: _Asked, before: Planned) -> None:
    key, _, value = word.partition("=")
    if before.schedule.step(key) is None:
        known = ", ".join(step.key for step in before.schedule.steps)
        raise CommandFailed(f'--what-if: The plan has no step "{key}"; it has {known}.')
    state, _, rest = value.partition(":")
    if state == "started":
        asked.reports[key] = Report(started_on=day_option(rest, f"--what-if {key}"))
    elif state == "done":
        started = before.case.reports.get(key, Report()).started_on
        asked.reports[key] = Report(started, day_option(rest, f"--what-if {key}"))
    elif value.isascii() and value.isdigit() and int(value) <= _MOST_DAYS:
        asked.durations[key] = int(value)
    else:
        raise CommandFailed(
            f'--what-if {key}: "{value}" is neither days up to {_MOST_DAYS} nor started: or done: a date.'
        )


def _target(text: str, before: Planned) -> Target:
    programme_key, _, intake = text.partition("/")
    programme = before.bundle.programmes.get(programme_key)
    if programme is None:
        raise CommandFailed(f'--what-if add: There is no programme "{programme_key}" in the catalogue.')
    term, _, year = intake.rpartition("-")
    found = programme.intake(term)
    starts_on = found.starts_in(int(year)) if found and year.isascii() and year.isdigit() and len(year) == 4 else None
    if starts_on is None:
        known = ", ".join(one.term for one in programme.intakes) or "none that is known"
        raise CommandFailed(
            f'--what-if add: "{intake}" is no intake of {programme_key}, such as winter-2027; it has {known}.'
        )
    residence = before.case.profile.residence
    home = residence.zone if residence else "UTC"
    return find_target(programme, TargetRef(programme.id, term, starts_on), before.bundle.zones.named, home)
