"""What must hold inside one pathway, so that a plan can be made of it for anybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..shared.errors import Params, Reason
from .conditions import KNOWN_CIRCUMSTANCES
from .limits import MOST_STEPS
from .pathways import DayCount, Pathway, Place, StepDefinition, StepKind, StepScope, find_cycle


def pathway_problems(pathway: Pathway, place: str) -> Iterator[Reason]:
    """Yield everything in the pathway that contradicts itself, with the place where it stands."""
    yield from said_twice(f"{place}.steps", [step.code for step in pathway.steps])
    yield from _unknown_steps(pathway, place)
    for index, step in enumerate(pathway.steps):
        yield from _wrong_ends(step, pathway, f"{place}.steps[{index}]")
        yield from _wrong_days(step, f"{place}.steps[{index}]")
    if len(pathway.steps) > MOST_STEPS:
        yield Reason("data.too_many", {"at_most": MOST_STEPS}, f"{place}.steps")
        return
    circle = find_cycle(pathway.steps)
    if circle:
        first = next(index for index, step in enumerate(pathway.steps) if step.code == circle[0])
        yield Reason("pathway.circle", {"steps": ", ".join(circle)}, f"{place}.steps[{first}]")
    yield from _loose_steps(pathway, place)
    yield from _ends_out_of_order(pathway, place)


def said_twice(name: str, codes: Iterable[str]) -> Iterator[Reason]:
    """Yield each code that stands among the others already."""
    seen: set[str] = set()
    for index, code in enumerate(codes):
        if code in seen:
            yield Reason("data.twice", {"given": code}, f"{name}[{index}]")
        seen.add(code)


def _unknown_steps(pathway: Pathway, place: str) -> Iterator[Reason]:
    codes = {step.code for step in pathway.steps}
    named = [(f"steps[{index}].after", before) for index, step in enumerate(pathway.steps) for before in step.after]
    named += [
        (f"steps[{index}].known_first", first)
        for index, step in enumerate(pathway.steps)
        for first in step.known_first
        if first not in KNOWN_CIRCUMSTANCES
    ]
    named += [
        (key, getattr(pathway, key)) for key in ("application_step", "admission_step", "decision_step", "arrival_step")
    ]
    named += [("lodgement_step", pathway.lodgement_step)] if pathway.lodgement_step else []
    named += [(f"lead_times[{index}].step", lead_time.step) for index, lead_time in enumerate(pathway.lead_times)]
    for key, code in named:
        if code not in codes:
            yield Reason("pathway.unknown_step", {"given": code}, f"{place}.{key}")


def _wrong_ends(step: StepDefinition, pathway: Pathway, place: str) -> Iterator[Reason]:
    """There is one decision and one arrival, and nobody arrives without arriving."""
    if step.code in (pathway.arrival_step, pathway.decision_step) and step.scope is StepScope.TARGET:
        yield Reason("pathway.step_of_each_target", {"step": step.code}, f"{place}.scope")
    least = step.duration.typical if step.duration.least is None else step.duration.least
    if step.hard_days is not None and step.hard_days < least:
        yield Reason("window.shorter_than_its_step", {"window": step.hard_days, "days": least}, f"{place}.hard_days")
    if step.code == pathway.arrival_step and step.only_if is not None:
        yield Reason("pathway.arrival_left_out", {"step": step.code}, f"{place}.only_if")


def _wrong_days(step: StepDefinition, place: str) -> Iterator[Reason]:
    """Working days are somebody's; and the days of a window run whether anybody works or not."""
    if step.counts is DayCount.WORKING and step.calendar is Place.ANYWHERE:
        yield Reason("days.whose_working_days", {"step": step.code}, f"{place}.calendar")
    if step.kind is StepKind.WINDOW and step.calendar is not Place.ANYWHERE:
        yield Reason("days.window_keeps_no_calendar", {"step": step.code}, f"{place}.calendar")


def _ends_out_of_order(pathway: Pathway, place: str) -> Iterator[Reason]:
    """Nobody is admitted before applying, nor arrives before the decision."""
    for key, earlier, later in (
        ("admission_step", pathway.application_step, pathway.admission_step),
        ("arrival_step", pathway.decision_step, pathway.arrival_step),
    ):
        both_known = pathway.step(earlier) and pathway.step(later)
        if both_known and earlier != later and earlier not in _all_before(later, pathway.steps):
            yield Reason("pathway.out_of_order", {"step": later, "before": earlier}, f"{place}.{key}")


def _loose_steps(pathway: Pathway, place: str) -> Iterator[Reason]:
    """A step that neither leads to the arrival nor comes after it would be in no plan for a reason."""
    if pathway.step(pathway.arrival_step) is None:
        return
    leading = {pathway.arrival_step, *_all_before(pathway.arrival_step, pathway.steps)}
    for index, step in enumerate(pathway.steps):
        if step.code not in leading and pathway.arrival_step not in _all_before(step.code, pathway.steps):
            params: Params = {"step": step.code, "arrival": pathway.arrival_step}
            yield Reason("pathway.leads_nowhere", params, f"{place}.steps[{index}]")


def _all_before(code: str, steps: tuple[StepDefinition, ...]) -> set[str]:
    after = {step.code: step.after for step in steps}
    found: set[str] = set()
    left = [code]
    while left:
        fresh = set(after.get(left.pop(), ())) - found
        found |= fresh
        left += fresh
    return found
