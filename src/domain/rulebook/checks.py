"""What must hold inside one pack beyond the form of each entry."""

from __future__ import annotations

from collections.abc import Iterator

from ..shared.errors import Reason
from .facts import Fact
from .free_entry import VISA_NEEDED
from .kinds import KINDS
from .overlaps import without_order
from .pack import RulePack
from .papers import Checklist
from .pathway_checks import pathway_problems, said_twice
from .score_checks import concordance_problems, conversion_problems, grade_scale_problems, problems_of_test


def problems_of(pack: RulePack) -> list[Reason]:
    """Return everything in the pack that contradicts itself, each with the place where it stands."""
    found: list[Reason] = []
    for kind in KINDS:
        found.extend(said_twice(kind.list, [kind.name_of(record) for record in kind.of(pack)]))
    found.extend(_fact_problems(pack.facts))
    for index, scale in enumerate(pack.grade_scales):
        found.extend(grade_scale_problems(scale, f"grade_scales[{index}]"))
    for index, conversion in enumerate(pack.grade_conversions):
        found.extend(conversion_problems(conversion, f"grade_conversions[{index}]"))
    for index, test in enumerate(pack.tests):
        found.extend(problems_of_test(test, f"tests[{index}]"))
    for index, concordance in enumerate(pack.concordances):
        found.extend(concordance_problems(concordance, f"concordances[{index}]"))
    for index, checklist in enumerate(pack.checklists):
        found.extend(_checklist_problems(checklist, f"checklists[{index}]"))
    for index, pathway in enumerate(pack.pathways):
        found.extend(pathway_problems(pathway, f"pathways[{index}]"))
    return found


def _fact_problems(facts: tuple[Fact, ...]) -> Iterator[Reason]:
    """A fact must not end before it begins, nor answer what another one answers with nothing to choose by; who needs a
    visa is said country by country."""
    for index, fact in enumerate(facts):
        if fact.valid_from and fact.valid_to and fact.valid_to < fact.valid_from:
            yield Reason("fact.ends_before_it_begins", {}, f"facts[{index}].valid_to")
        if fact.key == VISA_NEEDED and not fact.scope.country:
            yield Reason("fact.names_no_country", {"key": fact.key}, f"facts[{index}].scope")
    places = {id(fact): index for index, fact in enumerate(facts)}
    for one, other in without_order(facts):
        yield Reason("fact.no_order", {"id": other.id, "other": one.id}, f"facts[{places[id(other)]}]")


def _checklist_problems(checklist: Checklist, place: str) -> Iterator[Reason]:
    orders: set[int] = set()
    for index, item in enumerate(checklist.items):
        if not item.documents:
            yield Reason("checklist.item_without_document", {"item": item.code}, f"{place}.items[{index}]")
        if item.order in orders:
            yield Reason("data.twice", {"given": str(item.order)}, f"{place}.items[{index}].order")
        orders.add(item.order)
    yield from said_twice(f"{place}.items", [item.code for item in checklist.items])
