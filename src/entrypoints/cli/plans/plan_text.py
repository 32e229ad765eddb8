"""The page of a plan: the answer first, then today, then everything behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ..screen import heading, indented, item
from ..words import day, locale, named, owner, say, weekday
from .behind_text import deadlines_part, leans_on_part, money_part
from .papers_text import papers_part
from .plan_view import ActionView, PlanView, SafeStart, StepView, TargetView

_COLOUR = {"on_time": "green", "at_risk": "yellow", "late": "red", "lost": "red"}


def plan_page(view: PlanView) -> Iterator[RenderableType]:
    """Yield the page from top to bottom."""
    whose = view.name or say("your_plan")
    yield Text(f"{whose}, {view.home}" if view.home else whose, style="bold")
    yield Text(f"{_aim(view.lead)}\n")
    yield from _answer(view.lead)
    yield from today_part(view)
    yield from _timeline(view)
    yield from deadlines_part(view)
    yield from money_part(view)
    for papers in view.papers:
        yield from papers_part(papers, country=papers.country if view.has_countries else "")
    yield from _others(view)
    yield from _notices(view)
    yield from _questions(view)
    yield from leans_on_part(view.leans_on)


def short_page(view: PlanView) -> Iterator[RenderableType]:
    """Yield the answer and what to do today."""
    yield Text(f"{view.name or say('a_student')}: {_aim(view.lead)}", style="bold")
    yield from _answer(view.lead)
    yield from today_part(view)


def _aim(target: TargetView) -> str:
    return say("aim", title=target.title, on=day(target.starts_on))


def _answer(lead: TargetView) -> Iterator[RenderableType]:
    headline = (say(f"headline_{lead.standing}"), f"bold {_COLOUR[lead.outcome]}")
    yield Text.assemble(headline) if lead.outcome == "lost" else Text.assemble(headline, " ", _arrival(lead))
    yield from (Text(because) for because in lead.because)
    if lead.outcome in ("late", "lost"):
        yield Text(_safe(lead.next_safe))
    if lead.chain and lead.outcome != "lost":
        yield Text(say("decides", chain=" > ".join(step.title for step in lead.chain)))


def _arrival(target: TargetView) -> str:
    code = "arrives_late" if target.slack < 0 else "arrives" if target.slack else "arrives_on_the_day"
    return say(code, on=day(target.arrives_on), starts=day(target.starts_on), days=abs(target.slack))


def _safe(later: SafeStart | None) -> str:
    if later is None:
        return say("no_safe_start")
    intake = f"{named('term', later.term)} {locale().digits(str(later.starts_on.year))}"
    if later.apply_by is None:
        return say("safe_start", intake=intake, on=day(later.starts_on))
    return say("safe_start_by", intake=intake, on=day(later.starts_on), apply=day(later.apply_by))


def today_part(view: PlanView) -> Iterator[RenderableType]:
    """Yield what to do today, the most urgent first, and what is waited for."""
    yield heading(say("today"), weekday(view.today))
    if view.next is None:
        yield indented(_idle(view))
    else:
        yield from _next(view.next, view.today)
    if view.ready:
        yield indented(f"\n{say('else')}")
        for action in view.ready:
            yield item("-", f"{title_of(action.step)} ({room_of(action.step)})", 4)
    if view.waiting:
        yield indented(f"\n{say('waiting')}")
        for action in view.waiting:
            since = say("since", on=day(action.step.start), until=day(action.step.finish))
            yield item("-", f"{title_of(action.step)}: {since}", 4)


def _idle(view: PlanView) -> str:
    coming = [step for step in view.steps if step.state == "to_do" and step.start > view.today]
    if not coming:
        return say("idle")
    first = min(coming, key=lambda step: step.start)
    return say("idle_until", on=day(first.start), task=title_of(first))


def _next(action: ActionView, today: date) -> Iterator[RenderableType]:
    step, room = action.step, room_of(action.step)
    why = [action.why, f"{room[:1].upper()}{room[1:]}{say('stop')}"]
    if step.latest_finish:
        why.append(say("was_due" if step.latest_finish < today else "finish_by", on=day(step.latest_finish)))
    if action.holds_up:
        why.append(say("holds_up", count=len(action.holds_up)))
    rows = {
        say("row_next"): Text.assemble((title_of(step), "bold"), f"  [{step.code}]"),
        say("row_why"): Text(" ".join(why)),
        say("row_time"): Text(_how_long(step)),
        say("row_how"): Text(step.advice),
        say("row_note"): Text((step.gate or say("irreversible")) if step.irreversible else ""),
        say("row_seen"): Text(step.answered),
    }
    shown = {marker: told for marker, told in rows.items() if told}
    widest = max(map(cell_len, shown))
    yield from (item(marker + " " * (widest - cell_len(marker)), told) for marker, told in shown.items())


def title_of(step: StepView) -> str:
    """Return the step's title, with its target where it has one of its own."""
    return f"{step.title} ({step.target})" if step.target else step.title


def room_of(step: StepView) -> str:
    """Return how many days the step can slip."""
    if step.room is None:
        return say("nothing_due")
    return say("too_late", days=-step.room) if step.room < 0 else say("room", days=step.room)


def _how_long(step: StepView) -> str:
    least, most, usual = step.least_days, step.most_days, step.typical_days
    if most is None and (least is None or step.kind not in ("queue", "wait")):
        return say("lasts", days=usual)
    if most is None:
        return say("lasts_at_least", days=usual, least=least or 0)
    return say("lasts_between", days=usual, least=least or 0, most=most)


def _timeline(view: PlanView) -> Iterator[RenderableType]:
    yield heading(say("timeline"), say("signs"))
    steps = sorted(view.steps, key=lambda step: (step.start, step.finish))
    a_day = max((cell_len(day(on)) for step in steps for on in (step.start, step.finish)), default=0)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False, header_style="bold")
    table.add_column("", width=1)
    table.add_column(say("from"), width=max(11, a_day), justify="right")
    table.add_column(say("to"), width=max(11, a_day), justify="right")
    table.add_column(say("step"), ratio=1)
    table.add_column(say("who"), width=10)
    table.add_column(say("room_column"), width=max(4, cell_len(say("room_column"))), justify="right")
    table.expand = True
    for step in steps:
        style = "red" if step.room is not None and step.room < 0 else "dim" if step.state == "done" else ""
        room = "" if step.room is None else locale().digits(str(step.room))
        title = Text(f"{step.code} {title_of(step)}" + (" ?" if step.depends_on_unknown else ""))
        table.add_row(_sign(step), day(step.start), day(step.finish), title, owner(step.who), room, style=style)
    yield table


def _sign(step: StepView) -> str:
    return {"done": "v"}.get(step.state) or ("!" if step.decides else "~" if step.state == "in_progress" else "")


def _others(view: PlanView) -> Iterator[RenderableType]:
    if not view.others:
        return
    yield heading(say("others"), say("others_beside"))
    for target in view.others:
        line = Text.assemble(target.title, ": ", (say(f"stands_{target.standing}"), _COLOUR[target.outcome]))
        yield item("-", line.append(_stands(target)))
    if view.has_countries:
        yield indented(say("follows_the_lead", aim=view.lead.title))


def _stands(target: TargetView) -> str:
    if target.outcome == "lost":
        return f"{say('stop')} {' '.join(target.because)} {_safe(target.next_safe)}"
    room = say("late_by" if target.slack < 0 else "room", days=abs(target.slack))
    arrival = say("other_arrives", on=day(target.arrives_on), room=room, starts=day(target.starts_on))
    apply_by = say("applied") if target.applied else ""
    if target.apply_by and not target.applied:
        apply_by = say("apply_by", on=day(target.apply_by))
    return f", {arrival}{f'; {apply_by}' if apply_by else ''}{say('stop')}"


def _notices(view: PlanView) -> Iterator[RenderableType]:
    if view.notices:
        yield heading(say("notices"))
        yield from (item("!", Text(notice, style="yellow")) for notice in view.notices)


def _questions(view: PlanView) -> Iterator[RenderableType]:
    if not view.questions:
        return
    yield heading(say("questions"), say("questions_beside"))
    for question in view.questions:
        yield item("-", f"{question.circumstance}: {question.meaning}")
