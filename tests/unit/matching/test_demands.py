"""Which of many leaves that ask for tests a result is enough for, all held against it at once."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from unit.matching.test_conversions_and_overrides_in_full import fact
from whole_findings import (
    APPOINTMENT,
    MET,
    MISSION_RULE,
    NOT_MET,
    OLD_TOTALS,
    ON,
    PROBABLY,
    SCHOOL,
    TAKEN,
    TOTALS,
    UNKNOWN,
    WRITING,
    other,
    own,
    rules,
)

from higherstudy.domain.catalogue.requirement import DocumentNeeded, TestNeeded
from higherstudy.domain.matching.asking import ANYBODY, Apart, Asking
from higherstudy.domain.matching.bits import bits_of
from higherstudy.domain.matching.demands import Counts, Demands, Shows
from higherstudy.domain.matching.evidence import Days, Evidence
from higherstudy.domain.matching.trees import AskedLeaf, Trees
from higherstudy.domain.matching.whole import Whole
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.rulebook.facts import Scope
from higherstudy.domain.rulebook.pack import Rulebook
from study_builders import STATED, profile


def leaf(total: str | None = None, code: str = "TT", asking: Asking = ANYBODY, **sections: str) -> AskedLeaf:
    """Return a leaf that asks for so much; a total that is no number is a level, which no test here has."""
    parts = {name: Decimal(score) for name, score in sections.items()}
    wanted = None if total is None else total if total.isalnum() and not total.isdigit() else Decimal(total)
    return AskedLeaf(TestNeeded(STATED, code, wanted, parts), asking)


MONTHS = fact("months", "institution.test.valid_months", Decimal(6), unit="months", scope=Scope(institution=SCHOOL))
LEAVES = [
    AskedLeaf(None),  # 0
    leaf("6.0"),
    leaf("6.5"),
    leaf("7.0"),
    leaf("6.5", writing="6.0"),
    leaf("B1"),  # 5
    leaf(),
    leaf("6.0", asking=Asking(institution=SCHOOL)),  # wants a result of the last six months
    leaf("5", code="XX"),  # no rule knows that test
    leaf("90", code="OO"),
    leaf("6.0", speaking="6.0"),  # 10; there is no such part
    leaf("B2"),
    leaf(),
    AskedLeaf(DocumentNeeded(STATED, "cv")),
]


def shown(
    result: Result, code: str, leaves: list[AskedLeaf] = LEAVES, days: Days | None = None, **changes: Any
) -> tuple[int, int]:
    demands = Demands(leaves, rules(**changes))
    evidence = Evidence(profile(tests=(result,)), ON, days=days)
    return Shows(result, demands, Counts(evidence, demands)).of(code)


def places(enough: Iterable[int] = (), unsure: Iterable[int] = ()) -> tuple[int, int]:
    return bits_of(enough), bits_of(unsure)


@pytest.mark.parametrize(
    ("result", "code", "expected"),
    [
        # Its writing was not stated, and a level or a part that the test does not have can be held against nothing.
        (own("6.5"), "TT", places([1, 2, 6, 12], [4, 5, 10, 11])),
        (own("6.5", writing="6.0"), "TT", places([1, 2, 4, 6, 12], [5, 10, 11])),
        (own("6.0", writing="5.5"), "TT", places([1, 6, 12], [5, 10, 11])),
        (own("5.5"), "TT", places([6, 12], [5, 11])),
        (Result("TT", TAKEN, "B1"), "TT", places([6, 12], [1, 2, 3, 4, 5, 10, 11])),
        # A table leads to totals and to writing alone; whoever asks for no part wants the test itself.
        (other("95"), "TT", places([1, 2], [4])),
        (other("95", writing="20"), "TT", places([1, 2, 4])),
        (Result("OO", TAKEN, Decimal(95), {"writing": "B2"}), "TT", places([1, 2])),
        (other("80", writing="20"), "TT", places([1])),
        (other("79", writing="20"), "TT", places()),
        (other("90"), "OO", places([9])),
        (other("89"), "OO", places()),
        (own("9.0"), "OO", places()),
        (own("9.0"), "XX", places()),
        (Result("ZZ", TAKEN), "TT", places()),
    ],
)
def test_a_result_is_enough_for_some_leaves_and_leaves_others_open(
    result: Result, code: str, expected: tuple[int, int]
) -> None:
    assert shown(result, code, facts=(MONTHS,)) == expected


def test_between_what_one_table_and_what_all_say_nobody_can_tell() -> None:
    both = (TOTALS, OLD_TOTALS, WRITING)  # 90 is 6.0 by the one and 6.5 by the other

    assert shown(other("90", writing="20"), "TT", facts=(MONTHS,), concordances=both) == places([1], [2, 4])
    assert shown(other("75", writing="20"), "TT", facts=(MONTHS,), concordances=both) == places([], [1])


def test_where_a_day_decides_that_nobody_has_named_what_would_be_enough_is_open() -> None:
    de, nl = Asking("DE", "master"), Asking("NL", "master")
    leaves = [
        AskedLeaf(None), leaf("6.0", asking=de), leaf("6.0", asking=nl), leaf("7.0", asking=de),
        leaf("6.0", asking=de, writing="6.0"),
    ]  # fmt: skip
    waiver = fact("waiver", "visa.test.expired_after_enrolment.tt", "statement", scope=Scope(country="DE"))
    days = Days(ON, None, APPOINTMENT)

    assert shown(own("6.5"), "TT", leaves, days, facts=(MISSION_RULE, waiver)) == places([2], [1, 4])
    assert shown(own("6.5"), "TT", leaves, days, facts=(MISSION_RULE,)) == places([2], [])
    assert shown(own("6.5"), "TT", leaves, days) == places([1, 2], [4])


def test_each_test_leads_to_itself_and_to_where_a_table_leads_as_far_as_that_is_asked_for() -> None:
    assert Demands(LEAVES, rules()).leads == {"TT": ["TT"], "OO": ["OO", "TT"]}
    assert Demands(LEAVES[:3], rules()).leads == {"TT": ["TT"], "OO": ["TT"]}


def catalogue(known: Rulebook) -> Trees:
    trees = Trees(Apart.of(known))
    for asked in LEAVES[1:]:
        trees.tree(asked.leaf, asked.asking)  # type: ignore[arg-type]
    return trees


def test_of_several_results_the_best_one_counts_for_each_leaf_by_itself() -> None:
    known = rules(facts=(MONTHS,))
    trees = catalogue(known)
    results = (own("6.5"), own("6.0", writing="6.0"), other("95", writing="20"), other("100"))
    # The leaf that asks for no part stands there once, so that the paper comes in its place.
    by_hand = [
        UNKNOWN, MET, MET, NOT_MET, PROBABLY, UNKNOWN, MET, NOT_MET, UNKNOWN, MET, UNKNOWN, UNKNOWN, NOT_MET
    ]  # fmt: skip

    for tests in (results, results[::-1]):
        evidence = Evidence(profile(tests=tests), ON, {})
        assert list(Whole(trees, evidence, known).leaves) == by_hand
        assert list(Whole(trees, evidence, known, [1, 3, 9]).leaves) == [
            # Leaves that ask for a test are all held against the results at once.
            0 if place in (0, 12) else standing for place, standing in enumerate(by_hand)
        ]  # fmt: skip


def test_a_result_to_come_opens_the_leaves_that_it_is_enough_for() -> None:
    known = rules(facts=(MONTHS,))
    trees = catalogue(known)
    now = Evidence(profile(tests=(own("6.0"),)), ON, {})
    whole = Whole(trees, now, known)

    better = Evidence(profile(tests=(own("6.5"), other("95", writing="20"))), ON, {})

    assert whole.opened(better, range(len(trees.leaves))) == [(2, MET), (4, PROBABLY), (9, MET)]
    assert whole.opened(now, range(len(trees.leaves))) == []
