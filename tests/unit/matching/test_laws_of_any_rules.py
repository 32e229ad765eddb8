"""What must hold of verdicts and conversions by any rules: tests, tables, scales and papers are random."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from random_packs import RULEBOOKS, SEEDS

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.catalogue.requirement import AllOf, AnyOf, DocumentNeeded, GradeNeeded, Requirement, TestNeeded
from higherstudy.domain.matching.conversions import Wanted, estimates
from higherstudy.domain.matching.converting import convert_grade
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.judging import judge_programme
from higherstudy.domain.matching.verdict import Standing, Verdict
from higherstudy.domain.profile.profile import Grade, Profile
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.rulebook.grades import GradeScale
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.reading import read_pack
from laws import cases
from study_builders import STATED, bachelor, profile, programme

ON = date(2026, 11, 23)
A, B, HOME, ABROAD, GERMAN = "one.A", "one.B", "one.HOME", "one.ABROAD", "one.GERMAN"
POINTS = st.integers(0, 10).map(Decimal)
LEAVES: st.SearchStrategy[Requirement] = st.one_of(
    st.builds(lambda test, total: TestNeeded(STATED, test, total), st.sampled_from([A, B]), POINTS),
    st.builds(lambda test, part: TestNeeded(STATED, test, None, {"reading": part}), st.sampled_from([A, B]), POINTS),
    st.integers(0, 4).map(lambda limit: GradeNeeded(STATED, "bachelor", HOME, Decimal(limit))),
    st.integers(0, 100).map(lambda limit: GradeNeeded(STATED, "bachelor", ABROAD, Decimal(limit))),
    st.integers(1, 4).map(lambda limit: GradeNeeded(STATED, "bachelor", GERMAN, Decimal(limit))),
    st.just(DocumentNeeded(STATED, "one.paper0")),
)
TREES = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda found: AllOf(tuple(found))),
        st.lists(parts, min_size=1, max_size=3).map(lambda found: AnyOf(tuple(found))),
    ),
    max_leaves=5,
)


def student(seed: int, better: int = 0) -> Profile:
    """Return a student with some results; the same number with something added is one who is nowhere worse."""
    random = Random(seed)

    def more(most: int) -> Decimal:
        return Decimal(min(most, random.randint(0, most) + better))

    results = tuple(
        Result(
            test,
            ON - timedelta(days=random.randint(0, 1500)),
            more(10) if random.random() < 0.7 else None,
            {part: more(10) for part in ("reading", "writing")} if random.random() < 0.7 else {},
        )
        for test in (A, B)
        if random.random() < 0.8
    )
    lowest = Decimal(random.randint(1, 3)) if random.random() < 0.5 else None
    return profile(tests=results, qualifications=(bachelor(grade=Grade(HOME, more(4), lowest)),))


def verdict(tree: Requirement, student: Profile, rulebook: Rulebook, paper: bool | None = None) -> Verdict:
    evidence = Evidence(student, ON, None if paper is None else {"one.paper0": paper})
    return judge_programme(programme(tree), evidence, rulebook)


@cases(120)
@given(RULEBOOKS, TREES, SEEDS, st.integers(1, 5))
def test_better_evidence_never_hurts_by_any_rules(rulebook: Rulebook, tree: Requirement, seed: int, more: int) -> None:
    better = verdict(tree, student(seed, more), rulebook)

    assert better.standing >= verdict(tree, student(seed), rulebook).standing


@cases(120)
@given(RULEBOOKS, TREES, SEEDS, st.sampled_from(["tests", "qualifications"]))
def test_taking_evidence_away_never_turns_unknown_into_met_by_any_rules(
    rulebook: Rulebook, tree: Requirement, seed: int, part: str
) -> None:
    has = student(seed)

    if verdict(tree, has, rulebook).standing <= Standing.UNKNOWN:
        less = replace(has, **{part: None})  # type: ignore[arg-type]
        assert verdict(tree, less, rulebook).standing <= Standing.UNKNOWN
    papers = [verdict(tree, has, rulebook, paper).standing for paper in (False, None, True)]
    assert papers == sorted(papers)


@cases(60)
@given(RULEBOOKS, RULEBOOKS, TREES, SEEDS)
def test_a_verdict_is_the_same_with_the_same_facts_though_other_editions_came(
    rulebook: Rulebook, other: Rulebook, tree: Requirement, seed: int
) -> None:
    before = verdict(tree, student(seed), rulebook)

    verdict(tree, student(seed), other)
    again = Rulebook(tuple(read_pack(pack.text, pack.file) for pack in rulebook.packs))

    assert repr(verdict(tree, student(seed), again)) == repr(before)


def better_first(scale: GradeScale, one: int, other: int) -> tuple[Decimal, Decimal]:
    """Return two grades of the scale, the better one first; 0 to 1000 stand for its worst to its best."""
    parts = sorted((one, other), reverse=True)
    first, second = (scale.worst + (scale.best - scale.worst) * part / 1000 for part in parts)
    return first, second


BUNDLED = bundled_rulebook()
PAIRS = sorted({(one.from_scale, one.to_scale) for one in BUNDLED.grade_conversions.values() if one.from_scale != "*"})
WAYS = st.one_of(
    st.tuples(RULEBOOKS, st.just(HOME), st.sampled_from([ABROAD, GERMAN])),
    st.sampled_from(PAIRS).map(lambda pair: (BUNDLED, *pair)),
)
PLACES = st.integers(0, 1000)


@cases(150)
@given(WAYS, PLACES, PLACES, st.none() | PLACES)
def test_a_better_grade_never_comes_out_worse_by_any_conversion(
    way: tuple[Rulebook, str, str], one: int, other: int, lowest: int | None
) -> None:
    rulebook, home, abroad = rulebook_and_scales(way)
    better, worse = better_first(home, one, other)
    passes = None if lowest is None else better_first(home, lowest, 0)[0]
    passes = passes if passes != home.best else None

    found = [
        {made.conversion.id: made for made in convert_grade(Grade(home.id, value, passes), abroad.id, rulebook).found}
        for value in (better, worse)
    ]

    for name in found[0].keys() & found[1].keys():
        first, second = found[0][name].exact, found[1][name].exact
        if first is not None and second is not None:
            assert abroad.is_as_good(first, second)


def rulebook_and_scales(way: tuple[Rulebook, str, str]) -> tuple[Rulebook, GradeScale, GradeScale]:
    rulebook, home, abroad = way
    return rulebook, rulebook.grade_scales[home], rulebook.grade_scales[abroad]


SAID = {False: 0, None: 1, True: 2}


@cases(120)
@given(WAYS, PLACES, PLACES, PLACES)
def test_a_better_grade_reaches_whatever_a_worse_one_reaches_by_the_same_conversion(
    way: tuple[Rulebook, str, str], one: int, other: int, limit: int
) -> None:
    rulebook, home, abroad = rulebook_and_scales(way)
    better, worse = better_first(home, one, other)
    wanted = Wanted(abroad, better_first(abroad, limit, 0)[0])

    found = [
        {made.conversion.id: made.reaches for made in estimates(Grade(home.id, value, None), wanted, rulebook)}
        for value in (better, worse)
    ]

    assert found[0].keys() == found[1].keys()
    for name, reaches in found[0].items():
        assert SAID[reaches] >= SAID[found[1][name]]


TABLES = st.one_of(
    RULEBOOKS.flatmap(lambda rulebook: st.sampled_from([(rulebook, name) for name in rulebook.concordances])),
    st.sampled_from([(BUNDLED, name) for name in BUNDLED.concordances]),
)


@cases(150)
@given(TABLES, PLACES, PLACES)
def test_a_better_score_never_corresponds_to_a_worse_one(table: tuple[Rulebook, str], one: int, other: int) -> None:
    rulebook, name = table
    concordance = rulebook.concordances[name]
    from_test, to_test = rulebook.tests[concordance.from_test], rulebook.tests[concordance.to_test]
    part = from_test.section(concordance.part)
    from_scale = part.scale if part else from_test.total
    to_part = to_test.section(concordance.part)
    to_scale = to_part.scale if to_part else to_test.total
    assert from_scale is not None
    assert from_scale.maximum is not None
    assert to_scale is not None

    less, more = sorted(from_scale.maximum * place / 1000 for place in (one, other))
    low, high = concordance.corresponding(less), concordance.corresponding(more)

    assert low is None or high is not None
    if low is not None and high is not None:
        assert to_scale.rank(high) >= to_scale.rank(low)
