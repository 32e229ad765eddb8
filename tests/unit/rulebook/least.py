"""A pack that says the least that it has to, as data and as its reading; and what is refused in one like it."""

import hashlib
from datetime import date
from decimal import Decimal

import pytest

from higherstudy.domain.rulebook.closures import Closing, Closure
from higherstudy.domain.rulebook.conditions import AllOf, Is
from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.facts import AppliesBy, Fact, Precision, Scope
from higherstudy.domain.rulebook.grades import Band, GradeConversion, GradeScale, Method, Rounding
from higherstudy.domain.rulebook.layers import Layer
from higherstudy.domain.rulebook.money_rules import (
    HeldForDays,
    LivingRate,
    MoneyRule,
    MonthlyRate,
    Person,
    StatedCost,
    YearlySum,
)
from higherstudy.domain.rulebook.pack import CountryIntake, Rulebook, RulePack
from higherstudy.domain.rulebook.papers import Addition, Checklist, ChecklistItem, DocumentKind, PackRule
from higherstudy.domain.rulebook.pathways import (
    DayCount,
    Duration,
    LeadTime,
    Pathway,
    Place,
    StepDefinition,
    StepKind,
    StepScope,
)
from higherstudy.domain.rulebook.reading import read_pack
from higherstudy.domain.rulebook.scores import Concordance, ConcordanceRow, Scale, Section, TestScale, TotalRule
from higherstudy.domain.shared.sources import Confidence, Source, SourceKind

from .everything import SOURCED, Data, as_pack

PAGE, MEDIUM = Source("page", "A page", SourceKind.OFFICIAL, date(2026, 11, 1), "", ""), Confidence.MEDIUM
HEAD: Data = {
    "pack": {"id": "own", "title": "Own", "version": "1", "review_by": "2027-01-01"},
    "sources": [{"id": "page", "title": "A page", "kind": "official", "retrieved_on": "2026-11-01"}],
}
LEAST: Data = {
    **HEAD,
    "facts": [{"id": "f", "key": "k", "value": "as the page says", **SOURCED}],
    "tests": [
        {
            "code": "T",
            "title": "Test",
            "total": "none",
            "sections": [{"name": "all", "levels": ["A", "B"]}],
            **SOURCED,
        }
    ],
    "concordances": [
        {
            "id": "t-u",
            "publisher": "P",
            "from_test": "T",
            "to_test": "U",
            "part": "all",
            "rows": [{"from": 5, "to": "B"}],
            **SOURCED,
        }
    ],
    "grade_scales": [
        {"id": "S", "title": "Scale", "country": "DE", "best": 1, "worst": 5, "bands": [{"name": "first"}], **SOURCED}
    ],
    "grade_conversions": [
        {
            "id": "c",
            "title": "Conversion",
            "method": "modified_bavarian",
            "from_scale": "*",
            "to_scale": "S",
            **SOURCED,
        }
    ],
    "document_kinds": [{"code": "d", "title": "Document", **SOURCED}],
    "checklists": [
        {
            "id": "l",
            "title": "List",
            "version": "1",
            "mission": "M",
            "authority": "official",
            "used_at": "B",
            "items": [
                {"code": "i", "order": 1, "title": "Item", "one_of": ["d", "e"], "confidence": "M"},
                {
                    "code": "j",
                    "order": 2,
                    "title": "Item",
                    "document": "d",
                    "required_when": {"circumstance": "employed", "is": False},
                    "when_to_add": [{"when": {"all": []}}],
                    "confidence": "M",
                },
            ],
            "rules": [{"code": "r", "text": "Rule", **SOURCED}],
            **SOURCED,
        }
    ],
    "pathways": [
        {
            "id": "p",
            "title": "Pathway",
            "country": "DE",
            "application_step": "B",
            "admission_step": "B",
            "decision_step": "B",
            "arrival_step": "B",
            "steps": [
                {
                    "code": "B",
                    "title": "Step",
                    "scope": "once",
                    "kind": "task",
                    "owner": "student",
                    "days": {"typical": 0},
                    **SOURCED,
                }
            ],
            "lead_times": [{"step": "B", "fact": "k", "when": {"circumstance": "nationality", "in": ["BD"]}}],
        }
    ],
    "money_rules": [
        {"id": "m", "kind": "monthly_rate", "country": "DE", "rate": "k", "months": 0, **SOURCED},
        {
            "id": "h",
            "kind": "held_for_days",
            "country": "GB",
            "living": [{"fact": "k"}, {"fact": "o", "person": "school_child"}],
            "months": 9,
            "days": "d",
            "within_days": "w",
            **SOURCED,
        },
        {
            "id": "y",
            "kind": "yearly_sum",
            "country": "AU",
            "living": [{"fact": "k"}],
            "minus_paid": False,
            "travel": True,
            **SOURCED,
        },
        {"id": "s", "kind": "stated_cost", "country": "US", **SOURCED},
    ],
    "closures": [{"id": "x", "country": "GB", "nationality": ["AF", "MM"], "what": "closed", **SOURCED}],
    "intakes": [{"country": "DE", "term": "winter", "starts_each": "10-01", "zone": "Europe/Berlin", **SOURCED}],
}
LEAST_READ = RulePack(
    id="own",
    title="Own",
    title_bn="",
    version="1",
    review_by=date(2027, 1, 1),
    sha256=hashlib.sha256(as_pack(LEAST).encode()).hexdigest(),
    layer=Layer.BASE,
    facts=(
        Fact(
            id="f",
            key="k",
            value="as the page says",
            source=PAGE,
            confidence=MEDIUM,
            unit="",
            scope=Scope("", "", (), "", ""),
            valid_from=None,
            valid_to=None,
            valid_from_precision=Precision.DAY,
            applies_by=None,
            supersedes="",
            note="",
            value_bn="",
            note_bn="",
        ),
    ),
    tests=(
        TestScale(
            code="T",
            title="Test",
            title_bn="",
            total=None,
            sections=(Section("all", Scale(None, None, None, ("A", "B"), None), False, ()),),
            total_rule=TotalRule.NONE,
            source=PAGE,
            confidence=MEDIUM,
            valid_months=None,
            valid_note="",
            valid_note_bn="",
            taken_from=None,
            taken_until=None,
            edition_of="",
            framework=False,
        ),
    ),
    concordances=(Concordance("t-u", "P", "T", "U", "all", (ConcordanceRow(Decimal(5), "B"),), PAGE, MEDIUM),),
    grade_scales=(
        GradeScale(
            id="S",
            title="Scale",
            title_bn="",
            country="DE",
            best=Decimal(1),
            worst=Decimal(5),
            lowest_pass=None,
            source=PAGE,
            confidence=MEDIUM,
            decimals=2,
            bands=(Band("first", None, None),),
        ),
    ),
    grade_conversions=(
        GradeConversion(
            id="c",
            title="Conversion",
            title_bn="",
            method=Method.MODIFIED_BAVARIAN,
            from_scale="*",
            to_scale="S",
            source=PAGE,
            confidence=MEDIUM,
            institution="",
            factor=None,
            offset=None,
            rows=(),
            rounding=Rounding.EXACT,
            note="",
            note_bn="",
        ),
    ),
    document_kinds=(DocumentKind("d", "Document", PAGE, MEDIUM, "", None, False, 0, ""),),
    checklists=(
        Checklist(
            id="l",
            title="List",
            title_bn="",
            version="1",
            mission="M",
            authority="official",
            used_at="B",
            items=(
                ChecklistItem(
                    code="i",
                    order=1,
                    title="Item",
                    documents=("d", "e"),
                    confidence=MEDIUM,
                    section="main",
                    original=0,
                    copies=0,
                    required_when=None,
                    required=True,
                    additions=(),
                    note="",
                    title_bn="",
                    note_bn="",
                ),
                ChecklistItem(
                    code="j",
                    order=2,
                    title="Item",
                    documents=("d",),
                    confidence=MEDIUM,
                    required_when=Is("employed", (False,)),
                    required=False,
                    additions=(Addition(AllOf(()), (), ""),),
                ),
            ),
            rules=(PackRule("r", "Rule", PAGE, MEDIUM, ""),),
            source=PAGE,
            confidence=MEDIUM,
        ),
    ),
    pathways=(
        Pathway(
            id="p",
            title="Pathway",
            title_bn="",
            country="DE",
            mission="",
            nationality=(),
            level="",
            application_step="B",
            admission_step="B",
            decision_step="B",
            arrival_step="B",
            checklist="",
            steps=(
                StepDefinition(
                    code="B",
                    title="Step",
                    after=(),
                    scope=StepScope.ONCE,
                    kind=StepKind.TASK,
                    owner="student",
                    duration=Duration(0, None, None),
                    source=PAGE,
                    confidence=MEDIUM,
                    only_if=None,
                    hard_days=None,
                    documents_in=(),
                    documents_out=(),
                    facts=(),
                    advice="",
                    note="",
                    title_bn="",
                    advice_bn="",
                    note_bn="",
                    irreversible=False,
                    common="",
                    known_first=(),
                    counts=DayCount.CALENDAR,
                    calendar=Place.ANYWHERE,
                    answered_by=(),
                ),
            ),
            lead_times=(LeadTime("B", "k", Is("nationality", ("BD",)), ""),),
            lodgement_step="",
        ),
    ),
    money_rules=(
        MoneyRule("m", "DE", "", MonthlyRate("k", 0, None), (), PAGE, MEDIUM, (), (), ""),
        MoneyRule(
            id="h",
            country="GB",
            level="",
            terms=HeldForDays(
                (LivingRate("k", Person.STUDENT, None), LivingRate("o", Person.SCHOOL_CHILD, None)), 9, "d", "w"
            ),
            proofs=(),
            source=PAGE,
            confidence=MEDIUM,
        ),
        MoneyRule("y", "AU", "", YearlySum((LivingRate("k"),), False, True, ()), (), PAGE, MEDIUM),
        MoneyRule("s", "US", "", StatedCost(), (), PAGE, MEDIUM),
    ),
    closures=(
        Closure(
            id="x",
            country="GB",
            nationality=("AF", "MM"),
            what=Closing.CLOSED,
            source=PAGE,
            confidence=MEDIUM,
            level="",
            valid_from=None,
            valid_to=None,
            applies_by=AppliesBy.LODGEMENT_DATE,
            complete=True,
            not_nationality=(),
            note="",
        ),
    ),
    intakes=(CountryIntake("DE", "winter", (10, 1), "Europe/Berlin", PAGE, MEDIUM, None, None, ""),),
)


def refusals(data: Data) -> list[str]:
    """Return every problem of a pack with this in it, alone in a rulebook: each as its place, code and parameters."""
    with pytest.raises(BrokenPack) as caught:
        Rulebook((read_pack(as_pack({**HEAD, **data}), "own.toml"),))
    found = []
    for reason in caught.value.reasons:
        params = dict(reason.params)
        place = params.pop("place")
        said = ", ".join(f"{name}={value}" for name, value in params.items())
        found.append(f"{place}: {reason.code}" + (f" ({said})" if said else ""))
    return found
