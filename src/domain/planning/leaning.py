"""Which records of the rulebook a plan and its checklist lean on, by their names."""

from __future__ import annotations

from collections.abc import Iterable

from ..documents.checklist import CheckedItem
from ..funding.need import MoneyNeed
from ..rulebook.pack import Rulebook
from ..rulebook.papers import Checklist
from .schedule import Schedule, State


def plan_leans_on(schedule: Schedule, money: Iterable[MoneyNeed], rulebook: Rulebook) -> tuple[str, ...]:
    """Return the pathways, the facts in force that its open steps name, and all that the money rests on.

    How far a step's own days can be trusted, ``schedule.unverified`` says.
    """
    still_open = (step for step in schedule.steps if step.state is not State.DONE)
    named = dict.fromkeys(name for step in still_open for name in step.task.step.facts)
    holding = (name for name in named if rulebook.fact(name).holds_on(schedule.today))
    needs = (name for need in money for name in need_leans_on(need))
    ways = (days.network.pathway.id for days in schedule.days.values())
    return tuple(dict.fromkeys((schedule.pathway, *ways, *holding, *needs)))


def need_leans_on(need: MoneyNeed) -> tuple[str, ...]:
    """Return the rule that asks for the money, and the facts that make the amount."""
    return (need.rule, *need.rests_on)


def papers_lean_on(checklist: Checklist, items: Iterable[CheckedItem]) -> tuple[str, ...]:
    """Return the checklist, and the kinds of those papers that are needed or may be."""
    needed = (checked.item for checked in items if checked.needed is not False)
    kinds = (f"document:{code}" for item in needed for code in item.documents)
    return tuple(dict.fromkeys((checklist.id, *kinds)))
