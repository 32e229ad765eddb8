"""What the pack that says everything means, written out field by field: what its reading has to come to."""

from datetime import date
from decimal import Decimal

from higherstudy.domain.rulebook.closures import Closing, Closure
from higherstudy.domain.rulebook.conditions import AllOf, AnyOf, Is, Not
from higherstudy.domain.rulebook.facts import AppliesBy, Fact, Precision, Scope
from higherstudy.domain.rulebook.grades import Band, GradeConversion, GradeScale, Method, Rounding, TableRow
from higherstudy.domain.rulebook.layers import Layer
from higherstudy.domain.rulebook.money_rules import (
    HeldForDays,
    IncomeOption,
    LivingRate,
    MoneyRule,
    MonthlyRate,
    Person,
    StatedCost,
    YearlySum,
)
from higherstudy.domain.rulebook.pack import CountryIntake, RulePack
from higherstudy.domain.rulebook.papers import (
    Addition,
    Checklist,
    ChecklistItem,
    DocumentKind,
    PackRule,
    WithNewPassport,
)
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
from higherstudy.domain.rulebook.scores import Concordance, ConcordanceRow, Scale, Section, TestScale, TotalRule
from higherstudy.domain.shared.sources import Confidence, Source, SourceKind

PAGE = Source("page", "A page", SourceKind.OFFICIAL, date(2026, 11, 1), "https://example.org", "2026")
MEDIUM = Confidence.MEDIUM
EMPLOYED = Is("employed", (True,))
BOTH = AllOf((EMPLOYED, AnyOf((Is("nationality", ("BD", "IN")), Not(EMPLOYED)))))


def _step(code: str, after: tuple[str, ...], only_if: AllOf | None) -> StepDefinition:
    return StepDefinition(
        code=code,
        title=code,
        title_bn=code,
        after=after,
        scope=StepScope.SHARED,
        kind=StepKind.WINDOW,
        owner="student",
        duration=Duration(typical=2, least=1, most=3),
        only_if=only_if,
        hard_days=7,
        documents_in=("passport",),
        documents_out=("passport",),
        facts=("rate.2",),
        advice="Begin early.",
        advice_bn="আগে শুরু করুন।",
        note="A note.",
        note_bn="একটি কথা।",
        irreversible=True,
        common="passport",
        known_first=("A", "employed"),
        counts=DayCount.CALENDAR,
        calendar=Place.ANYWHERE,
        answered_by=("passport",),
        source=PAGE,
        confidence=MEDIUM,
    )


def everything_read(sha256: str) -> RulePack:
    """Return the pack as it has to be read; its hash is told, since it is that of the text."""
    return RulePack(
        id="all",
        title="All",
        version="1",
        review_by=date(2027, 1, 1),
        sha256=sha256,
        layer=Layer.BASE,
        facts=(
            Fact(
                id="rate.1",
                key="rate",
                value=Decimal(900),
                unit="EUR/month",
                valid_to=date(2025, 12, 31),
                source=PAGE,
                confidence=MEDIUM,
            ),
            Fact(
                id="rate.2",
                key="rate",
                value=Decimal(950),
                unit="EUR/month",
                scope=Scope("DE", "DE/DHAKA", ("BD",), "master", "RWTH"),
                valid_from=date(2026, 1, 1),
                valid_to=date(2026, 12, 31),
                valid_from_precision=Precision.YEAR,
                applies_by=AppliesBy.LODGEMENT_DATE,
                supersedes="rate.1",
                note="A note.",
                source=PAGE,
                confidence=MEDIUM,
            ),
            Fact(id="lead.1", key="lead", value=Decimal(8), unit="weeks", source=PAGE, confidence=MEDIUM),
            Fact(id="held.1", key="held.days", value=Decimal(28), unit="days", source=PAGE, confidence=MEDIUM),
            Fact(id="year.1", key="year", value=Decimal(29710), unit="AUD/year", source=PAGE, confidence=MEDIUM),
            Fact(id="open.1", key="open", value=True, source=PAGE, confidence=MEDIUM),
        ),
        tests=(
            TestScale(
                code="ONE",
                title="One",
                title_bn="এক",
                total=Scale(Decimal(0), Decimal(9), Decimal("0.5"), (), Decimal(5)),
                sections=(
                    Section("reading", Scale(Decimal(0), Decimal(9), Decimal(1), (), Decimal(4))),
                    Section("both", Scale(Decimal(0), Decimal(9), Decimal(1), ("A", "B")), True, ("reading",)),
                ),
                total_rule=TotalRule.MEAN_HALF_UP,
                valid_months=24,
                valid_note="A note.",
                taken_from=date(2026, 1, 21),
                taken_until=date(2030, 1, 21),
                edition_of="ONES",
                source=PAGE,
                confidence=MEDIUM,
            ),
        ),
        concordances=(
            Concordance(
                id="one-to-one",
                publisher="Nobody",
                from_test="ONE",
                to_test="ONE",
                part="total",
                rows=(ConcordanceRow(Decimal(7), Decimal("6.5")),),
                source=PAGE,
                confidence=MEDIUM,
            ),
        ),
        grade_scales=(
            GradeScale(
                id="OF_FIVE",
                title="Of five",
                title_bn="পাঁচে",
                country="DE",
                best=Decimal(5),
                worst=Decimal(0),
                lowest_pass=Decimal(2),
                decimals=2,
                bands=(Band("first", Decimal(4), Decimal(80)),),
                source=PAGE,
                confidence=MEDIUM,
            ),
        ),
        grade_conversions=(
            GradeConversion(
                id="to-five",
                title="To five",
                title_bn="পাঁচে",
                method=Method.TABLE,
                from_scale="OF_FIVE",
                to_scale="OF_FIVE",
                institution="RWTH",
                factor=Decimal(1),
                offset=Decimal(0),
                rows=(TableRow(Decimal(4), "4"),),
                rounding=Rounding.TRUNCATE_1,
                note="A note.",
                source=PAGE,
                confidence=MEDIUM,
            ),
        ),
        document_kinds=(
            DocumentKind(
                code="passport",
                title="Passport",
                title_bn="পাসপোর্ট",
                valid_months=12,
                uses_expiry_date=True,
                remaining_months=6,
                with_new_passport=WithNewPassport.ASK,
                note="A note.",
                source=PAGE,
                confidence=MEDIUM,
            ),
        ),
        checklists=(
            Checklist(
                id="papers",
                title="Papers",
                title_bn="কাগজপত্র",
                version="1",
                mission="DE/DHAKA",
                authority="official",
                used_at="B",
                items=(
                    ChecklistItem(
                        code="passport",
                        order=1,
                        title="Passport",
                        section="main",
                        documents=("passport",),
                        original=1,
                        copies=2,
                        required=True,
                        required_when=BOTH,
                        additions=(Addition(EMPLOYED, ("passport",), "Also the old one."),),
                        title_bn="পাসপোর্ট",
                        note="A note.",
                        note_bn="একটি কথা।",
                        confidence=MEDIUM,
                    ),
                    ChecklistItem("other", 2, "Other", ("passport",), MEDIUM),
                ),
                rules=(PackRule("no_staples", "Nothing is stapled.", PAGE, MEDIUM, "স্ট্যাপল নয়।"),),
                source=PAGE,
                confidence=MEDIUM,
            ),
        ),
        pathways=(
            Pathway(
                id="way",
                title="Way",
                title_bn="পথ",
                country="DE",
                mission="DE/DHAKA",
                nationality=("BD",),
                level="master",
                application_step="A",
                admission_step="A",
                decision_step="B",
                arrival_step="B",
                lodgement_step="A",
                checklist="papers",
                steps=(_step("A", (), BOTH), _step("B", ("A",), None)),
                lead_times=(LeadTime("A", "lead", BOTH, "received"),),
            ),
        ),
        money_rules=(
            MoneyRule(
                id="money",
                country="DE",
                level="master",
                terms=MonthlyRate("rate", 12, BOTH),
                proofs=("passport",),
                letters=("passport",),
                alone=("passport",),
                note="A note.",
                source=PAGE,
                confidence=MEDIUM,
            ),
            MoneyRule(
                id="held",
                country="GB",
                level="",
                terms=HeldForDays((LivingRate("rate", Person.STUDENT, BOTH),), 9, "held.days", "held.days"),
                proofs=(),
                source=PAGE,
                confidence=MEDIUM,
            ),
            MoneyRule(
                id="yearly",
                country="AU",
                level="",
                terms=YearlySum((LivingRate("year"),), True, True, (IncomeOption("year", False),)),
                proofs=(),
                source=PAGE,
                confidence=MEDIUM,
            ),
            MoneyRule("stated", "US", "", StatedCost(), (), PAGE, MEDIUM),
        ),
        closures=(
            Closure(
                id="shut",
                country="GB",
                level="master",
                nationality=("AF",),
                not_nationality=("BD",),
                complete=False,
                what=Closing.SUSPENDED,
                valid_from=date(2026, 3, 26),
                valid_to=date(2027, 3, 26),
                applies_by=AppliesBy.LODGEMENT_DATE,
                note="A note.",
                source=PAGE,
                confidence=MEDIUM,
            ),
        ),
        intakes=(
            CountryIntake(
                country="DE",
                term="winter",
                starts_each=(10, 1),
                ends_each=(3, 31),
                deadline_each=(7, 15),
                zone="Europe/Berlin",
                note="A note.",
                source=PAGE,
                confidence=MEDIUM,
            ),
        ),
    )
