"""A rule pack: everything that one file says, and several packs together as a rulebook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from datetime import date
from typing import Protocol, TypeVar

from ..shared.dataclass import dataclass
from ..shared.errors import NotFound, Reason
from ..shared.sources import Confidence, Source
from .conditions import Condition
from .errors import BrokenPack
from .facts import Fact, Scope, in_force
from .grades import GradeConversion, GradeScale
from .papers import Checklist, DocumentKind
from .pathways import Pathway
from .scores import Concordance, TestScale
from .together import problems_between


@dataclass(frozen=True, slots=True)
class MoneyRule:
    """How much a country wants to see, as one of the calculators over dated facts."""

    id: str
    kind: str
    country: str
    level: str
    rate: str
    months: int
    proofs: tuple[str, ...]
    source: Source
    confidence: Confidence
    plus_first_year_tuition_when: Condition | None = None


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

    def is_stale(self, today: date) -> bool:
        """Whether the pack should have been reviewed before today."""
        return today > self.review_by


class _Named(Protocol):
    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)


@dataclass(frozen=True)
class Rulebook:
    """Several packs as one body of rules. Ids are unique over all of them, and whatever one names, one of them has.

    Building it raises BrokenPack with every problem, each with the pack and the place.
    """

    packs: tuple[RulePack, ...]
    tests: dict[str, TestScale] = field(init=False)
    concordances: dict[str, Concordance] = field(init=False)
    grade_scales: dict[str, GradeScale] = field(init=False)
    grade_conversions: dict[str, GradeConversion] = field(init=False)
    document_kinds: dict[str, DocumentKind] = field(init=False)
    checklists: dict[str, Checklist] = field(init=False)
    pathways: dict[str, Pathway] = field(init=False)
    _facts: dict[str, tuple[Fact, ...]] = field(init=False)
    _facts_by_id: dict[str, Fact] = field(init=False)

    def __post_init__(self) -> None:
        problems: list[Reason] = []

        def index(kind: str, things: Iterable[N]) -> dict[str, N]:
            found: dict[str, N] = {}
            for thing in things:
                if thing.id in found:
                    problems.append(Reason("pack.id_twice", {"kind": kind, "id": thing.id}))
                found[thing.id] = thing
            return found

        def coded(kind: str, things: Iterable[tuple[str, object]]) -> None:
            seen: set[str] = set()
            for code, _ in things:
                if code in seen:
                    problems.append(Reason("pack.id_twice", {"kind": kind, "id": code}))
                seen.add(code)

        packs = self.packs
        index("pack", packs)
        tests = [(test.code, test) for pack in packs for test in pack.tests]
        kinds = [(kind.code, kind) for pack in packs for kind in pack.document_kinds]
        coded("test", tests)
        coded("document kind", kinds)
        facts = [fact for pack in packs for fact in pack.facts]
        by_key: dict[str, list[Fact]] = {}
        for fact in facts:
            by_key.setdefault(fact.key, []).append(fact)
        keep = object.__setattr__
        keep(self, "tests", dict(tests))
        keep(self, "document_kinds", dict(kinds))
        keep(self, "concordances", index("concordance", (c for pack in packs for c in pack.concordances)))
        keep(self, "grade_scales", index("grade scale", (s for pack in packs for s in pack.grade_scales)))
        keep(self, "grade_conversions", index("conversion", (c for pack in packs for c in pack.grade_conversions)))
        keep(self, "checklists", index("checklist", (c for pack in packs for c in pack.checklists)))
        keep(self, "pathways", index("pathway", (p for pack in packs for p in pack.pathways)))
        keep(self, "_facts_by_id", index("fact", facts))
        keep(self, "_facts", {key: tuple(found) for key, found in by_key.items()})
        problems = problems or problems_between(self)
        if problems:
            raise BrokenPack(*problems)

    @property
    def edition(self) -> tuple[str, ...]:
        """The packs by name, version and hash, such as ``tests@2026.11.1:0a1b...``; a decision records it."""
        return tuple(f"{pack.id}@{pack.version}:{pack.sha256}" for pack in self.packs)

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
        return in_force(self.facts(key), key, day, scope or Scope())

    def pathway_for(self, country: str, level: str, nationalities: Iterable[str]) -> Pathway | None:
        """Return the pathway made for such a student and target; the one for named nationalities goes first."""
        people = tuple(nationalities)
        fitting = [p for p in self.pathways.values() if p.suits(country, level, people)]
        return min(fitting, key=lambda p: (not p.nationality, p.id), default=None)

    def money_rules_of(self, country: str, level: str) -> tuple[MoneyRule, ...]:
        """Return the money rules for a level in a country."""
        rules = (rule for pack in self.packs for rule in pack.money_rules)
        return tuple(rule for rule in rules if rule.country == country and rule.level in ("", level))

    def concordances_between(self, from_test: str, to_test: str, part: str) -> tuple[Concordance, ...]:
        """Return the tables that lead directly from the one test to the other for the part."""
        wanted = (from_test, to_test, part)
        return tuple(c for c in self.concordances.values() if (c.from_test, c.to_test, c.part) == wanted)

    def stale_packs(self, today: date) -> tuple[RulePack, ...]:
        """Return the packs whose review is overdue."""
        return tuple(pack for pack in self.packs if pack.is_stale(today))


_ORDER = {confidence: place for place, confidence in enumerate(Confidence)}


def weakest(confidences: Iterable[Confidence]) -> Confidence:
    """Return the least of the confidences; HIGH when there are none."""
    return max(confidences, key=_ORDER.__getitem__, default=Confidence.HIGH)
