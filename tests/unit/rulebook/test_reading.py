"""What is read of a pack, compared as a whole: one that says everything, one that says the least, one that says nothing
right."""

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

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
from higherstudy.domain.rulebook.pack import CountryIntake, RulePack
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

from .everything import EVERYTHING, SOURCED, Data, as_pack
from .everything_read import everything_read

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
            taken_from=None,
            taken_until=None,
            edition_of="",
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
    """Return every problem of the pack, each as its place, its code and its parameters."""
    with pytest.raises(BrokenPack) as caught:
        read_pack(as_pack({**HEAD, **data}), "own.toml")
    found = []
    for reason in caught.value.reasons:
        params = dict(reason.params)
        place = params.pop("place")
        said = ", ".join(f"{name}={value}" for name, value in params.items())
        found.append(f"{place}: {reason.code}" + (f" ({said})" if said else ""))
    return found


def test_a_pack_that_says_everything_is_read_with_all_that_it_says() -> None:
    text = as_pack(EVERYTHING)

    pack = read_pack(text, "all.toml")

    assert pack == everything_read(hashlib.sha256(text.encode()).hexdigest())
    assert (pack.file, pack.text) == ("all.toml", text)


def test_a_pack_that_says_the_least_is_read_with_what_holds_where_nothing_is_said() -> None:
    assert read_pack(as_pack(LEAST), "own.toml") == LEAST_READ


MUST_SAY = {
    "facts": "id key value source confidence",
    "tests": "total code title source confidence",
    "concordances": "id publisher from_test to_test part source confidence",
    "grade_scales": "id title country best worst source confidence",
    "grade_conversions": "id title method from_scale to_scale source confidence",
    "document_kinds": "code title source confidence",
    "checklists": "id title version mission authority used_at source confidence",
    "pathways": "id title country application_step admission_step decision_step arrival_step",
    "money_rules": "id country kind rate months source confidence",
    "closures": "id country what source confidence nationality",
    "intakes": "starts_each country term zone source confidence",
}


@pytest.mark.parametrize("part", MUST_SAY)
def test_a_record_that_says_nothing_is_told_all_that_it_must_say(part: str) -> None:
    missing = refusals({part: [{}]})

    assert sorted(missing) == sorted(f"{part}[0].{key}: data.missing" for key in MUST_SAY[part].split())


def least(part: str, **said: Any) -> Data:
    """Return a pack of one record of this kind that says the least, and this besides."""
    return {part: [{**LEAST[part][0], **said}]}


def on_step(**said: Any) -> Data:
    """Return a pack whose one step says this besides."""
    return least("pathways", steps=[{**LEAST["pathways"][0]["steps"][0], **said}])


def only_if(condition: Data) -> Data:
    """Return a pack whose lead time is there under the condition."""
    return least("pathways", lead_times=[{"step": "B", "fact": "k", "when": condition}])


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        # numbers beyond their limits
        (least("tests", valid_months=0), ["tests[0].valid_months: data.not_whole_number (given=0, at_least=1)"]),
        (
            least("tests", valid_months=1201),
            ["tests[0].valid_months: data.number_too_large (given=1201, at_most=1200)"],
        ),
        (
            least("document_kinds", valid_months=0, remaining_months=-1),
            [
                "document_kinds[0].valid_months: data.not_whole_number (given=0, at_least=1)",
                "document_kinds[0].remaining_months: data.not_whole_number (given=-1, at_least=0)",
            ],
        ),
        (
            least("document_kinds", valid_months=1201, remaining_months=1201),
            [
                "document_kinds[0].valid_months: data.number_too_large (given=1201, at_most=1200)",
                "document_kinds[0].remaining_months: data.number_too_large (given=1201, at_most=1200)",
            ],
        ),
        (
            on_step(hard_days=0),
            ["pathways[0].steps[0].hard_days: data.not_whole_number (given=0, at_least=1)"],
        ),
        (
            on_step(hard_days=3651, days={"typical": 3651, "min": 3651, "max": 3651}),
            [
                "pathways[0].steps[0].days.typical: data.number_too_large (given=3651, at_most=3650)",
                "pathways[0].steps[0].days.min: data.number_too_large (given=3651, at_most=3650)",
                "pathways[0].steps[0].days.max: data.number_too_large (given=3651, at_most=3650)",
                "pathways[0].steps[0].hard_days: data.number_too_large (given=3651, at_most=3650)",
            ],
        ),
        (
            least("money_rules", months=1201),
            ["money_rules[0].months: data.number_too_large (given=1201, at_most=1200)"],
        ),
        (
            {"money_rules": [{**LEAST["money_rules"][1], "months": 1201}]},
            ["money_rules[0].months: data.number_too_large (given=1201, at_most=1200)"],
        ),
        # durations
        (
            on_step(days={"typical": 2, "min": 3}),
            ["pathways[0].steps[0].days: duration.out_of_order"],
        ),
        (
            on_step(days={"typical": 2, "max": 1, "often": 1}),
            [
                "pathways[0].steps[0].days: duration.out_of_order",
                "pathways[0].steps[0].days.often: data.unknown_key",
            ],
        ),
        # conditions
        (only_if({"circumstance": "left_handed", "is": True}), [
            "pathways[0].lead_times[0].when.is: condition.unknown_circumstance (given=left_handed)"
        ]),
        (only_if({"circumstance": "x" * 41, "is": True}), [
            f"pathways[0].lead_times[0].when.is: condition.unknown_circumstance (given={'x' * 40})"
        ]),
        (only_if({"circumstance": "employed", "is": "y" * 41}), [
            f"pathways[0].lead_times[0].when.is: data.not_true_or_false (given={'y' * 40})"
        ]),
        (only_if({"circumstance": "university_sector", "is": True}), [
            "pathways[0].lead_times[0].when.is: data.unknown_word (given=bool, known=public, private)"
        ]),
        (only_if({"circumstance": "nationality", "in": ["BD", "India"]}), [
            "pathways[0].lead_times[0].when.in: country.unknown (given=India)"
        ]),
        (only_if({"circumstance": "residence", "is": True}), [
            "pathways[0].lead_times[0].when.is: country.unknown (given=bool)"
        ]),
        (only_if({"circumstance": "programme_language", "is": "EN"}), [
            "pathways[0].lead_times[0].when.is: language.unknown_code (given=EN)"
        ]),
        (only_if({"circumstance": "nationality", "in": []}), ["pathways[0].lead_times[0].when.in: data.missing"]),
        (only_if({"any": []}), ["pathways[0].lead_times[0].when.any: requirement.empty"]),
        (only_if({"not": {"all": [{"circumstance": "employed", "is": True, "or": 1}]}}), [
            "pathways[0].lead_times[0].when.not.all[0].or: data.unknown_key"
        ]),
        (only_if({}), ["pathways[0].lead_times[0].when.not: data.missing"]),
        (least("pathways", lead_times=[{"step": "B", "fact": "k"}]), ["pathways[0].lead_times[0].when: data.missing"]),
        (
            least("pathways", lead_times=[{"step": "B", "fact": "k", "when": {"all": []}, "basis": "z" * 41}]),
            [
                "pathways[0].lead_times[0].basis: data.unknown_word "
                f"(given={'z' * 40}, known=submitted, received, postmark)"
            ],
        ),
        # closures
        (least("closures", nationality=[]), ["closures[0].nationality: data.missing"]),
        (
            least("closures", nationality=["Sudan", "SD"], not_nationality=["SD"], complete=False),
            [
                "closures[0].nationality: country.unknown (given=Sudan)",
                "closures[0].not_nationality: data.twice (given=SD)",
            ],
        ),
        (
            least("closures", not_nationality=["u" * 41], valid_from="2026-03-26", valid_to="2026-03-25"),
            [
                f"closures[0].not_nationality: country.unknown (given={'u' * 40})",
                "closures[0].valid_to: closure.ends_before_it_begins",
            ],
        ),
        # money
        (
            {"money_rules": [{**LEAST["money_rules"][2], "living": [{"fact": "k", "person": "partner"}]}]},
            ["money_rules[0].living: data.missing"],
        ),
        (
            {"money_rules": [{**LEAST["money_rules"][2], "incomes": [{"fact": "k", "for": "all"}]}]},
            [
                "money_rules[0].incomes[0].with_family: data.missing",
                "money_rules[0].incomes[0].for: data.unknown_key",
            ],
        ),
        # tests
        (
            least("tests", total="as_given", maximum="9", step="1"),
            ["tests[0].step: scale.incomplete"],
        ),
        (least("tests", total="as_given", minimum="9", maximum="9", step="1"), ["tests[0].minimum: scale.empty"]),
        (least("tests", total="as_given", minimum="0", maximum="9", step="0"), ["tests[0].minimum: scale.empty"]),
        (
            least("tests", total="as_given", minimum="0", maximum="9", step="1", passes_from="4.5"),
            ["tests[0].passes_from: scale.pass_not_on_scale (given=4.5)"],
        ),
        (
            least("tests", sections=[{"name": "a", "levels": ["A"], "mean_of": ["a", "b"]}, {"name": "b"}]),
            ["tests[0].sections[0].mean_of: test.unknown_section (test=T, known=a, b)"],
        ),
        (
            least("tests", sections=[{"name": "a", "levels": ["A"]}, {"name": "b", "mean_of": ["c"]}]),
            ["tests[0].sections[1].mean_of: test.unknown_section (test=T, known=a, b)"],
        ),
        # facts and intakes
        (least("facts", scope={"town": "Bonn"}, applies_by="birthday"), [
            "facts[0].scope.town: data.unknown_key",
            "facts[0].applies_by: data.unknown_word "
            "(given=birthday, known=application_date, lodgement_date, intake_start)",
        ]),
        (least("intakes", starts_each="10-32"), ["intakes[0].starts_each: data.not_a_month_day (given=10-32)"]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_its_place_and_what_was_given_and_nothing_else_is(
    data: Data, problems: list[str]
) -> None:
    assert refusals(data) == problems


@pytest.mark.parametrize(
    "data",
    [
        least("tests", valid_months=1),
        least("tests", valid_months=1200),
        least("document_kinds", valid_months=1, remaining_months=1200),
        least("document_kinds", valid_months=1200, remaining_months=0),
        on_step(hard_days=3650, days={"typical": 3650, "min": 3650, "max": 3650}),
        on_step(hard_days=1, days={"typical": 2, "min": 0}),
        least("money_rules", months=1200),
        {"money_rules": [{**LEAST["money_rules"][1], "months": 1200}]},
        least("closures", valid_from="2026-03-26", valid_to="2026-03-26"),
        least("closures", nationality=[], complete=False),
        least("tests", total="as_given", levels=["A", "B"], maximum="2"),
        least("tests", total="as_given", minimum="0", maximum="9", step="0.5", passes_from="4.5"),
    ],
)
def test_what_lies_just_within_its_limits_is_read(data: Data) -> None:
    assert read_pack(as_pack({**HEAD, **data}), "own.toml").id == "own"
