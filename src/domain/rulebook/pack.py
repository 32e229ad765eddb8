"""A rule pack: everything that one file says, and several packs together as a rulebook."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import field
from datetime import date
from typing import Any, TypeVar, cast

from ..shared.dataclass import dataclass
from ..shared.errors import NotFound, Reason
from ..shared.sources import Confidence, Source
from ..shared.toml import with_lines
from .closures import Closure
from .editions import edition_of
from .errors import BrokenPack
from .facts import Fact, Scope, in_force
from .grades import GradeConversion, GradeScale
from .kinds import KINDS
from .layers import Held, Layer, Merged, in_order, merged, replaced_by, twice_in_a_layer
from .money_rules import MoneyRule
from .papers import Checklist, DocumentKind
from .pathways import Pathway
from .scores import Concordance, TestScale
from .together import problems_between

T = TypeVar("T")
_MOST_ANSWERS = 10_000


@dataclass(frozen=True, slots=True)
class CountryIntake:
    """When studies usually begin in a country, and the usual last day to apply; every programme may differ."""

    country: str
    term: str
    starts_each: tuple[int, int]
    zone: str
    source: Source
    confidence: Confidence
    ends_each: tuple[int, int] | None = None
    deadline_each: tuple[int, int] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RulePack:
    """One version of one pack; its SHA-256 names it exactly."""

    id: str
    title: str
    version: str
    review_by: date
    sha256: str
    facts: tuple[Fact, ...] = ()
    tests: tuple[TestScale, ...] = ()
    concordances: tuple[Concordance, ...] = ()
    grade_scales: tuple[GradeScale, ...] = ()
    grade_conversions: tuple[GradeConversion, ...] = ()
    document_kinds: tuple[DocumentKind, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    pathways: tuple[Pathway, ...] = ()
    money_rules: tuple[MoneyRule, ...] = ()
    intakes: tuple[CountryIntake, ...] = ()
    closures: tuple[Closure, ...] = ()
    layer: Layer = Layer.BASE
    file: str = field(default="", compare=False)
    text: str = field(default="", compare=False, repr=False)
    title_bn: str = ""

    @property
    def named(self) -> str:
        """The pack by name, version and hash: exactly this one."""
        return f"{self.id}@{self.version}:{self.sha256}"

    def is_stale(self, today: date) -> bool:
        """Whether the pack should have been reviewed before today."""
        return today > self.review_by

    def at(self, place: str, reason: Reason) -> Reason:
        """Return the reason with the pack's file, line and place before its own; with its id where it has no text."""
        inside = Reason(reason.code, reason.params, f"{place}.{reason.where}" if reason.where else place)
        if not self.text:
            return Reason(inside.code, inside.params, f"{self.id}: {inside.where}")
        return with_lines([inside], self.text, self.file)[0]


_PREFIXES = {"test": "tests", "document": "document_kinds"}
"""What stands before a name in ``rests_on`` whose kind has codes that could be names of others too."""


@dataclass(frozen=True)
class Rulebook:
    """Several packs as one body of rules, the higher layers before the lower ones.

    Names are unique within a layer, and whatever one names, one of them has; equal sets of packs make equal rulebooks.
    Building it raises BrokenPack with every problem, each with the pack's file, the line and the place.
    """

    packs: tuple[RulePack, ...]
    tests: dict[str, TestScale] = field(init=False)
    concordances: dict[str, Concordance] = field(init=False)
    grade_scales: dict[str, GradeScale] = field(init=False)
    grade_conversions: dict[str, GradeConversion] = field(init=False)
    document_kinds: dict[str, DocumentKind] = field(init=False)
    checklists: dict[str, Checklist] = field(init=False)
    pathways: dict[str, Pathway] = field(init=False)
    money_rules: dict[str, MoneyRule] = field(init=False)
    intakes: dict[str, CountryIntake] = field(init=False)
    closures: dict[str, Closure] = field(init=False)
    _between: dict[tuple[str, str, str], tuple[Concordance, ...]] = field(init=False)
    _conversions: dict[str, tuple[GradeConversion, ...]] = field(init=False)
    _facts_by_id: dict[str, Fact] = field(init=False)
    _facts: dict[str, tuple[Fact, ...]] = field(init=False)
    _held: Merged = field(init=False)
    _edition: tuple[str, ...] = field(init=False)
    _answers: dict[Hashable, Any] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        keep = object.__setattr__
        packs = in_order(self.packs)
        held = merged(packs)
        keep(self, "packs", packs)
        keep(self, "_edition", tuple(pack.named for pack in packs))
        keep(self, "_held", held)
        keep(self, "_answers", {})
        for kind in KINDS:
            records = {name: one.record for name, one in held[kind.list].items()}
            keep(self, "_facts_by_id" if kind.list == "facts" else kind.list, records)
        by_key: dict[str, list[Fact]] = {}
        for fact in self._facts_by_id.values():
            by_key.setdefault(fact.key, []).append(fact)
        keep(self, "_facts", {key: tuple(found) for key, found in by_key.items()})
        between: dict[tuple[str, str, str], tuple[Concordance, ...]] = {}
        for concordance in self.concordances.values():
            way = (concordance.from_test, concordance.to_test, concordance.part)
            between[way] = (*between.get(way, ()), concordance)
        keep(self, "_between", between)
        conversions: dict[str, tuple[GradeConversion, ...]] = {}
        for conversion in self.grade_conversions.values():
            conversions[conversion.to_scale] = (*conversions.get(conversion.to_scale, ()), conversion)
        keep(self, "_conversions", conversions)
        problems = list(twice_in_a_layer(packs)) or problems_between(self)
        if problems:
            raise BrokenPack(*problems)

    @property
    def edition(self) -> tuple[str, ...]:
        """The packs in their order by name, version and hash, such as ``tests@2026.11.1:0a1b...``; a decision records
        it."""
        return self._edition

    @property
    def edition_id(self) -> str:
        """One name for exactly these packs in this order, as ``edition_of`` gives it."""
        return edition_of(self.edition)

    def with_packs(self, newer: Iterable[RulePack]) -> Rulebook:
        """Return the packs of this rulebook with the newer ones put in, each in the place of the one with its id.

        Raises BrokenPack with every problem between them.
        """
        put_in = tuple(newer)
        return Rulebook(replaced_by(self.packs, put_in)) if put_in else self

    def pack_of(self, kind: str, name: str) -> RulePack:
        """Return the pack that a record in force came from, as of kind ``facts``; raise NotFound without such one."""
        try:
            return self._held[kind][name].pack
        except KeyError:
            raise NotFound(Reason("pack.no_such_record", {"kind": kind, "id": name})) from None

    def holds(self, kind: str, name: str, record: object) -> bool:
        """Whether the record is the one in force of its kind and name, and none of a higher layer has its place."""
        held = self._held[kind].get(name)
        return held is not None and held.record is record

    def leaning(self, name: str) -> tuple[Held, ...]:
        """Return the records that an answer means by ``name``, as it stands in ``rests_on``, with their packs.

        ``test:IELTS_AC`` means the test and ``document:passport`` the kind of paper; anything else means every record
        of that name, whatever its kind.
        """
        said, _, code = name.partition(":")
        if said in _PREFIXES:
            held = self._held[_PREFIXES[said]].get(code)
            return (held,) if held else ()
        return tuple(held[name] for held in self._held.values() if name in held)

    def fact(self, fact_id: str) -> Fact:
        """Return the fact with the id; raise NotFound where there is none."""
        try:
            return self._facts_by_id[fact_id]
        except KeyError:
            raise NotFound(Reason("fact.unknown", {"id": fact_id})) from None

    def has_fact(self, fact_id: str) -> bool:
        """Whether there is a fact with the id."""
        return fact_id in self._facts_by_id

    def facts(self, key: str) -> tuple[Fact, ...]:
        """Return every dated record of the key."""
        return self._facts.get(key, ())

    def fact_keys(self) -> tuple[str, ...]:
        """Return the keys of all facts, sorted."""
        return tuple(sorted(self._facts))

    def in_force(self, key: str, day: date, scope: Scope | None = None) -> Fact | None:
        """Return the fact that holds for the scope on the day, or None. A question about a fact names its day."""
        facts = self.facts(key)
        return in_force(facts, key, day, scope or Scope(), self._rank) if facts else None

    def _rank(self, fact: Fact) -> int:
        return self._held["facts"][fact.id].pack.layer.rank

    def pathway_for(self, country: str, level: str, nationalities: Iterable[str]) -> Pathway | None:
        """Return the pathway made for such a student and target; the one for named nationalities goes first."""
        people = tuple(nationalities)
        fitting = [p for p in self.pathways.values() if p.suits(country, level, people)]
        return min(fitting, key=lambda p: (not p.nationality, p.id), default=None)

    def money_rules_of(self, country: str, level: str) -> tuple[MoneyRule, ...]:
        """Return the money rules for a level in a country."""
        rules = self.money_rules.values()
        return tuple(rule for rule in rules if rule.country == country and rule.level in ("", level))

    def closures_for(
        self, country: str, level: str, nationalities: Sequence[str] | None, day: date
    ) -> tuple[Closure, ...]:
        """Return the stops of study visas in the country that hold on the day and shut out somebody of these
        citizenships, or may do so; ``Closure.shuts_out`` tells which. None stands for citizenships not stated."""
        return tuple(
            closure
            for closure in self.closures.values()
            if closure.country == country
            and closure.level in ("", level)
            and closure.holds_on(day)
            and closure.shuts_out(nationalities) is not False
        )

    def concordances_between(self, from_test: str, to_test: str, part: str) -> tuple[Concordance, ...]:
        """Return the tables that lead directly from the one test to the other for the part."""
        return self._between.get((from_test, to_test, part), ())

    def conversions_to(self, scale: str) -> tuple[GradeConversion, ...]:
        """Return the conversions of grades to the scale, from whichever."""
        return self._conversions.get(scale, ())

    def edition_held_on(self, test: TestScale, day: date) -> TestScale | None:
        """Return the edition of the same test that was in use on the day, or None where none is known."""
        same = (one for one in self.tests.values() if one.edition_of and one.edition_of == test.edition_of)
        return next((one for one in same if one.was_held_on(day)), None)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` gave when the key was first asked for; the key names all that it depends on but the
        rules."""
        found = self._answers.get(key, self)  # which is no answer
        if found is self:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            found = self._answers[key] = make()
        return cast("T", found)


_ORDER = {confidence: place for place, confidence in enumerate(Confidence)}


def weakest(confidences: Iterable[Confidence]) -> Confidence:
    """Return the least of the confidences; HIGH when there are none."""
    return max(confidences, key=_ORDER.__getitem__, default=Confidence.HIGH)
