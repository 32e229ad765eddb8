"""What must hold inside one pack beyond the form of each entry."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from ..shared.errors import Reason
from .facts import Fact
from .grades import GradeScale
from .pack import RulePack
from .papers import Checklist
from .pathway_checks import pathway_problems, said_twice
from .scores import Concordance, Section, TestScale


def problems_of(pack: RulePack) -> list[Reason]:
    """Return everything in the pack that contradicts itself, each with the place where it stands."""
    found: list[Reason] = []
    for name, codes in (
        ("facts", [fact.id for fact in pack.facts]),
        ("tests", [test.code for test in pack.tests]),
        ("concordances", [concordance.id for concordance in pack.concordances]),
        ("grade_scales", [scale.id for scale in pack.grade_scales]),
        ("grade_conversions", [conversion.id for conversion in pack.grade_conversions]),
        ("document_kinds", [kind.code for kind in pack.document_kinds]),
        ("checklists", [checklist.id for checklist in pack.checklists]),
        ("closures", [closure.id for closure in pack.closures]),
        ("money_rules", [rule.id for rule in pack.money_rules]),
        ("pathways", [pathway.id for pathway in pack.pathways]),
    ):
        found.extend(said_twice(name, codes))
    found.extend(_fact_problems(pack.facts))
    for index, scale in enumerate(pack.grade_scales):
        if scale.best == scale.worst:
            found.append(Reason("scale.empty", {}, f"grade_scales[{index}].best"))
        elif scale.lowest_pass is not None and not _is_pass(scale, scale.lowest_pass):
            params = {"lowest_pass": str(scale.lowest_pass), "best": str(scale.best)}
            found.append(Reason("grade.pass_not_below_best", params, f"grade_scales[{index}].lowest_pass"))
    for index, test in enumerate(pack.tests):
        found.extend(_test_problems(test, f"tests[{index}]"))
    for index, concordance in enumerate(pack.concordances):
        found.extend(_concordance_problems(concordance, f"concordances[{index}]"))
    for index, checklist in enumerate(pack.checklists):
        found.extend(_checklist_problems(checklist, f"checklists[{index}]"))
    for index, pathway in enumerate(pack.pathways):
        found.extend(pathway_problems(pathway, f"pathways[{index}]"))
    return found


def _fact_problems(facts: tuple[Fact, ...]) -> Iterator[Reason]:
    """A fact must not end before it begins, and two of one key and scope must not begin on the same day."""
    begun: dict[object, str] = {}
    for index, fact in enumerate(facts):
        place = f"facts[{index}]"
        if fact.valid_from and fact.valid_to and fact.valid_to < fact.valid_from:
            yield Reason("fact.ends_before_it_begins", {}, f"{place}.valid_to")
        same = (fact.key, fact.scope, fact.valid_from)
        if same in begun:
            yield Reason("fact.two_begin_together", {"other": begun[same]}, place)
        begun[same] = fact.id
    for one_index, one in enumerate(facts):
        for other in facts[:one_index]:
            if _overlap_without_order(one, other):
                yield Reason("fact.overlaps", {"other": other.id}, f"facts[{one_index}]")


def _overlap_without_order(one: Fact, other: Fact) -> bool:
    """Two of one key and scope hold on a common day, and neither end says which one was meant."""
    if (one.key, one.scope) != (other.key, other.scope) or one.valid_from == other.valid_from:
        return False
    first, second = sorted((one, other), key=lambda fact: (fact.valid_from is not None, fact.valid_from))
    ends = first.valid_to
    return ends is not None and second.valid_from is not None and ends >= second.valid_from


def _is_pass(scale: GradeScale, lowest_pass: Decimal) -> bool:
    return scale.has(lowest_pass) and not scale.is_as_good(lowest_pass, scale.best)


def _test_problems(test: TestScale, place: str) -> Iterator[Reason]:
    names: set[str] = set()
    parts: tuple[Section, ...] = test.sections
    for index, section in enumerate(parts):
        if section.name in names:
            yield Reason("data.twice", {"given": section.name}, f"{place}.sections[{index}]")
        names.add(section.name)
    if test.total is None and not parts:
        yield Reason("test.measures_nothing", {}, place)


def _concordance_problems(concordance: Concordance, place: str) -> Iterator[Reason]:
    scores = [row.from_score for row in concordance.rows]
    if not scores:
        yield Reason("concordance.empty", {}, place)
    if any(later >= earlier for earlier, later in pairwise(scores)):
        yield Reason("concordance.not_descending", {}, f"{place}.rows")


def _checklist_problems(checklist: Checklist, place: str) -> Iterator[Reason]:
    orders: set[int] = set()
    for index, item in enumerate(checklist.items):
        if not item.documents:
            yield Reason("checklist.item_without_document", {"item": item.code}, f"{place}.items[{index}]")
        if item.order in orders:
            yield Reason("data.twice", {"given": str(item.order)}, f"{place}.items[{index}].order")
        orders.add(item.order)
    yield from said_twice(f"{place}.items", [item.code for item in checklist.items])
