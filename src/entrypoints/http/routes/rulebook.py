"""The rules that everything is judged by: packs, and dated facts with their sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from ....domain.rulebook.facts import Fact, Scope
from ....domain.rulebook.leaning import warnings_for
from ....domain.rulebook.pack import Rulebook, RulePack
from ....domain.shared.errors import Invalid, Reason
from ....ports.clock import Clock
from ....ports.rule_packs import RulePacks
from ..given import V1, day_given, refusals
from ..told import figure_in_words
from ..wire import ReasonBody, SourceBody, source_body, warning_bodies
from ..words import text_of

Packs = NamedDependency[SkipValidation[RulePacks]]
ShortText = Annotated[str, msgspec.Meta(max_length=100)]


class PackBody(msgspec.Struct, frozen=True):
    """A rule pack; its hash names it exactly."""

    id: str
    title: str
    version: str
    review_by: date
    sha256: str
    layer: Annotated[str, msgspec.Meta(examples=["base", "country", "institution"])]
    facts: int
    pathways: list[str]
    checklists: list[str]
    tests: list[str]
    grade_scales: list[str]
    money_rules: list[str]
    closures: list[str]


class PackList(msgspec.Struct, frozen=True, kw_only=True):
    """The packs in force, the lowest layer first; ``edition`` names exactly these together."""

    items: list[PackBody]
    edition: Annotated[str, msgspec.Meta(description="SHA-256 over the hashes of the packs, one a line.")]
    next: str | None = None


class FactBody(msgspec.Struct, frozen=True, kw_only=True):
    """A dated figure or rule; with confidence L or U, look at the note before you lean on it."""

    id: str
    key: str
    value: str | bool
    unit: str
    valid_from: date | None
    valid_to: date | None
    valid_from_precision: str
    applies_by: str | None
    country: str
    mission: str
    nationality: list[str]
    level: str
    institution: str
    confidence: str
    verified: bool
    source: SourceBody
    supersedes: str
    figure: Annotated[str, msgspec.Meta(description="The value with its unit, in words.")]
    note: str
    pack: Annotated[str, msgspec.Meta(description="The id of the pack that says so.")]


class FactList(msgspec.Struct, frozen=True, kw_only=True):
    """Facts, the one that counts where a day is given; ``warnings`` say what of them is stale or unverified."""

    items: list[FactBody]
    warnings: list[ReasonBody]
    next: str | None = None


class KeyList(msgspec.Struct, frozen=True):
    """What facts can be asked for."""

    items: list[str]
    next: str | None = None


@get("/packs", operation_id="list_packs", summary="List rule packs")
async def list_packs(packs: Packs) -> PackList:
    """Return the packs in force."""
    rulebook = packs.rulebook()
    return PackList(items=[_pack(pack) for pack in rulebook.packs], edition=rulebook.edition_id)


def _pack(pack: RulePack) -> PackBody:
    return PackBody(
        id=pack.id,
        title=text_of(pack),
        version=pack.version,
        review_by=pack.review_by,
        sha256=pack.sha256,
        layer=pack.layer.value,
        facts=len(pack.facts),
        pathways=[pathway.id for pathway in pack.pathways],
        checklists=[checklist.id for checklist in pack.checklists],
        tests=[test.code for test in pack.tests],
        grade_scales=[scale.id for scale in pack.grade_scales],
        money_rules=[rule.id for rule in pack.money_rules],
        closures=[closure.id for closure in pack.closures],
    )


@get("/fact-keys", operation_id="list_fact_keys", summary="List what facts can be asked for")
async def list_fact_keys(packs: Packs) -> KeyList:
    """Return the keys of all facts, sorted."""
    return KeyList(list(packs.rulebook().fact_keys()))


@get("/facts", operation_id="find_facts", summary="Look up a fact", responses=refusals(422))
async def find_facts(
    packs: Packs,
    clock: NamedDependency[SkipValidation[Clock]],
    key: Annotated[ShortText, QueryParameter(name="key", description="One of the fact keys.")],
    on: Annotated[
        date | None, QueryParameter(name="on", required=False, description="Only what is in force then.")
    ] = None,
    country: Annotated[ShortText, QueryParameter(name="country", required=False)] = "",
    mission: Annotated[ShortText, QueryParameter(name="mission", required=False)] = "",
    level: Annotated[ShortText, QueryParameter(name="level", required=False)] = "",
    institution: Annotated[ShortText, QueryParameter(name="institution", required=False)] = "",
    nationality: Annotated[
        list[ShortText] | None, QueryParameter(name="nationality", required=False, max_items=20)
    ] = None,
) -> FactList:
    """Return every dated record of the key; with a day, only the one in force then for the case."""
    rulebook = packs.rulebook()
    known = rulebook.facts(key)
    if not known:
        raise Invalid(Reason("fact.unknown_key", {"given": key}, "key"))
    day = day_given(on, "on")
    if day is None:
        return _facts(known, rulebook, clock.now().date())
    case = Scope(country, mission, tuple(nationality or ()), level, institution)
    found = rulebook.in_force(key, day, case)
    return _facts([found] if found else [], rulebook, day)


def _facts(facts: Sequence[Fact], rulebook: Rulebook, on: date) -> FactList:
    warned = warnings_for(rulebook, [fact.id for fact in facts], on)
    return FactList(items=[_fact(fact, rulebook) for fact in facts], warnings=warning_bodies(warned))


def _fact(fact: Fact, rulebook: Rulebook) -> FactBody:
    return FactBody(
        id=fact.id,
        key=fact.key,
        value=fact.value if isinstance(fact.value, bool) else str(fact.value),
        unit=fact.unit,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        valid_from_precision=fact.valid_from_precision.value,
        applies_by=fact.applies_by.value if fact.applies_by else None,
        country=fact.scope.country,
        mission=fact.scope.mission,
        nationality=list(fact.scope.nationality),
        level=fact.scope.level,
        institution=fact.scope.institution,
        confidence=fact.confidence.value,
        verified=fact.confidence.is_verified,
        source=source_body(fact.source),
        supersedes=fact.supersedes,
        figure=figure_in_words(fact),
        note=text_of(fact, "note"),
        pack=rulebook.pack_of("facts", fact.id).id,
    )


router: Any = Router(V1, route_handlers=[list_packs, list_fact_keys, find_facts], tags=["Rulebook"])
