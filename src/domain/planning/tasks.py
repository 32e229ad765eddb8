"""Laying a pathway out over several targets: which steps there are, and which wait for which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..rulebook.conditions import Circumstance
from ..rulebook.pathways import Pathway, StepDefinition, StepScope
from ..shared.dataclass import dataclass
from .target import Target


@dataclass(frozen=True, slots=True)
class Task:
    """One step of this student's plan; ``depends_on_unknown`` names what must be known to tell whether it applies."""

    key: str
    step: StepDefinition
    target: Target | None
    after: tuple[str, ...]
    depends_on_unknown: tuple[str, ...] = ()


def step_key(step: StepDefinition, target: Target) -> str:
    """Return the key of the step in the plan: its code, with the target where each target has its own."""
    return f"{step.code}@{target.key}" if step.scope is StepScope.TARGET else step.code


def lay_out(
    pathway: Pathway, targets: Sequence[Target], lead: Target, circumstances: Mapping[str, Circumstance]
) -> tuple[Task, ...]:
    """Return the tasks in an order in which each stands after those it waits for.

    Shared steps serve all targets once; steps of a target are laid out for each; steps that are done once follow
    the lead. A step that does not apply is left out, and what waited for it waits for what it waited for.
    """
    steps = {step.code: step for step in pathway.steps}
    common = {code for code, step in steps.items() if step.scope is not StepScope.TARGET}
    tasks: dict[str, Task] = {}
    left_out_of_lead: set[str] = set()
    for target in (lead, *(target for target in targets if target is not lead)):
        known = {**circumstances, **target.circumstances}
        applies = {code: (step.only_if.answer(known) if step.only_if else None) for code, step in steps.items()}
        left_out = {code for code, answer in applies.items() if answer and answer.holds is False}
        if target is lead:
            left_out_of_lead = left_out
        left_out = (left_out - common) | (left_out_of_lead & common)  # what is done once, the lead decides
        waits = _waits(pathway, left_out)
        for code in _in_order(pathway):
            step = steps[code]
            mine = step.scope is StepScope.TARGET or target is lead
            if code in left_out or not mine:
                continue
            answer = applies[code]
            unknown = tuple(sorted(answer.missing)) if answer and answer.holds is None else ()
            after = tuple(step_key(steps[before], target) for before in waits[code])
            own = target if step.scope is StepScope.TARGET else None
            key = step_key(step, target)
            tasks.setdefault(key, Task(key, step, own, after, unknown))
    return tuple(tasks.values())


def _waits(pathway: Pathway, left_out: set[str]) -> dict[str, tuple[str, ...]]:
    """Return what each step waits for, with what is left out passed over."""
    after = {step.code: step.after for step in pathway.steps}
    waits: dict[str, tuple[str, ...]] = {}
    for code in _in_order(pathway):
        found = (waits[before] if before in left_out else (before,) for before in after[code])
        waits[code] = tuple(dict.fromkeys(waited for several in found for waited in several))
    return waits


def _in_order(pathway: Pathway) -> tuple[str, ...]:
    """Return the codes so that each stands after its predecessors, otherwise in the pack's order."""
    after = {step.code: step.after for step in pathway.steps}
    placed: dict[str, None] = {}

    def place(code: str) -> None:
        if code not in placed:
            for before in after[code]:
                place(before)
            placed[code] = None

    for code in after:
        place(code)
    return tuple(placed)
