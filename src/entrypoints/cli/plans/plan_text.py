"""The page of a plan: the answer first, then today, then everything behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ..language import is_english
from ..screen import address, heading, indented, item
from ..words import CONFIDENCE, counted, day, days, listed, moment, owner, weekday
from .papers_text import papers_part
from .plan_view import (
    ActionView,
    DeadlineView,
    LeansOn,
    MoneyView,
    PlanView,
    SafeStart,
    StepView,
    TargetView,
)

_COLOUR = {"on_time": "green", "at_risk": "yellow", "late": "red"}
_HEADLINE = {
    "on_time": "On time.",
    "at_risk": "In time if all goes as usual, but at risk.",
    "late": "Too late.",
}


def plan_page(view: PlanView) -> Iterator[RenderableType]:
    """Yield the page from top to bottom."""
    whose = view.name or "Your plan"
    yield Text(f"{whose}, {view.home}" if view.home else whose, style="bold")
    yield Text(f"{view.lead.title}, from {day(view.lead.starts_on)}\n")
    yield from _answer(view.lead)
    yield from today_part(view)
    yield from _timeline(view)
    yield from _deadlines(view)
    yield from _money(view.money)
    if view.papers:
        yield from papers_part(view.papers)
    yield from _others(view)
    yield from _questions(view)
    yield from _leans_on(view.leans_on)


def short_page(view: PlanView) -> Iterator[RenderableType]:
    """Yield the answer and what to do today."""
    yield Text(f"{view.name or 'A student'}: {view.lead.title}, from {day(view.lead.starts_on)}", style="bold")
    yield from _answer(view.lead)
    yield from today_part(view)


def _answer(lead: TargetView) -> Iterator[RenderableType]:
    if not is_english() and lead.summary:  # which says all of it, in that language
        yield Text(lead.summary)
        return
    yield Text.assemble((_HEADLINE[lead.outcome], f"bold {_COLOUR[lead.outcome]}"), " ", _arrival(lead))
    for because in lead.because:
        if lead.outcome != "late" or not because.startswith("You arrive on"):
            yield Text(because)
    if lead.outcome == "late":
        yield Text(_safe(lead.next_safe))
    if lead.chain:
        yield Text(f"What decides the date: {' > '.join(step.title for step in lead.chain)}.")


def _arrival(target: TargetView) -> str:
    arrives, begins = day(target.arrives_on), day(target.starts_on)
    if target.slack < 0:
        return f"By this plan you arrive on {arrives}, {days(-target.slack)} after studies begin on {begins}."
    if target.slack == 0:
        return f"By this plan you arrive on {arrives}, the very day on which studies begin."
    return f"By this plan you arrive on {arrives}, {days(target.slack)} before studies begin on {begins}."


def _safe(later: SafeStart | None) -> str:
    if later is None:
        return "No later intake of this programme is known that you would reach in time."
    by = f"; apply by {day(later.apply_by)}" if later.apply_by else ""
    return f"The next safe intake: {later.term} {later.starts_on.year}, from {day(later.starts_on)}{by}."


def today_part(view: PlanView) -> Iterator[RenderableType]:
    yield heading("Today", weekday(view.today))
    if view.next is None:
        yield indented(_idle(view))
    else:
        yield from _next(view.next, view.today)
    if view.ready:
        yield indented("\nWhat else can be done now:")
        for action in view.ready:
            yield item("-", f"{title_of(action.step)} ({room_of(action.step)})", 4)
    if view.waiting:
        yield indented("\nWhat you wait for:")
        for action in view.waiting:
            since = f"since {day(action.step.start)}, expected by {day(action.step.finish)}"
            yield item("-", f"{title_of(action.step)}: {since}", 4)


def _idle(view: PlanView) -> str:
    coming = [step for step in view.steps if step.state == "to_do" and step.start > view.today]
    if not coming:
        return "Nothing is to be done today."
    first = min(coming, key=lambda step: step.start)
    return f"Nothing is to be done today. Next comes, on {day(first.start)}: {title_of(first)}."


def _next(action: ActionView, today: date) -> Iterator[RenderableType]:
    step = action.step
    held = f" It holds up {counted(len(action.holds_up), 'other step')}." if action.holds_up else ""
    latest = f" {_latest(step.latest_finish, today)}" if step.latest_finish else ""
    yield item("Next:", Text.assemble((title_of(step), "bold"), f"  [{step.code}]"))
    yield item("Why: ", f"{action.why} {room_of(step).capitalize()}.{latest}{held}")
    yield item("Time:", _how_long(step))
    if step.advice:
        yield item("How: ", step.advice)
    if step.irreversible:
        yield item("Note:", step.gate or "This cannot be taken back once done.")
    if step.answered:
        yield item("Seen:", step.answered)


def _latest(finish: date, today: date) -> str:
    return f"It was due by {day(finish)}." if finish < today else f"Finish it by {day(finish)} at the latest."


def title_of(step: StepView) -> str:
    return f"{step.title} ({step.target})" if step.target else step.title


def room_of(step: StepView) -> str:
    if step.room is None:
        return "nothing is due after it"
    if step.room < 0:
        return f"{days(-step.room)} too late"
    return f"{days(step.room)} of room"


def _how_long(step: StepView) -> str:
    usual = f"about {days(step.typical_days)}"
    least, most = step.least_days, step.most_days
    if most is None and (least is None or step.kind not in ("queue", "wait")):
        return f"{usual}."
    if most is None:
        return f"{usual}, at least {days(least or 0)}, and nobody knows an upper bound."
    return f"{usual} ({least if least is not None else 0} to {most})."


def _timeline(view: PlanView) -> Iterator[RenderableType]:
    yield heading("Timeline", "! decides the date   v done   ~ under way   room = days it can slip")
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("", width=1)
    table.add_column("from", width=11, justify="right")
    table.add_column("to", width=11, justify="right")
    table.add_column("step", ratio=1)
    table.add_column("who", width=10)
    table.add_column("room", width=4, justify="right")
    table.expand = True
    for step in sorted(view.steps, key=lambda step: (step.start, step.finish)):
        style = "red" if step.room is not None and step.room < 0 else "dim" if step.state == "done" else ""
        room = "" if step.room is None else str(step.room)
        title = Text(f"{step.code} {title_of(step)}" + (" ?" if step.depends_on_unknown else ""))
        table.add_row(_sign(step), day(step.start), day(step.finish), title, owner(step.who), room, style=style)
    yield table


def _sign(step: StepView) -> str:
    return {"done": "v"}.get(step.state) or ("!" if step.decides else "~" if step.state == "in_progress" else "")


def _deadlines(view: PlanView) -> Iterator[RenderableType]:
    yield heading("Deadlines", "in the zone of whoever set them, and in yours")
    if not view.deadlines:
        yield indented("None is known for these targets; look them up first.")
    for deadline in view.deadlines:
        yield from _deadline(deadline)


def _deadline(deadline: DeadlineView) -> Iterator[RenderableType]:
    left = "applied" if deadline.met else "passed" if deadline.days_left < 0 else f"in {days(deadline.days_left)}"
    style = "dim" if deadline.met else "red" if deadline.days_left < 0 else "bold"
    kind = deadline.kind.replace("_", " ").capitalize()
    yield indented(Text.assemble((f"{kind}: {left}", style), f", {deadline.title}"))
    yield indented(f"{moment(deadline.local)} {deadline.zone}", 4)
    yield indented(f"{moment(deadline.home)} {deadline.home_zone}", 4)
    notes = [f"Your last whole day for it: {day(deadline.last_day)}."]
    if not deadline.time_stated:
        notes.append("No hour is stated; the whole day is taken to count.")
    if deadline.basis in ("received", "postmark"):
        notes.append(f"What counts: {'that it has arrived' if deadline.basis == 'received' else 'the postmark'}.")
    if deadline.opens_on and not deadline.met:
        notes.append(f"Applications are taken from {day(deadline.opens_on)}.")
    yield indented(" ".join(notes), 4)
    yield from _source(deadline.source_title, deadline.source_url, deadline.read_on, deadline.confidence, 4)


def _source(title: str, url: str, read_on: date | None, confidence: str, by: int) -> Iterator[RenderableType]:
    if read_on is None:
        return
    yield indented(f"Source: {title}, read on {day(read_on)} [{confidence}].", by)
    if url:
        yield address(url, by)


def _money(needs: tuple[MoneyView, ...]) -> Iterator[RenderableType]:
    yield heading("Money to show")
    if not needs:
        yield indented("No dated figure is known for this case; ask the mission.")
    for need in needs:
        yield indented(Text(f"{need.currency} {_grouped(need.amount)}", style="bold").append(_made_up_of(need), ""))
        yield indented(f"One of: {', '.join(need.proofs)}.")
        for fact in need.facts:
            since = f", in force since {day(fact.valid_from)}" if fact.valid_from else ""
            yield indented(f"By the fact {fact.id}: {fact.value} {fact.unit}{since}.")
            if fact.note:
                yield indented(fact.note)
            yield from _source(fact.source_title, fact.source_url, fact.read_on, fact.confidence, 2)


def _made_up_of(need: MoneyView) -> str:
    tuition = {
        True: " and a year's tuition" if need.tuition_counted else "; a year's tuition, not counted here, comes on top",
        False: "",
        None: "; whether a year's tuition comes on top is not known",
    }[need.tuition_too]
    made_up = f"{need.months} months of {need.currency} {_grouped(need.a_month)}" if need.a_month else "a year's living"
    return f", that is {made_up}{tuition}, on the day the papers are handed in ({day(need.on)})."


def _grouped(amount: str) -> str:
    whole, _, cents = amount.partition(".")
    return f"{int(whole):,}.{cents}" if cents else f"{int(whole):,}"


def _others(view: PlanView) -> Iterator[RenderableType]:
    if not view.others:
        return
    yield heading("Your other targets", "each as if this plan followed it alone")
    for target in view.others:
        room = f"{days(-target.slack)} late" if target.slack < 0 else f"{days(target.slack)} of room"
        apply_by = "applied" if target.applied else f"apply by {day(target.apply_by)}" if target.apply_by else ""
        word = {"on_time": "on time", "at_risk": "at risk", "late": "late"}[target.outcome]
        line = Text.assemble(target.title, ": ", (word, _COLOUR[target.outcome]))
        line.append(f", arrival {day(target.arrives_on)}, {room} before {day(target.starts_on)}")
        yield item("-", line.append(f"; {apply_by}." if apply_by else "."))


def _questions(view: PlanView) -> Iterator[RenderableType]:
    if not view.questions:
        return
    yield heading("What would make this plan sharper", "answers under [profile.circumstances]")
    for question in view.questions:
        yield item("-", f"{question.circumstance}: {question.meaning}")


def _leans_on(leans: LeansOn) -> Iterator[RenderableType]:
    yield heading("What this plan leans on")
    for warning in leans.warnings:
        yield item("!", Text(warning, style="yellow"))
    if leans.unverified_steps:
        codes = listed([step.key for step in leans.unverified_steps])
        yield item("-", f"Unverified durations, defaults of this project: {codes}.")
    for fact in leans.unverified_facts:
        figure = f"{fact.id} = {fact.value} {fact.unit}".rstrip()
        yield item("-", f"Unverified: {figure} [{fact.confidence}]. {fact.note}")
    for pack in leans.packs:
        stale = " OUT OF DATE: it should have been reviewed by now." if pack.stale else ""
        yield item("-", f"Rule pack {pack.id} {pack.version}, to be reviewed by {day(pack.review_by)}.{stale}")
    letters = "; ".join(f"{letter} {meaning}" for letter, meaning in CONFIDENCE.items())
    yield item("-", f"Time zones {leans.zones}. Letters in brackets: {letters}.")
    yield item("-", "This judges stated rules and dates; it says nothing about the chance of being admitted.")
