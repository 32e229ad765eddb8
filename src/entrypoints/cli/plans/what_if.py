"""The option ``--what-if``: how the plan would change, before anything is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rich.console import RenderableType
from rich.text import Text

from ....adapters.bundled.told_change import told_what_if
from ....domain.planning.making import find_target
from ....domain.planning.schedule import Report, State, reports_until
from ....domain.planning.target import Target, TargetRef
from ....domain.planning.what_if import Assumed, PlanDiff, compare
from ....domain.rulebook.free_entry import needs_visa
from ..errors import refused
from ..screen import heading, item
from ..words import Words, day, say
from .plan_of_case import safe_start
from .plan_view import MoveView, OutlookMove, WhatIfView
from .planning_case import Planned, plan_case
from .what_if_words import done_already, read_what_if


def what_if(before: Planned, words: list[str]) -> WhatIfView:
    """Return what the changes would do to the plan; raise CommandFailed naming the one that cannot be read."""
    case = before.case
    keys = [target.key for target in case.targets]
    asked = read_what_if(words, [step.key for step in before.schedule.steps], keys)
    kept = tuple(target for target in case.targets if target.key not in asked.drop)
    targets = kept + tuple(_target(text, before) for text in asked.add)
    if not targets:
        raise refused("--what-if", "no_target_left")
    today = asked.today or before.schedule.today
    stood = reports_until(case.reports, today)
    reports = {key: _completed(report, stood.get(key)) for key, report in asked.reports.items()}
    changed = replace(
        case,
        targets=targets,
        reports={**stood, **reports},
        durations={**case.durations, **asked.durations},
    )
    after = plan_case(changed, before.documents, before.bundle, today)
    done = [step.key for step in before.schedule.steps if step.state is State.DONE]
    diff = compare(before.schedule, after.schedule)
    dropped = [target.title for target in case.targets if target.key in asked.drop]
    added = [target.title for target in targets[len(kept) :]]
    assumed = Assumed(reports, asked.durations, tuple(added), tuple(dropped), asked.today)
    summary = told_what_if(diff, after.words.messages, assumed)
    return what_if_view(words, diff, done_already(asked, done), summary, after.words)


def _completed(asked: Report, reported: Report | None) -> Report:
    """Keep the day on which the step began where only its end is asked about."""
    began = asked.started_on or (reported.started_on if reported else None)
    if began and asked.finished_on and began > asked.finished_on:
        began = asked.finished_on
    return Report(began, asked.finished_on)


def what_if_view(asked: list[str], diff: PlanDiff, done: tuple[str, ...], summary: str, words: Words) -> WhatIfView:
    """Return the difference as it is shown; ``done`` are the asked steps whose length no longer counts."""
    return WhatIfView(
        asked=tuple(asked),
        summary=summary,
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
        moves=tuple(MoveView(m.key, words.step(m.key, m.title), m.before, m.after, m.days) for m in diff.moves),
        appear=diff.appear,
        vanish=diff.vanish,
        done=done,
    )


def what_if_page(view: WhatIfView) -> Iterator[RenderableType]:
    """Yield the page from top to bottom."""
    yield Text(say("what_if", asked=", ".join(view.asked)), style="bold")
    yield Text(view.summary)
    yield heading(say("would_stand"))
    for outlook in view.outlooks:
        yield item("-", f"{outlook.title}: {_outlook(outlook)}")
    yield heading(say("would_move"))
    for move in view.moves:
        moved = f"{move.title} [{move.key.partition('@')[0]}]"
        earlier, later = sorted((move.before, move.after))
        code = "moves_later" if move.days > 0 else "moves_earlier"
        yield item("-", say(code, moved=moved, earlier=day(earlier), later=day(later), days=abs(move.days)))
    if view.appear:
        yield item("+", say("appear", keys=", ".join(view.appear)))
    if view.vanish:
        yield item("-", say("vanish", keys=", ".join(view.vanish)))
    for key in view.done:
        yield item("-", say("done_already", key=key))
    if not (view.done or view.moves or view.appear or view.vanish):
        yield item("-", say("nothing"))


def _outlook(outlook: OutlookMove) -> str:
    if outlook.before is None:
        return say("new_target", stands=_stands(outlook.after, outlook.slack_after))
    if outlook.after is None:
        return say("no_longer")
    was, will = _stands(outlook.before, outlook.slack_before), _stands(outlook.after, outlook.slack_after)
    told = say("stays", stands=will) if was == will else say("becomes", was=was, stands=will)
    return f"{told}; {say('then_safe', on=day(outlook.next_safe.starts_on))}" if outlook.next_safe else told


def _stands(outcome: str | None, slack: int | None) -> str:
    word = say(f"stands_{outcome}")
    if slack is None or outcome == "lost":
        return word
    return f"{word} ({say('room' if slack >= 0 else 'too_late', days=abs(slack))})"


def _target(text: str, before: Planned) -> Target:
    programme_key, _, intake = text.partition("/")
    programme = before.bundle.programmes.get(programme_key)
    if programme is None:
        raise refused("--what-if add", "no_programme", given=programme_key)
    term, _, year = intake.rpartition("-")
    is_year = year.isascii() and year.isdigit() and len(year) == 4
    of_term = [one for one in programme.intakes if one.term == term] if is_year else []
    starts_on = next((start for one in of_term if (start := one.starts_in(int(year)))), None)
    if starts_on is None:
        known = ", ".join(one.term for one in programme.intakes)
        code = "no_intake" if known else "no_intake_known"
        raise refused("--what-if add", code, given=intake, id=programme_key, known=known)
    residence = before.case.profile.residence
    home = residence.zone if residence else "UTC"
    visa = needs_visa(
        programme.institution.country, before.case.profile.citizenships, before.bundle.rulebook, starts_on
    )
    ref, zones = TargetRef(programme.id, term, starts_on), before.bundle.zones.named
    return find_target(programme, ref, zones, home, visa_required=visa)
