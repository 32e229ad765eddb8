"""The whole catalogue stands as each of its programmes does, and a change opens what it opens by itself."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from matching_cases import AWARDING, DAYS, EVIDENCE, ON, PAPERS, RECEIVING, STUDENTS, TREES, without

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.numpy.folding import Fold
from higherstudy.domain.catalogue.programme import Level, Programme
from higherstudy.domain.catalogue.requirement import Requirement, TestNeeded, ValidAt
from higherstudy.domain.matching.asking import Apart
from higherstudy.domain.matching.entry import entry_of
from higherstudy.domain.matching.evidence import Days, Evidence
from higherstudy.domain.matching.judging import judge_programme
from higherstudy.domain.matching.ranking import NO_WAY
from higherstudy.domain.matching.steps import steps_of
from higherstudy.domain.matching.trees import Trees, leaves_of, standings_of
from higherstudy.domain.matching.unlocking import tried_steps
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.matching.whole import Whole
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.rulebook.closures import Closing, Closure
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.result_validity import INSTITUTION_DAY, INSTITUTION_MONTHS
from higherstudy.domain.shared.sources import Confidence
from higherstudy.domain.shared.times import add_months
from laws import cases
from study_builders import PAGE, STATED, institution, programme


def trimmed(part: str) -> Rulebook:
    """Return the bundled rules without one kind of tables; all of them for a blank."""
    packs = bundled_rulebook().packs
    return Rulebook(tuple(replace(pack, **{part: ()}) for pack in packs) if part else packs)  # type: ignore[arg-type]


def fact(number: int, key: str, value: Decimal | str, scope: Scope) -> Fact:
    """Return a fact about how long results count."""
    return Fact(f"test.fact.{number}", key, value, PAGE, Confidence.HIGH, scope=scope)


def strict() -> Rulebook:
    """Return the bundled rules, and others about how long results count, for some of those who ask, and about visas."""
    facts = (
        fact(1, INSTITUTION_MONTHS, Decimal(12), Scope(institution=RECEIVING)),
        fact(2, INSTITUTION_MONTHS, Decimal(6), Scope(country="NL", level="master")),
        fact(3, INSTITUTION_DAY, "enrolment", Scope(country="NL")),
        fact(4, INSTITUTION_DAY, "enrolment", Scope(level="bachelor", nationality=("BD",))),
    )
    stops = (
        Closure("test.closed", "NL", ("BD",), Closing.SUSPENDED, PAGE, Confidence.HIGH, level="bachelor"),
        Closure("test.ends", "NL", ("BD",), Closing.CLOSED, PAGE, Confidence.HIGH, valid_from=add_months(ON, 6)),
        Closure("test.perhaps", "CA", ("SD",), Closing.CLOSED, PAGE, Confidence.HIGH, complete=False),
    )
    first, *others = bundled_rulebook().packs
    mine = replace(first, facts=(*first.facts, *facts), closures=(*first.closures, *stops))
    return Rulebook((mine, *others))


RULEBOOKS = [trimmed(part) for part in ("", "concordances", "grade_conversions")] + [strict()]
PARTS = [*EVIDENCE, "nothing", "everything"]
WITH = st.integers(0, len(RULEBOOKS) - 1)
OFFERED = st.lists(st.one_of(st.none(), TREES), min_size=1, max_size=6)
ASKERS = (
    ("DE", Level.MASTER, RECEIVING),
    ("NL", Level.MASTER, AWARDING),
    ("NL", Level.BACHELOR, RECEIVING),
    ("GB", Level.BACHELOR, f" {RECEIVING.upper()}"),
    ("US", Level.DOCTORATE, "Another University"),
    ("CA", Level.MASTER, "Another University"),
)


def lacking(student: Profile, part: str) -> Profile:
    """Return the student with that part of the evidence unknown."""
    if part == "everything":
        return Profile()
    return student if part == "nothing" else without(student, part)


def offers(requirements: list[Requirement | None]) -> list[Programme]:
    """Return a programme of each of those that ask with each of the requirements."""
    return [
        programme(requirement, level=level, institution=institution(country=country, name=name))
        for requirement in requirements
        for country, level, name in ASKERS
    ]


def placed(programmes: list[Programme], trees: Trees) -> list[tuple[Programme, int]]:
    """Return each programme with the tree that it states."""
    entries = ((one, entry_of(one)) for one in programmes)
    return [(one, trees.tree(entry.requirement, entry.asking)) for one, entry in entries]


@cases(400)
@given(OFFERED, STUDENTS, PAPERS, st.sampled_from(PARTS), WITH, st.sampled_from([0, 9, 30]), DAYS)
def test_the_whole_catalogue_stands_as_each_programme_does(
    requirements: list[Requirement | None],
    student: Profile,
    papers: dict[str, bool | None],
    part: str,
    rules: int,
    later: int,
    days: Days | None,
) -> None:
    rulebook = RULEBOOKS[rules]
    on: date = add_months(ON, later)  # some results have run out by then
    evidence = Evidence(lacking(student, part), on, papers, days)
    trees = Trees(Apart.of(rulebook, days))
    offered = placed(offers(requirements), trees)

    whole = Whole(trees, evidence, rulebook)

    items = standings_of(trees, whole.leaves)
    folded = Fold(trees).standings(np.frombuffer(whole.leaves, np.uint8))
    for one, tree in offered:
        verdict = judge_programme(one, evidence, rulebook)
        assert items[trees.roots[tree]] == folded[tree] == verdict.standing
        assert whole.effort(tree) == (NO_WAY if verdict.effort is None else verdict.effort)


TERMS = [
    TestNeeded(STATED, "IELTS_AC", Decimal("4.0"), valid_at=valid_at, valid_months=months)
    for valid_at in (None, *ValidAt)
    for months in (None, 6, 12, 36)
]


@cases(100)
@given(STUDENTS, WITH, DAYS)
def test_who_asks_for_how_young_a_result_on_which_day_is_told_apart(
    student: Profile, rules: int, days: Days | None
) -> None:
    rulebook, evidence = RULEBOOKS[rules], Evidence(student, ON, days=days)
    trees = Trees(Apart.of(rulebook, days))
    offered = placed(offers([*TERMS]), trees)

    items = standings_of(trees, Whole(trees, evidence, rulebook).leaves)

    for one, tree in offered:
        assert items[trees.roots[tree]] == judge_programme(one, evidence, rulebook).standing


@cases(100)
@given(OFFERED, STUDENTS, WITH, st.data())
def test_of_some_programmes_alone_the_same_is_said(
    requirements: list[Requirement | None], student: Profile, rules: int, data: st.DataObject
) -> None:
    rulebook, evidence = RULEBOOKS[rules], Evidence(student, ON)
    trees = Trees(Apart.of(rulebook))
    offered = placed(offers(requirements), trees)
    some = data.draw(st.lists(st.sampled_from([tree for _, tree in offered]), unique=True))
    counts = np.bincount(np.array(some, np.intp), minlength=len(trees.roots))

    places = leaves_of(trees, [trees.roots[tree] for tree in some])
    among, everything = Whole(trees, evidence, rulebook, places), Whole(trees, evidence, rulebook)

    assert Fold(trees).leaves_of(counts).tolist() == places
    few, all_of_them = (standings_of(trees, whole.leaves) for whole in (among, everything))
    for tree in some:
        assert few[trees.roots[tree]] == all_of_them[trees.roots[tree]]
        assert among.effort(tree) == everything.effort(tree)


@cases(200)
@given(OFFERED, STUDENTS, PAPERS, st.sampled_from(PARTS), WITH, DAYS)
def test_a_change_opens_exactly_what_is_open_when_it_is_made(
    requirements: list[Requirement | None],
    student: Profile,
    papers: dict[str, bool | None],
    part: str,
    rules: int,
    days: Days | None,
) -> None:
    rulebook = RULEBOOKS[rules]
    evidence = Evidence(lacking(student, part), ON, papers, days)
    trees = Trees(Apart.of(rulebook, days))
    offered = placed(offers(requirements)[::2], trees)
    whole = Whole(trees, evidence, rulebook)
    tried = {one.step.key: one.leaves for one in tried_steps(whole)}
    steps = list(steps_of(whole))
    rows = [whole.leaves, *(tried.get(step.key, whole.leaves) for step in steps)]
    is_open = np.array([np.frombuffer(row, np.uint8) for row in rows]) >= Standing.PROBABLY_MET
    folded = Fold(trees).open(is_open, np.arange(len(trees.roots)))

    for number, step in enumerate(steps, start=1):
        items = standings_of(trees, rows[number])
        open_trees = {*folded.always.tolist(), *folded.sometimes[folded.is_open[number] == 1].tolist()}
        made = step.evidence
        if step.result:
            results = (*(evidence.profile.tests or ()), step.result)
            made = replace(evidence, profile=replace(evidence.profile, tests=results))
        for one, tree in offered:
            judged = judge_programme(one, made, rulebook).standing
            by_items = items[trees.roots[tree]] >= Standing.PROBABLY_MET
            assert by_items == (tree in open_trees) == (judged >= Standing.PROBABLY_MET), step.key
