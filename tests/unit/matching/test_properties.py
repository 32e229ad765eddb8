"""What must hold for any requirement and any evidence."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.numpy.folding import Fold
from higherstudy.domain.catalogue.requirement import (
    AllOf,
    AnyOf,
    CitizenshipNeeded,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    MoneyNeeded,
    Requirement,
    StatedOnly,
    TestNeeded,
)
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.judging import judge
from higherstudy.domain.matching.ranking import NO_WAY
from higherstudy.domain.matching.steps import steps_of
from higherstudy.domain.matching.trees import Trees, own_tables, standings_of
from higherstudy.domain.matching.unlocking import tried_steps
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.matching.whole import Whole
from higherstudy.domain.profile.profile import Grade, Profile, WorkPeriod
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.times import add_months
from study_builders import STATED, bachelor, ielts, profile

ON = date(2026, 11, 23)
RECEIVING, AWARDING = "Loughborough University", "AKTU"
SECTIONS = ("listening", "reading", "writing", "speaking")
LEVELS = ("below_TDN3", "TDN3", "TDN4", "TDN5")
BANDS = st.integers(8, 18).map(lambda halves: Decimal(halves) / 2)
PAPERS = st.dictionaries(st.sampled_from(["cv", "motivation_letter"]), st.sampled_from([True, False, None]))
SCALES = {"BD_UGC_4": 4, "PK_4": 4, "NG_NUC_5": 5, "NG_4": 4, "IN_10": 10, "PERCENT": 100}

LEAVES: st.SearchStrategy[Requirement] = st.one_of(
    BANDS.map(lambda total: TestNeeded(STATED, "IELTS_AC", total)),
    st.builds(lambda total, part: TestNeeded(STATED, "IELTS_AC", total, {"writing": part}), BANDS, BANDS),
    st.builds(lambda part, band: TestNeeded(STATED, "IELTS_AC", None, {part: band}), st.sampled_from(SECTIONS), BANDS),
    st.integers(60, 120).map(lambda total: TestNeeded(STATED, "TOEFL_IBT_2005", Decimal(total))),
    st.sampled_from(["A1", "B1", "B2", "C1", "C2"]).map(lambda level: TestNeeded(STATED, "CEFR", level)),
    st.sampled_from(LEVELS).map(lambda level: TestNeeded(STATED, "TESTDAF", None, {"lesen": level})),
    st.integers(10, 40).map(lambda tenths: GradeNeeded(STATED, "bachelor", "DE_5", Decimal(tenths) / 10)),
    st.integers(8, 18).map(lambda fives: GradeNeeded(STATED, "bachelor", "UK_HONS", Decimal(fives) * 5)),
    st.integers(40, 90).map(lambda limit: GradeNeeded(STATED, "bachelor", "IN_PERCENT", Decimal(limit))),
    st.sampled_from(["cv", "motivation_letter"]).map(lambda kind: DocumentNeeded(STATED, kind)),
    st.sampled_from([(), ("0613",), ("07",)]).map(lambda fields: DegreeNeeded(STATED, "bachelor", fields)),
    st.integers(0, 36).map(lambda months: ExperienceNeeded(STATED, months)),
    st.sampled_from(["BD", "PK"]).map(lambda country: CitizenshipNeeded(STATED, any_of=(country,))),
    st.integers(1, 20).map(lambda thousands: MoneyNeeded(STATED, Money.of(thousands * 1000, "EUR"))),
    st.just(StatedOnly(STATED, "An interview decides.")),
)
TREES = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=4).map(lambda found: AllOf(tuple(found))),
        st.lists(parts, min_size=1, max_size=4).map(lambda found: AnyOf(tuple(found))),
    ),
    max_leaves=8,
)
CASES = st.fixed_dictionaries(
    {
        "scale": st.sampled_from(sorted(SCALES)),
        "lowest_pass": st.sampled_from([None, 30, 40, 50]),
        "ielts_total": st.booleans(),
        "toefl_total": st.booleans(),
        "currency": st.sampled_from(["EUR", "USD"]),
    }
)
SCORES = st.fixed_dictionaries(
    {
        "ielts": st.integers(8, 18),
        **{part: st.integers(8, 18) for part in SECTIONS},
        "toefl": st.integers(10, 30),
        "toefl_2026": st.integers(2, 12),
        "testdaf": st.integers(0, 3),
        "grade": st.integers(20, 100),
        "budget": st.integers(1, 20),
        "months": st.integers(0, 40),
    }
)


def student(case: dict[str, Any], scores: dict[str, int]) -> Profile:
    """Return a student with several tests, some of them without a total; a greater number is always better."""
    best = SCALES[case["scale"]]
    lowest = None if case["lowest_pass"] is None else Decimal(case["lowest_pass"]) * best / 100
    toefl = Decimal(scores["toefl"])
    tests = (
        ielts(
            str(Decimal(scores["ielts"]) / 2) if case["ielts_total"] else None,
            sections={part: Decimal(scores[part]) / 2 for part in SECTIONS},
        ),
        Result("TOEFL_IBT_2005", ON, toefl * 4 if case["toefl_total"] else None, dict.fromkeys(SECTIONS, toefl)),
        Result("TOEFL_IBT_2026", ON, Decimal(scores["toefl_2026"]) / 2),
        Result("TESTDAF", ON, None, {"lesen": LEVELS[scores["testdaf"]]}),
    )
    grade = Grade(case["scale"], Decimal(scores["grade"]) * best / 100, lowest)
    return profile(
        tests=tests,
        qualifications=(bachelor(grade=grade, institution=AWARDING),),
        work=(WorkPeriod("A company", add_months(ON, -scores["months"])),),
        budget_a_year=Money.of(scores["budget"] * 1000, case["currency"]),
    )


STUDENTS = st.builds(student, CASES, SCORES)
EVIDENCE = ["tests", "sections", "qualifications", "work", "citizenships", "budget_a_year"]


def standing(tree: Requirement, student: Profile, papers: dict[str, bool | None] | None = None) -> Standing:
    return judge(tree, Evidence(student, ON, papers), bundled_rulebook(), RECEIVING).standing


def without(student: Profile, part: str) -> Profile:
    """Return the student with a part of the evidence unknown; "sections" are those of every test."""
    if part == "sections":
        return replace(student, tests=tuple(replace(result, sections={}) for result in student.tests or ()))
    return replace(student, **{part: None})  # type: ignore[arg-type]


@settings(max_examples=2000, deadline=None)
@given(TREES, STUDENTS, PAPERS, st.sampled_from(EVIDENCE))
def test_taking_evidence_away_never_turns_unknown_into_met(
    tree: Requirement, student: Profile, papers: dict[str, bool | None], part: str
) -> None:
    if standing(tree, student, papers) <= Standing.UNKNOWN:
        assert standing(tree, without(student, part), papers) <= Standing.UNKNOWN
        assert standing(tree, student, None) <= Standing.UNKNOWN


@settings(max_examples=2000, deadline=None)
@given(TREES, CASES, SCORES, SCORES)
def test_a_better_score_or_grade_never_makes_a_verdict_worse(
    tree: Requirement, case: dict[str, Any], scores: dict[str, int], others: dict[str, int]
) -> None:
    better = {name: max(score, others[name]) for name, score in scores.items()}

    assert standing(tree, student(case, better)) >= standing(tree, student(case, scores))


@settings(max_examples=1000, deadline=None)
@given(TREES, STUDENTS, PAPERS)
def test_equal_evidence_gives_an_equal_finding(
    tree: Requirement, student: Profile, papers: dict[str, bool | None]
) -> None:
    evidence = Evidence(student, ON, papers)
    found = [judge(tree, evidence, bundled_rulebook(), RECEIVING) for _ in range(2)]

    assert found[0] == found[1]


@settings(max_examples=1000, deadline=None)
@given(TREES, STUDENTS, PAPERS)
def test_a_finding_is_met_exactly_when_nothing_needs_to_change(
    tree: Requirement, student: Profile, papers: dict[str, bool | None]
) -> None:
    finding = judge(tree, Evidence(student, ON, papers), bundled_rulebook(), RECEIVING)

    assert (finding.standing is Standing.MET) == (finding.flip == ())


def trimmed(part: str) -> Rulebook:
    """Return the bundled rules without one kind of tables; all of them for a blank."""
    packs = bundled_rulebook().packs
    return Rulebook(tuple(replace(pack, **{part: ()}) for pack in packs) if part else packs)  # type: ignore[arg-type]


RULEBOOKS = [trimmed(part) for part in ("", "concordances", "grade_conversions")]
PARTS = [*EVIDENCE, "nothing"]
WITH = st.integers(0, len(RULEBOOKS) - 1)


@settings(max_examples=300, deadline=None)
@given(st.lists(TREES, min_size=1, max_size=6), STUDENTS, PAPERS, st.sampled_from(PARTS), WITH, st.booleans())
def test_the_whole_catalogue_stands_as_each_programme_does(
    requirements: list[Requirement],
    student: Profile,
    papers: dict[str, bool | None],
    part: str,
    rules: int,
    late: bool,
) -> None:
    rulebook = RULEBOOKS[rules]
    on = add_months(ON, 30) if late else ON  # some results have run out by then
    evidence = Evidence(student if part == "nothing" else without(student, part), on, papers)
    trees = Trees(own_tables(rulebook))
    placed = [
        (requirement, institution, trees.tree(requirement, institution))
        for requirement in requirements
        for institution in (RECEIVING, AWARDING, "")
    ]

    whole = Whole(trees, evidence, rulebook)

    items = standings_of(trees, whole.leaves)
    folded = Fold(trees).standings(np.frombuffer(whole.leaves, np.uint8))
    for requirement, institution, tree in placed:
        finding = judge(requirement, evidence, rulebook, institution)
        effort = None if finding.flip is None else sum(change.effort for change in finding.flip)
        assert items[trees.roots[tree]] == folded[tree] == finding.standing
        assert whole.effort(tree) == (NO_WAY if effort is None else effort)


@settings(max_examples=150, deadline=None)
@given(st.lists(TREES, min_size=1, max_size=5), STUDENTS, PAPERS, st.sampled_from(PARTS), WITH)
def test_a_change_opens_exactly_what_is_open_when_it_is_made(
    requirements: list[Requirement], student: Profile, papers: dict[str, bool | None], part: str, rules: int
) -> None:
    rulebook = RULEBOOKS[rules]
    evidence = Evidence(student if part == "nothing" else without(student, part), ON, papers)
    trees = Trees(own_tables(rulebook))
    placed = [(requirement, trees.tree(requirement, RECEIVING)) for requirement in requirements]
    whole = Whole(trees, evidence, rulebook)
    tried = {one.step.key: one.leaves for one in tried_steps(whole)}

    for step in steps_of(whole):
        leaves = tried.get(step.key, whole.leaves)
        items = standings_of(trees, leaves)
        folded = Fold(trees).open(np.frombuffer(leaves, np.uint8).reshape(1, -1) >= Standing.PROBABLY_MET)[0]
        made = step.evidence
        if step.result:
            results = (*(evidence.profile.tests or ()), step.result)
            made = replace(evidence, profile=replace(evidence.profile, tests=results))
        for requirement, tree in placed:
            judged = judge(requirement, made, rulebook, RECEIVING).standing
            is_open = items[trees.roots[tree]] >= Standing.PROBABLY_MET
            assert is_open == folded[tree] == (judged >= Standing.PROBABLY_MET), step.key
