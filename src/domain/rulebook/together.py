"""What must hold between the packs of one rulebook: whatever one names, one of them has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Params, Reason
from ..shared.money import Money
from .facts import Fact
from .grades import GradeConversion, GradeScale, Method
from .kinds import KINDS
from .layers import Layer
from .limits import MOST_DAYS
from .overlaps import without_order
from .papers import Checklist
from .pathways import BEFORE_UNITS, DAYS_OF, DEGREE, PASSPORT, LeadTime, Pathway, StepDefinition, StepScope
from .result_validity import validity_fact_problems
from .scores import Concordance, Scale, TestScale
from .units import UNITS, is_unit

if TYPE_CHECKING:
    from .money_rules import MoneyRule
    from .pack import Rulebook, RulePack


def problems_between(rulebook: Rulebook) -> list[Reason]:
    """Return every name in the packs that leads nowhere and every two facts of one layer without an order, each with
    the pack's file, the line and the place."""
    found = [problem for pack in rulebook.packs for problem in _Together(rulebook, pack).problems()]
    return [*found, *_facts_without_order(rulebook), *_facts_put_elsewhere(rulebook)]


def _facts_without_order(rulebook: Rulebook) -> Iterator[Reason]:
    """Two within one pack were refused when it was read; here only those of two packs of one layer are left."""
    for layer in Layer:
        packs = [pack for pack in rulebook.packs if pack.layer is layer]
        found = {fact.id: (pack, index) for pack in packs for index, fact in enumerate(pack.facts)}
        held = [fact for pack in packs for fact in pack.facts if rulebook.holds("facts", fact.id, fact)]
        for one, other in without_order(held) if len(packs) > 1 else ():
            pack, index = found[other.id]
            if found[one.id][0] is not pack:
                yield pack.at(f"facts[{index}]", Reason("fact.no_order", {"id": other.id, "other": one.id}))


def _facts_put_elsewhere(rulebook: Rulebook) -> Iterator[Reason]:
    """A fact that replaces one below has its key and scope: else those whom that one is for would lose their answer."""
    below: dict[str, tuple[RulePack, Fact]] = {}
    for pack in rulebook.packs:
        for index, fact in enumerate(pack.facts):
            lower, replaced = below.get(fact.id, (pack, fact))
            if (replaced.key, replaced.scope) != (fact.key, fact.scope):
                yield pack.at(f"facts[{index}].id", Reason("fact.replaces_another", {"id": fact.id, "pack": lower.id}))
            below[fact.id] = pack, fact


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """A problem that a record of another pack has brought, and the place of that record there."""

    pack: RulePack
    place: str
    reason: Reason


_Found = Iterator[Reason | _Elsewhere]
_KINDS = {kind.list: kind for kind in KINDS}


class _Together:
    """Looks over one pack among the others."""

    def __init__(self, rulebook: Rulebook, pack: RulePack) -> None:
        self.rules = rulebook
        self.pack = pack
        self.looks: Mapping[str, Callable[..., _Found]] = {
            "facts": self._fact,
            "concordances": self._concordance,
            "grade_conversions": self._conversion,
            "checklists": self._checklist,
            "pathways": self._pathway,
            "money_rules": self._money_rule,
        }

    def problems(self) -> Iterator[Reason]:
        """Yield each problem of those records of this pack that are in force."""
        for kind in KINDS:
            look = self.looks.get(kind.list)
            for index, record in enumerate(kind.of(self.pack) if look else ()):
                if look and self.rules.holds(kind.list, kind.name_of(record), record):
                    yield from (self._at(f"{kind.list}[{index}]", problem) for problem in look(record))

    def _at(self, place: str, problem: Reason | _Elsewhere) -> Reason:
        if isinstance(problem, _Elsewhere):
            needed_by = {"needed_by": self.pack.at(place, problem.reason).where}
            return problem.pack.at(problem.place, Reason(problem.reason.code, {**problem.reason.params, **needed_by}))
        return self.pack.at(place, problem)

    def _brought_by(self, kind: str, name: str, reason: Reason) -> Reason | _Elsewhere:
        """Return the problem with a record that another one names: it is that of the higher layer of the two."""
        held = self.rules.pack_of(kind, name)
        if held.layer.rank <= self.pack.layer.rank:
            return reason
        names = [_KINDS[kind].name_of(record) for record in _KINDS[kind].of(held)]
        return _Elsewhere(held, f"{kind}[{names.index(name)}]", reason)

    def _fact(self, fact: Fact) -> Iterator[Reason]:
        if fact.supersedes and not self.rules.has_fact(fact.supersedes):
            yield Reason("fact.unknown", {"id": fact.supersedes}, "supersedes")
        elif fact.supersedes:
            earlier = self.rules.fact(fact.supersedes)
            if earlier.key != fact.key or (earlier.valid_from or date.min) > (fact.valid_from or date.max):
                yield Reason("fact.supersedes_no_earlier", {"id": fact.id, "other": earlier.id}, "supersedes")
        if fact.unit and not is_unit(fact.unit) and fact.unit not in self.rules.grade_scales:
            yield Reason("fact.unknown_unit", {"given": fact.unit[:40], "known": ", ".join(sorted(UNITS))}, "unit")
        yield from validity_fact_problems(fact, self.rules.document_kinds)

    def _concordance(self, concordance: Concordance) -> _Found:
        for key, code in (("from_test", concordance.from_test), ("to_test", concordance.to_test)):
            test = self.rules.tests.get(code)
            scale = _scale(test, concordance.part) if test else None
            if test is None:
                yield Reason("test.unknown", {"given": code, "known": _listed(self.rules.tests)}, key)
            elif scale is None:
                known = ", ".join(section.name for section in test.sections)
                unknown = Reason("test.unknown_section", {"test": code, "known": known}, "part")
                yield self._brought_by("tests", code, unknown)
            else:
                scores = [row.from_score if key == "from_test" else row.to_score for row in concordance.rows]
                wrong = [score for score in scores if not scale.has(score)]
                for one in wrong:
                    off = Reason("test.not_on_scale", {"given": str(one), "test": code}, "rows")
                    yield self._brought_by("tests", code, off)
                if not wrong and any(scale.rank(one) < scale.rank(other) for one, other in pairwise(scores)):
                    turned = Reason("concordance.turns_around", {"test": code}, "rows")
                    yield self._brought_by("tests", code, turned)

    def _conversion(self, conversion: GradeConversion) -> _Found:
        for key, scale in (("from_scale", conversion.from_scale), ("to_scale", conversion.to_scale)):
            if scale not in self.rules.grade_scales and (key, scale) != ("from_scale", "*"):
                yield Reason("grade.unknown_scale", {"given": scale, "known": _listed(self.rules.grade_scales)}, key)
        home = self.rules.grade_scales.get(conversion.from_scale)
        target = self.rules.grade_scales.get(conversion.to_scale)
        if conversion.method is Method.MODIFIED_BAVARIAN and target and target.best > target.worst:
            other_way = Reason("conversion.gives_german_grades", {"scale": target.id}, "to_scale")
            yield self._brought_by("grade_scales", target.id, other_way)
        for row in conversion.rows:
            if home and not home.has(row.at_least):
                off = Reason("grade.out_of_range", _range(row.at_least, home), "rows")
                yield self._brought_by("grade_scales", home.id, off)

    def _checklist(self, checklist: Checklist) -> Iterator[Reason]:
        for index, item in enumerate(checklist.items):
            added = (code for more in item.additions for code in more.add)
            yield from self._papers(f"items[{index}]", (*item.documents, *added))
        for pathway in self.rules.pathways.values():
            step = pathway.step(checklist.used_at)
            if pathway.checklist == checklist.id and (step is None or step.scope is StepScope.TARGET):
                yield Reason("pathway.unknown_step", {"given": checklist.used_at}, "used_at")

    def _pathway(self, pathway: Pathway) -> _Found:
        if pathway.checklist and pathway.checklist not in self.rules.checklists:
            yield Reason("checklist.unknown", {"given": pathway.checklist}, "checklist")
        for index, lead_time in enumerate(pathway.lead_times):
            yield from self._lead_time(lead_time, f"lead_times[{index}].fact")
        for index, step in enumerate(pathway.steps):
            yield from self._step(step, f"steps[{index}]")

    def _step(self, step: StepDefinition, place: str) -> _Found:
        for fact in step.facts:
            if not self.rules.has_fact(fact):
                yield Reason("fact.unknown", {"id": fact}, f"{place}.facts")
        for answer in step.answered_by:
            if answer not in self.rules.tests and answer not in (PASSPORT, DEGREE):
                yield Reason(
                    "test.unknown", {"given": answer, "known": _listed(self.rules.tests)}, f"{place}.answered_by"
                )
        if step.not_before:
            yield from self._not_before(step.not_before, f"{place}.not_before")
        yield from self._papers(f"{place}.documents_in", step.documents_in)
        yield from self._papers(f"{place}.documents_out", step.documents_out)

    def _lead_time(self, lead_time: LeadTime, place: str) -> _Found:
        facts = self.rules.facts(lead_time.fact)
        if not facts:
            yield Reason("fact.no_such_key", {"given": lead_time.fact}, place)
        for fact in facts:
            if isinstance(fact.value, Decimal) and not _is_some_days(fact.value, fact.unit):
                params: Params = {"fact": fact.id, "units": ", ".join(DAYS_OF), "at_most": MOST_DAYS}
                yield self._brought_by("facts", fact.id, Reason("fact.no_days", params, place))

    def _not_before(self, key: str, place: str) -> _Found:
        facts = self.rules.facts(key)
        if not facts:
            yield Reason("fact.no_such_key", {"given": key}, place)
        for fact in facts:
            if isinstance(fact.value, Decimal) and not _is_some_time(fact.value, fact.unit):
                params: Params = {"fact": fact.id, "units": ", ".join(BEFORE_UNITS), "at_most": MOST_DAYS}
                yield self._brought_by("facts", fact.id, Reason("fact.no_days", params, place))

    def _money_rule(self, rule: MoneyRule) -> _Found:
        for place, key, counted_in in rule.figures():
            facts = self.rules.facts(key)
            if not facts:
                yield Reason("fact.no_such_key", {"given": key}, place)
            for fact in facts:
                if (wrong := _wrong_figure(fact, counted_in, place)) is not None:
                    yield self._brought_by("facts", fact.id, wrong)
        yield from self._other_currencies(rule)
        yield from self._papers("proofs", rule.proofs)
        yield from self._papers("letters", rule.letters)
        yield from self._papers("alone", rule.alone)

    def _other_currencies(self, rule: MoneyRule) -> _Found:
        """Figures of one rule that may count together have to be in one currency, else they cannot be held together."""
        rates = getattr(rule.terms, "living", ())
        for (at, one), (_, other) in combinations(enumerate(rates), 2):
            for fact, beside in product(self.rules.facts(one.fact), self.rules.facts(other.fact)):
                if _can_count_together(fact, beside) and _currency(fact) != _currency(beside):
                    params: Params = {"fact": fact.id, "other": beside.id}
                    mixed = Reason("fact.other_currency", params, f"living[{at}].fact")
                    yield self._brought_by("facts", fact.id, mixed)

    def _papers(self, place: str, codes: Iterable[str]) -> Iterator[Reason]:
        for code in codes:
            if code not in self.rules.document_kinds:
                yield Reason("document.unknown_kind", {"kind": code}, place)


def _range(grade: Decimal, scale: GradeScale) -> Params:
    return {"given": str(grade), "scale": scale.id, "best": str(scale.best), "worst": str(scale.worst)}


def _scale(test: TestScale, part: str) -> Scale | None:
    if part == "total":
        return test.total
    section = test.section(part)
    return section.scale if section else None


_DAYS_OF_A_MONTH = 31
"""The longest that there is."""


def _is_some_days(value: Decimal, unit: str) -> bool:
    return unit in DAYS_OF and 0 <= value * DAYS_OF[unit] <= MOST_DAYS


def _is_some_time(value: Decimal, unit: str) -> bool:
    """Whether it is a whole number of days, weeks or months that can be counted back from a day."""
    days = DAYS_OF.get(unit, _DAYS_OF_A_MONTH)
    return unit in BEFORE_UNITS and value % 1 == 0 and 0 <= value * days <= MOST_DAYS


def _wrong_figure(fact: Fact, counted_in: str, place: str) -> Reason | None:
    """Return why a money rule cannot reckon with the fact, or None. One that is not known is no figure."""
    if not isinstance(fact.value, Decimal):
        return None
    if counted_in == "days":
        if fact.unit in DAYS_OF and 0 < fact.value * DAYS_OF[fact.unit] <= MOST_DAYS and fact.value % 1 == 0:
            return None
        return Reason("fact.no_days", {"fact": fact.id, "units": ", ".join(DAYS_OF), "at_most": MOST_DAYS}, place)
    if _is_money_in(fact.value, fact.unit, counted_in):
        return None
    if counted_in == "month":
        return Reason("fact.no_money_a_month", {"fact": fact.id}, place)
    return Reason("fact.no_money_a_year", {"fact": fact.id}, place)


def _is_money_in(value: Decimal, unit: str, wanted: str) -> bool:
    currency, _, period = unit.partition("/")
    try:
        Money.of(value, currency)
    except Invalid:
        return False
    return period == wanted and value >= 0


def _can_count_together(one: Fact, other: Fact) -> bool:
    begun = max(one.valid_from or date.min, other.valid_from or date.min)
    ended = min(one.valid_to or date.max, other.valid_to or date.max)
    figures = isinstance(one.value, Decimal) and isinstance(other.value, Decimal)
    return figures and begun <= ended and one.scope.can_meet(other.scope)


def _currency(fact: Fact) -> str:
    return fact.unit.partition("/")[0]


def _listed(codes: Iterable[str]) -> str:
    """Return the codes in their order, with commas, or a dash where there are none."""
    return ", ".join(sorted(codes)) or "–"
