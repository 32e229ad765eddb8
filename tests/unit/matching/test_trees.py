"""The distinct requirements of a catalogue: what is one and what is not, how items stand, and what they lack."""

from dataclasses import replace
from decimal import Decimal

import pytest
from whole_findings import LEAF, MET, NOT_MET, PROBABLY, UNKNOWN

from higherstudy.domain.catalogue.requirement import (
    AllOf,
    AnyOf,
    CitizenshipNeeded,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    Leaf,
    MoneyNeeded,
    Requirement,
    StatedOnly,
    TestNeeded,
)
from higherstudy.domain.matching.asking import ANYBODY, Apart, Asking, Named
from higherstudy.domain.matching.trees import (
    NOT_KNOWN,
    NOWHERE,
    AskedLeaf,
    Kind,
    Lack,
    Trees,
    VisaOpen,
    lacks_of,
    leaves_of,
    standings_of,
)
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE, STATED

CV, LETTER, WORDS = DocumentNeeded(STATED, "cv"), DocumentNeeded(STATED, "letter"), StatedOnly(STATED, "An interview.")
GRADE = GradeNeeded(STATED, "bachelor", "G", Decimal("2.5"))
ELSEWHERE = replace(STATED, source=replace(PAGE, id="other"), confidence=Confidence.LOW)
APART = Apart(
    grades=Named(institutions=frozenset({"a"})), tests=Named(frozenset({"DE"})), visas=Named(frozenset({"CA"}))
)


def made(*requirements: Requirement | None) -> Trees:
    trees = Trees(Apart())
    for requirement in requirements:
        trees.tree(requirement, ANYBODY)
    return trees


def test_requirements_that_ask_for_the_same_are_one_whatever_page_they_stand_on() -> None:
    trees = Trees(APART)
    de, nl, a = Asking("DE", "master", "B"), Asking("NL", "master", "B"), Asking("NL", "master", " A ")

    numbers = [
        trees.tree(requirement, asking)
        for requirement, asking in [
            (CV, de),
            (replace(CV, stated=ELSEWHERE), nl),
            (None, de),
            (LEAF, nl),
            (replace(LEAF, stated=ELSEWHERE, sections=dict(LEAF.sections)), a),
            (LEAF, de),
            (GRADE, nl),
            (GRADE, a),
            (WORDS, nl),
            (replace(WORDS, text="A portfolio."), nl),
            (AllOf((CV, LEAF)), nl),
            (AllOf((replace(CV, stated=ELSEWHERE), LEAF)), a),
            (AnyOf((CV, LEAF)), nl),
            (AllOf((CV, LEAF)), de),
            (AllOf((LEAF, CV)), nl),
            (CV, Asking("CA", "master", "B")),
            (None, Asking("CA", "bachelor", "B")),
        ]
    ]

    assert numbers == [0, 0, 1, 2, 2, 3, 4, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12]
    ca = Asking("CA")
    assert trees.leaves == [
        AskedLeaf(None),
        AskedLeaf(DocumentNeeded(NOWHERE, "cv")),
        AskedLeaf(replace(LEAF, stated=NOWHERE)),
        AskedLeaf(replace(LEAF, stated=NOWHERE), Asking("DE")),
        AskedLeaf(replace(GRADE, stated=NOWHERE)),
        AskedLeaf(replace(GRADE, stated=NOWHERE), Asking(institution=" A ")),
        AskedLeaf(StatedOnly(NOWHERE, "")),
        AskedLeaf(VisaOpen(), ca),
    ]
    assert trees.roots[numbers[2]] == NOT_KNOWN
    assert trees.kinds[trees.roots[12]] is Kind.ALL
    assert trees.parts[trees.roots[12]] == (NOT_KNOWN, trees.parts[trees.roots[11]][1])  # not known, and a visa


def test_leaves_of_one_kind_that_ask_for_other_things_are_not_one() -> None:
    different: list[Leaf] = [
        LEAF, replace(LEAF, total=None), replace(LEAF, sections={}), replace(LEAF, passed=True),
        replace(LEAF, valid_months=12), GRADE, replace(GRADE, at_least=Decimal(3)), replace(GRADE, of="master"),
        DegreeNeeded(STATED, "bachelor"), DegreeNeeded(STATED, "master"), DegreeNeeded(STATED, "bachelor", ("07",)),
        CV, LETTER, ExperienceNeeded(STATED, 12), ExperienceNeeded(STATED, 24),
        CitizenshipNeeded(STATED, any_of=("BD",)), CitizenshipNeeded(STATED, none_of=("BD",)),
        MoneyNeeded(STATED, Money.of(1, "EUR")), MoneyNeeded(STATED, Money.of(1, "USD")), WORDS,
    ]  # fmt: skip
    trees = made(*different, *(replace(one, stated=ELSEWHERE) for one in different))

    assert len(trees.roots) == len(different)
    assert len(trees.leaves) == len(different) + 1  # and that nobody knows


def test_the_leaves_of_items_are_each_told_once_in_order() -> None:
    trees = made(AllOf((LETTER, AnyOf((CV, WORDS)), CV)), LEAF, AnyOf((CV, LETTER)))
    letter, cv, words, test = 1, 2, 3, 4  # in the order in which they were asked for

    assert leaves_of(trees, trees.roots[:1]) == [letter, cv, words]
    assert leaves_of(trees, [trees.roots[2], trees.roots[1], trees.roots[2]]) == [letter, cv, test]
    assert leaves_of(trees, []) == []


@pytest.mark.parametrize(
    ("requirement", "standings", "expected"),
    [
        (AllOf((CV, LETTER)), (MET, UNKNOWN), UNKNOWN),
        (AllOf((CV, LETTER)), (NOT_MET, MET), NOT_MET),
        (AnyOf((CV, LETTER)), (NOT_MET, PROBABLY), PROBABLY),
        (AllOf((CV, AnyOf((LETTER, WORDS)))), (MET, NOT_MET, UNKNOWN), UNKNOWN),
        (AllOf(()), (), MET),
        (AnyOf(()), (), NOT_MET),
    ],
)
def test_all_of_stands_as_the_least_and_any_of_as_the_greatest(
    requirement: Requirement, standings: tuple[int, ...], expected: int
) -> None:
    trees = made(requirement)

    found = standings_of(trees, [UNKNOWN, *standings])

    assert found[trees.roots[0]] == expected


def test_what_is_lacking_is_what_keeps_from_being_met_and_of_alternatives_that_of_the_best() -> None:
    money = MoneyNeeded(STATED, Money.of(1, "EUR"))
    trees = made(
        AllOf((CV, LEAF)), AnyOf((CV, LEAF)), AnyOf((LEAF, WORDS)), AllOf((AnyOf((WORDS, GRADE)), money, CV)), None, CV,
        AnyOf((CV, WORDS)),
    )  # fmt: skip
    stands = {
        DocumentNeeded: NOT_MET, TestNeeded: NOT_MET, StatedOnly: UNKNOWN, GradeNeeded: UNKNOWN, MoneyNeeded: MET
    }  # fmt: skip
    leaves = [UNKNOWN, *(stands[type(one.leaf)] for one in trees.leaves[1:])]

    items = lacks_of(trees, standings_of(trees, leaves))

    assert [Lack(items[root]) for root in trees.roots] == [
        Lack.DOCUMENT | Lack.TEST,
        Lack.DOCUMENT | Lack.TEST,  # both alternatives stand alike
        Lack.STATED,  # the better one
        Lack.STATED | Lack.GRADE | Lack.DOCUMENT,
        Lack.REQUIREMENT,
        Lack.DOCUMENT,
        Lack.STATED,
    ]
    all_met = [MET] * len(trees.leaves)
    assert set(lacks_of(trees, standings_of(trees, all_met))) == {0}
