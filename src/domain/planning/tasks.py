"""Laying pathways out over several targets: which steps there are, and which wait for which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from types import MappingProxyType

from ..rulebook.conditions import Circumstance
from ..rulebook.pathways import Pathway, StepDefinition, StepScope
from ..shared.dataclass import dataclass
from .target import Target

_ONE_FOR_ALL: Mapping[str, Pathway] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Task:
    """One step of this student's plan; ``depends_on_unknown`` names what must be known to tell whether it applies.

    ``country`` is that of its pathway. ``also`` holds the keys of the same step in other pathways of the plan.
    """

    key: str
    step: StepDefinition
    target: Target | None
    after: tuple[str, ...]
    depends_on_unknown: tuple[str, ...] = ()
    country: str = ""
    also: tuple[str, ...] = ()


def step_key(step: StepDefinition, target: Target) -> str:
    """Return the key of the step in the plan: its code, with the target where each target has its own."""
    return f"{step.code}@{target.key}" if step.scope is StepScope.TARGET else step.code


def lay_out(
    pathway: Pathway,
    targets: Sequence[Target],
    lead: Target,
    circumstances: Mapping[str, Circumstance],
    pathways: Mapping[str, Pathway] = _ONE_FOR_ALL,
) -> tuple[Task, ...]:
    """Return the tasks in an order in which each stands after those it waits for.

    ``pathways`` names those of targets that do not follow ``pathway``. Shared steps serve all targets once, those of
    other pathways too where they are common to both; steps of a target are laid out for each; steps that are done once
    follow the lead. A step that does not apply is left out, and what waited for it waits for what it waited for.
    """
    laid = _Layout(circumstances, lead, pathways.get(lead.key, pathway))
    laid.add(lead, laid.lead_way)
    for target in targets:
        if target is not lead:
            laid.add(target, pathways.get(target.key, pathway))
    return tuple(replace(task, also=also) if (also := laid.also.get(key)) else task for key, task in laid.tasks.items())


@dataclass(slots=True)
class _Layout:
    """What is laid out so far."""

    circumstances: Mapping[str, Circumstance]
    lead: Target
    lead_way: Pathway
    tasks: dict[str, Task] = field(default_factory=dict)
    by_name: dict[str, str] = field(default_factory=dict)
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    left_out_of_lead: frozenset[str] = frozenset()

    def add(self, target: Target, way: Pathway) -> None:
        """Lay the way out for the target, beside what is there."""
        known = {**self.circumstances, **target.circumstances}
        applies = {step.code: step.only_if.answer(known) for step in way.steps if step.only_if}
        left_out = self._left_out(target, way, {code for code, answer in applies.items() if answer.holds is False})
        waits = _waits(way, left_out)
        keys: dict[str, str] = {}
        for step in _in_order(way):
            if step.code in left_out:
                continue
            own = target if step.scope is StepScope.TARGET else None
            key = keys[step.code] = self._key(step, target)
            if own is None:
                self.by_name.setdefault(_name(step), key)
            if key not in self.tasks:
                answer = applies.get(step.code)
                unknown = tuple(sorted(answer.missing)) if answer and answer.holds is None else ()
                after = tuple(dict.fromkeys(keys[before] for before in waits[step.code]))
                self.tasks[key] = Task(key, step, own, after, unknown, way.country)
            elif own is None and step.code != key and step.code not in self.also.get(key, ()):
                self.also[key] = (*self.also.get(key, ()), step.code)

    def _left_out(self, target: Target, way: Pathway, not_needed: set[str]) -> set[str]:
        """Return what of the way is not laid out for the target."""
        if target is self.lead:
            self.left_out_of_lead = frozenset(not_needed)
            return not_needed
        if way is self.lead_way:  # what is done once for all, the lead decides
            common = {step.code for step in way.steps if step.scope is not StepScope.TARGET}
            return (not_needed - common) | (self.left_out_of_lead & common)
        once = {s.code for s in way.steps if s.scope is StepScope.ONCE and _name(s) not in self.by_name}
        return not_needed | once

    def _key(self, step: StepDefinition, target: Target) -> str:
        return step_key(step, target) if step.scope is StepScope.TARGET else self.by_name.get(_name(step), step.code)


def _name(step: StepDefinition) -> str:
    """What makes steps of several pathways one: their common code, or else their own."""
    return step.common or step.code


def _waits(pathway: Pathway, left_out: set[str]) -> dict[str, tuple[str, ...]]:
    """Return what each step waits for, with what is left out passed over."""
    waits: dict[str, tuple[str, ...]] = {}
    for step in _in_order(pathway):
        found = (waits[before] if before in left_out else (before,) for before in step.after)
        waits[step.code] = tuple(dict.fromkeys(waited for several in found for waited in several))
    return waits


def _in_order(pathway: Pathway) -> tuple[StepDefinition, ...]:
    """Return the steps so that each stands after its predecessors, otherwise in the pack's order."""
    steps = {step.code: step for step in pathway.steps}
    placed: dict[str, StepDefinition] = {}

    def place(step: StepDefinition) -> None:
        if step.code not in placed:
            for before in step.after:
                place(steps[before])
            placed[step.code] = step

    for step in pathway.steps:
        place(step)
    return tuple(placed.values())
