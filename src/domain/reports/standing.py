"""The first half of a readiness report: where the student stands, what is next, the timeline, the deadlines."""

from __future__ import annotations

from collections.abc import Iterator

from ..planning.schedule import Outcome, Outlook, PlannedStep, Schedule, State
from ..planning.target import ApplyBy, LaterStart
from ..planning.timeline import timeline_of
from ..planning.views import Action, todays_actions
from ..shared.sources import Confidence, Source
from .content import (
    Block,
    Bullets,
    Cell,
    Joined,
    Mark,
    Paragraph,
    Picture,
    Said,
    Section,
    Table,
    Text,
    Titled,
    said,
    told,
)


def standing_section(schedule: Schedule) -> Section:
    """Return how each target stands: the leading one first, with what decides its day."""
    lead, *others = schedule.outlooks
    blocks: list[Block] = [Paragraph(_aim(lead), Mark.STRONG), *map(Paragraph, _stands(lead, schedule))]
    if others:
        rows = tuple((_aim(one), _in_time(one), _apply_by(one.target.apply_by)) for one in others)
        head = said("report.target"), said("report.stands"), said("report.apply_by")
        blocks += [Paragraph(said("page.others"), Mark.STRONG), Table(head, rows, (3, 4, 2))]
    return Section(said("report.where_you_stand"), tuple(blocks))


def _aim(outlook: Outlook) -> Said:
    return said("page.aim", title=outlook.target.title, on=outlook.target.starts_on.isoformat())


def _stands(outlook: Outlook, schedule: Schedule) -> Iterator[Text]:
    reasons = [told(reason) for reason in outlook.reasons if reason.code != "late.arrival"]
    is_lost = outlook.outcome is Outcome.LOST
    if not is_lost:
        yield _in_time(outlook)
    yield from reasons
    if outlook.chain and not is_lost:
        links = [_link(step) for key in outlook.chain if (step := schedule.step(key)) is not None]
        yield said("told.chain", chain=Joined(tuple(links), " → "))
    if is_lost or outlook.outcome is Outcome.LATE:
        yield next_safe(outlook.next_safe)


def _in_time(outlook: Outlook) -> Said:
    code = _outcome(outlook)
    return said(
        code,
        days=abs(outlook.slack),
        arrives_on=outlook.arrives_on.isoformat(),
        starts_on=outlook.target.starts_on.isoformat(),
    )


def _outcome(outlook: Outlook) -> str:
    exactly = outlook.slack == 0
    match outlook.outcome:
        case Outcome.LOST:
            return "page.headline_lost"
        case Outcome.LATE:
            return "told.late" if outlook.slack < 0 else "told.too_late"
        case _ if outlook.misses_window:
            return "told.window_missed"
        case Outcome.AT_RISK:
            return "told.at_risk_on_the_day" if exactly else "told.at_risk"
    return "told.on_the_day" if exactly else "told.on_time"


def _link(step: PlannedStep) -> Text:
    days = (step.finish - step.start).days
    title = Titled(step.task.step)
    return title if step.state is State.DONE or days == 0 else said("told.link", title=title, days=days)


def next_safe(later: LaterStart | None) -> Said:
    """Return the next intake that is reached in time, or that none is known."""
    if later is None:
        return said("told.no_next_safe")
    year, starts = str(later.starts_on.year), later.starts_on.isoformat()
    if later.apply_by is None:
        return said("told.next_safe", term=later.term, year=year, starts_on=starts)
    by = later.apply_by.last_day.isoformat()
    return said("told.next_safe_by", term=later.term, year=year, starts_on=starts, apply_by=by)


def next_section(schedule: Schedule) -> Section:
    """Return what to do today, the most urgent first, with why and until when; then what is waited for."""
    today = todays_actions(schedule)
    can = [one for one in (today.next, *today.ready) if one is not None]
    blocks: list[Block] = []
    if can:
        blocks += _next(can[0])
        blocks.append(_actions(can))
    else:
        blocks.append(Paragraph(said("page.idle")))
    if today.waiting:
        blocks += [Paragraph(said("page.waiting"), Mark.STRONG), Bullets(tuple(map(_waits, today.waiting)))]
    return Section(said("report.what_is_next"), tuple(blocks))


def _next(action: Action) -> Iterator[Block]:
    step = action.step
    yield Paragraph(Joined((said("page.row_next"), title_of(step))), Mark.STRONG)
    why = [said(action.why)]
    if step.latest_finish is not None:
        why.append(said("page.finish_by", on=step.latest_finish.isoformat()))
    yield Paragraph(Joined((said("page.row_why"), *why)))
    yield Paragraph(Joined((said("page.row_how"), Titled(step.task.step, "advice"))))
    if step.task.step.irreversible:
        yield Paragraph(told(step.gate) if step.gate else said("page.irreversible"), Mark.WARNING)


def _actions(actions: list[Action]) -> Table:
    head = said("page.step"), said("report.why"), said("report.finish_by"), said("page.room_column")
    rows = tuple((title_of(one.step), said(one.why), one.step.latest_finish, room_of(one.step)) for one in actions)
    return Table(head, rows, (5, 5, 2, 3))


def _waits(action: Action) -> Text:
    step = action.step
    since = said("page.since", on=step.start.isoformat(), until=step.finish.isoformat())
    return Joined((title_of(step), since), ": ")


def title_of(step: PlannedStep) -> Text:
    """Return the step's title, with its target where it has one of its own."""
    own = step.task.target
    title = Titled(step.task.step)
    return title if own is None else said("report.of_target", title=title, target=own.institution or own.title)


def room_of(step: PlannedStep) -> Said:
    """Return how many days the step can slip."""
    if step.slack is None:
        return said("page.nothing_due")
    return said("page.too_late", days=-step.slack) if step.slack < 0 else said("page.room", days=step.slack)


def timeline_section(schedule: Schedule) -> Section:
    """Return the plan as a picture; the table of all steps tells the same."""
    lead = schedule.outlook
    shows = Joined((said("report.picture_shows", title=lead.target.title, count=len(schedule.steps)), _in_time(lead)))
    return Section(said("page.timeline"), (Picture(timeline_of(schedule), shows),))


_STATES = {
    State.TO_DO: "page.column_to_do",
    State.IN_PROGRESS: "page.column_in_progress",
    State.DONE: "page.column_done",
}


def steps_section(schedule: Schedule) -> Section:
    """Return every step with its days, in the order in which they come."""
    head = said("page.step"), said("page.from"), said("page.to"), said("report.state"), said("page.room_column")
    steps = sorted(schedule.steps, key=lambda step: (step.start, step.finish, step.key))
    rows = tuple((title_of(step), step.start, step.finish, said(_STATES[step.state]), _room(step)) for step in steps)
    return Section(said("report.all_steps"), (Table(head, rows, (6, 2, 2, 2, 2)),))


def _room(step: PlannedStep) -> Cell:
    return "" if step.slack is None or step.state is State.DONE else step.slack


def deadline_section(schedule: Schedule) -> Section:
    """Return until when each target can be applied for, in her days and in the zone of whoever set it."""
    rows = tuple(
        (outlook.target.title, by.last_day, _stated(by), sourced(by.source, by.confidence))
        for outlook in schedule.outlooks
        if (by := outlook.target.apply_by) is not None
    )
    without = [one.target.title for one in schedule.outlooks if one.target.apply_by is None]
    head = said("report.target"), said("report.your_last_day"), said("report.as_stated"), said("report.source")
    blocks: list[Block] = [Table(head, rows, (4, 2, 3, 4))] if rows else [Paragraph(said("page.no_deadlines"))]
    blocks += [Paragraph(Joined((title, said("page.no_apply_by")), ": "), Mark.WARNING) for title in without]
    return Section(said("page.deadlines"), tuple(blocks))


def _stated(by: ApplyBy) -> Text:
    stated = said("report.moment_in_zone", local=by.local, zone=by.zone)
    return stated if by.time_stated else Joined((stated, said("page.no_hour")))


def _apply_by(by: ApplyBy | None) -> Cell:
    return said("report.not_known") if by is None else by.last_day


def sourced(source: Source, confidence: Confidence) -> Text:
    """Return where a figure was read, on which day, and how far it can be trusted, in words where it cannot be."""
    read = said("report.read", source=Titled(source), on=source.retrieved_on.isoformat(), trust=confidence.value)
    parts: list[Text] = [read]
    if source.url:
        parts.append(source.url)
    if not confidence.is_verified:
        parts.append(said("report.unverified"))
    return Joined(tuple(parts))
