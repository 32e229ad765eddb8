"""What a grade comes to on another scale, and what a test result is worth: estimates, each with its table."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter, SkipValidation

from ....domain.matching.converting import Converted, ConvertedGrade, convert_grade
from ....domain.matching.correspondence import CheckedResult, Corresponding, check_result
from ....domain.profile.grades import read_grade
from ....domain.shared.texts import demand_texts
from ....ports.clock import Clock
from ....ports.rule_packs import RulePacks
from ..given import V1, day_given, refusals
from ..wire import Given, ReasonBody, SourceBody, reason_body, source_body
from ..words import text_of

Packs = NamedDependency[SkipValidation[RulePacks]]
Time = NamedDependency[SkipValidation[Clock]]
Short = Annotated[str, msgspec.Meta(max_length=100)]
Name = Annotated[str, msgspec.Meta(max_length=200)]
On = Annotated[
    date | None, QueryParameter(name="on", required=False, description="The day to ask for; today if left out.")
]


class RoundedBody(msgspec.Struct, frozen=True):
    """The value as an institution with that policy rounds it: exact, cut off or rounded half up to one decimal."""

    policy: Literal["exact", "truncate_1", "half_up_1"]
    value: str


class ConvertedBody(msgspec.Struct, frozen=True, kw_only=True):
    """What one conversion makes of the grade.

    ``holds`` is null while nobody has said which institution awarded the grade, or receives it; false where the
    conversion is another one's. ``rounding`` is the receiver's policy, null where nobody knows it. ``value`` is null
    where the conversion gives a class.
    """

    conversion: str
    title: str
    method: Literal["modified_bavarian", "linear", "table"]
    institution: str
    holds: bool | None
    shown: Annotated[str, msgspec.Meta(examples=["1.75", "2:1"])]
    value: Annotated[str | None, msgspec.Meta(examples=["1.75"])]
    rounding: Literal["truncate_1", "half_up_1"] | None
    as_rounded: list[RoundedBody]
    lowest_pass: str | None
    confidence: str
    source: SourceBody
    note: str
    notices: list[ReasonBody]


class ConversionsBody(msgspec.Struct, frozen=True, kw_only=True):
    """A grade on another scale by every published way, never by two in a row. All are estimates; ``binding`` says whose
    word counts, ``missing`` what stands in the way of other ways."""

    value: str
    scale: str
    to: str
    items: list[ConvertedBody]
    missing: list[ReasonBody]
    binding: ReasonBody
    rulebook: list[str]


class ResultGiven(Given):
    """A test result as in a profile; scores are numbers as text, or names of levels."""

    taken_on: date | None = None
    total: Annotated[Short | None, msgspec.Meta(examples=["6.5"])] = None
    sections: Annotated[
        dict[str, Short], msgspec.Meta(max_length=20, examples=[{"listening": "7.0", "writing": "6.0"}])
    ] = msgspec.field(default_factory=dict)


class CorrespondingBody(msgspec.Struct, frozen=True, kw_only=True):
    """What one part corresponds to by one table; null where it lies below the table's last row."""

    part: str
    score: str
    to_test: str
    to_score: str | None
    table: str
    publisher: str
    confidence: str
    source: SourceBody


class CheckedBody(msgspec.Struct, frozen=True, kw_only=True):
    """A result that the test can give.

    ``total_by_rule`` is what its sections give by the test's own rule, ``until`` the last day that counts for its
    owner. All that corresponds is an estimate: ``label`` says what it is worth.
    """

    test: str
    title: str
    total: str | None
    total_by_rule: str | None
    passed: bool | None
    until: date | None
    counts: bool | None
    valid_note: str
    confidence: str
    corresponding: list[CorrespondingBody]
    label: ReasonBody
    source: SourceBody
    rulebook: list[str]


@get(
    "/grades/conversions",
    operation_id="convert_grade",
    summary="Convert a grade",
    description="By every published conversion, side by side. Estimates: only the receiving institution converts with "
    "effect.",
    responses=refusals(422),
)
async def convert(
    packs: Packs,
    value: Annotated[Short, QueryParameter(name="value", description="The grade, such as 3.50.")],
    scale: Annotated[Short, QueryParameter(name="scale", description="The grade's scale, such as BD_UGC_4.")],
    to: Annotated[Short, QueryParameter(name="to", description="The wanted scale, such as DE_5.")],
    lowest_pass: Annotated[
        Short | None,
        QueryParameter(name="lowest_pass", required=False, description="The lowest pass of the awarding institution."),
    ] = None,
    receiving: Annotated[
        Name, QueryParameter(name="receiving", required=False, description="The institution that is applied to.")
    ] = "",
    awarding: Annotated[
        Name, QueryParameter(name="awarding", required=False, description="The institution that gave the grade.")
    ] = "",
) -> ConversionsBody:
    """Return what every conversion makes of the grade."""
    demand_texts((receiving, "receiving", 200), (awarding, "awarding", 200))
    rulebook = packs.rulebook()
    grade = read_grade({"scale": scale, "value": value, "lowest_pass": lowest_pass}, rulebook)
    found = convert_grade(grade, to, rulebook, receiving=receiving, awarding=awarding)
    return conversions_body(found, rulebook.edition)


@post(
    "/tests/{code:str}/check",
    status_code=200,
    operation_id="check_test_result",
    summary="Check a test result",
    description="Whether the test can give it, what total its sections give, how long it counts, and what it "
    "corresponds to by each table. Nothing is kept.",
    responses=refusals(413, 415, 422),
)
async def check(
    code: FromPath[Short], data: JSONBody[ResultGiven], packs: Packs, clock: Time, on: On = None
) -> CheckedBody:
    """Return what follows from the result."""
    rulebook = packs.rulebook()
    given = {"code": code, "taken_on": data.taken_on, "total": data.total, "sections": data.sections or None}
    stated = {name: value for name, value in given.items() if value is not None}
    found = check_result(stated, rulebook, day_given(on, "on") or clock.now().date())
    return checked_body(found, rulebook.edition)


def conversions_body(found: ConvertedGrade, edition: tuple[str, ...]) -> ConversionsBody:
    """Return the answer as it is sent."""
    return ConversionsBody(
        value=str(found.grade.value),
        scale=found.home.id,
        to=found.target.id,
        items=[_converted(one) for one in found.found],
        missing=[reason_body(reason) for reason in found.missing],
        binding=reason_body(found.binding),
        rulebook=list(edition),
    )


def _converted(one: Converted) -> ConvertedBody:
    conversion = one.conversion
    rounding: Any = None if conversion.rounding == "exact" else conversion.rounding.value
    return ConvertedBody(
        conversion=conversion.id,
        title=text_of(conversion),
        method=conversion.method.value,
        institution=conversion.institution,
        holds=one.holds,
        shown=one.shown,
        value=None if one.exact is None else f"{one.exact:f}",
        rounding=rounding,
        as_rounded=[RoundedBody(policy.value, f"{value:f}") for policy, value in one.as_rounded],
        lowest_pass=None if one.lowest_pass is None else str(one.lowest_pass),
        confidence=one.confidence.value,
        source=source_body(conversion.source),
        note=text_of(conversion, "note"),
        notices=[reason_body(notice) for notice in one.notices],
    )


def checked_body(found: CheckedResult, edition: tuple[str, ...]) -> CheckedBody:
    """Return the answer as it is sent."""
    return CheckedBody(
        test=found.test.code,
        title=text_of(found.test),
        total=None if found.total is None else str(found.total),
        total_by_rule=None if found.total_by_rule is None else str(found.total_by_rule),
        passed=found.passed,
        until=found.until,
        counts=found.counts,
        valid_note=text_of(found.test, "valid_note"),
        confidence=found.test.confidence.value,
        corresponding=[_corresponding(one) for one in found.corresponding],
        label=reason_body(found.label),
        source=source_body(found.test.source),
        rulebook=list(edition),
    )


def _corresponding(one: Corresponding) -> CorrespondingBody:
    table = one.table
    return CorrespondingBody(
        part=table.part,
        score=str(one.score),
        to_test=table.to_test,
        to_score=None if one.to_score is None else str(one.to_score),
        table=table.id,
        publisher=text_of(table, "publisher"),
        confidence=table.confidence.value,
        source=source_body(table.source),
    )


router: Any = Router(V1, route_handlers=[convert, check], tags=["Rulebook"])
