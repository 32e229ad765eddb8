"""Every finding about a test whole, by the small rulebook: what is said, on what it rests, what would flip it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from whole_findings import (
    LEAF,
    LOW,
    MEDIUM,
    MET,
    NEEDED,
    NOT_MET,
    OLD_TOTALS,
    ON,
    OWN,
    PAST,
    PROBABLY,
    TAKEN,
    TOLD,
    TOTALS,
    UNKNOWN,
    UNTIL,
    WRITING,
    judged,
    leads,
    other,
    own,
    rules,
    said,
    sat,
)

from higherstudy.domain.catalogue.requirement import (
    TestNeeded,
)
from higherstudy.domain.matching.verdict import Change, Finding, Layer, Part, Standing, Used, Validity
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.rulebook.scores import ConcordanceRow, TotalRule
from study_builders import STATED, profile

TAKE = (Change("take_test", dict(TOLD), 20, NEEDED),)


def test_a_test_that_was_not_taken_or_is_not_known() -> None:
    unknown = TestNeeded(STATED, "XX", Decimal(5), {"writing": Decimal(6)})
    params = {"test": "XX", "needed": "5, writing 6"}

    assert judged(unknown, profile()) == said(UNKNOWN, "test.not_in_rulebook", params, flip=None)
    assert judged(LEAF, Profile()) == said(UNKNOWN, "test.not_stated", TOLD, flip=TAKE)
    assert sat() == said(NOT_MET, "test.missing", TOLD, flip=TAKE)
    assert sat(Result("ZZ", TAKEN, Decimal(9))) == said(NOT_MET, "test.missing", TOLD, flip=TAKE)


BY_OWNER = Validity(Layer.OWNER, ON, UNTIL)


def of_test(standing: Standing, code: str, has: str, **more: Any) -> Finding:
    params = {**TOLD, "has": has, "taken_on": "2025-09-13", **more.pop("said", {})}
    usual: dict[str, Any] = {
        "rests_on": ("test:TT",), "used": (Used("tests", 0, "TT", TAKEN),), "validity": BY_OWNER
    }  # fmt: skip
    return said(standing, code, params, MEDIUM, **{**usual, **more})


def test_a_result_of_the_test_itself() -> None:
    state = (Change("state_score", {"test": "TT", "parts": "writing"}, 1, (Part("writing", Decimal(0), "writing"),)),)
    gaps = (Part("total", Decimal("1.0"), "total +1.0"), Part("writing", Decimal("0.5"), "writing +0.5"))
    raise_both = (Change("raise_score", {"test": "TT", "by": "total +1.0, writing +0.5"}, 12, gaps),)

    assert sat(own("6.5", writing="6.0")) == of_test(MET, "test.good_enough", "6.5, writing 6.0")
    by_sections = sat(own(None, reading="7.0", writing="6.0"))
    assert by_sections == of_test(MET, "test.good_enough", "reading 7.0, writing 6.0")
    unstated = of_test(UNKNOWN, "test.part_not_stated", "7.0", said={"parts": "writing"}, flip=state)
    assert sat(own("7.0")) == unstated
    by = {"by": "total +1.0, writing +0.5"}
    low = of_test(NOT_MET, "test.too_low", "5.5, writing 5.5", said=by, flip=raise_both, distance=by["by"])
    assert sat(own("5.5", writing="5.5")) == low
    half = sat(own("5.5"))
    assert (half.code, half.distance, half.standing) == ("test.too_low", "total +1.0", NOT_MET)


@pytest.mark.parametrize(
    ("on", "code", "distance"),
    [
        (UNTIL, "test.good_enough", ""),
        (date(2027, 9, 14), "test.run_out", "1 day"),
        (date(2027, 9, 15), "test.run_out", "2 days"),
    ],
)
def test_a_result_counts_until_its_last_day(on: date, code: str, distance: str) -> None:
    found = sat(own("6.5", writing="6.0"), on=on)

    assert (found.code, found.distance) == (code, distance)
    if distance:
        days = {"taken_on": "2025-09-13", "until": "2027-09-13", "held_on": on.isoformat()}
        assert found == said(
            NOT_MET, "test.run_out", {**TOLD, **days}, MEDIUM, rests_on=("test:TT",), distance=distance,
            flip=(Change("retake_test", TOLD, 15, NEEDED),), used=(Used("tests", 0, "TT", TAKEN),),
            validity=Validity(Layer.OWNER, on, UNTIL),
        )  # fmt: skip


def test_the_best_result_counts_and_of_equal_ones_that_which_needs_least() -> None:
    low, better = own("5.0", writing="5.0"), own("6.0", writing="6.0")

    assert sat(low, better).used == (Used("tests", 1, "TT", TAKEN),)
    assert sat(better, low).used == (Used("tests", 0, "TT", TAKEN),)
    assert sat(other("110", writing="30"), own("6.5", writing="6.0")).standing is MET


def of_other(standing: Standing, code: str, has: str, **more: Any) -> Finding:
    params = {**TOLD, "other_test": "OO", "has": has, "tables": "totals, writing", "parts": "", "by_table": ""}
    usual: dict[str, Any] = {
        "flip": TAKE, "rests_on": ("totals", "writing"), "used": (Used("tests", 0, "OO", TAKEN),), "validity": BY_OWNER
    }  # fmt: skip
    return said(standing, code, {**params, **more.pop("said", {})}, LOW, **{**usual, **more})


def test_a_result_of_another_test_by_its_tables() -> None:
    state = (Change("state_score", {"test": "OO", "parts": "writing"}, 1, (Part("writing", Decimal(0), "writing"),)),)

    assert sat(other("95", writing="20")) == of_other(PROBABLY, "test.concordance_enough", "95, writing 20")
    low = of_other(NOT_MET, "test.concordance_too_low", "94, writing 20", distance="total +0.5")
    assert sat(other("94", writing="20")) == low
    below = of_other(NOT_MET, "test.concordance_too_low", "79, writing 19")
    assert sat(other("79", writing="19")) == below
    part = of_other(UNKNOWN, "test.other_part_not_stated", "95", said={"parts": "writing"}, flip=state)
    assert sat(other("95")) == part
    assert sat(other("94")).code == "test.concordance_too_low"
    assert sat(other("95", writing="20"), rulebook=rules(concordances=(TOTALS,))).code == "test.missing"


def test_tables_that_contradict_each_other_are_asked_about() -> None:
    both = rules(concordances=(TOTALS, OLD_TOTALS, WRITING))
    ask = (Change("ask_which_table", {"tables": "totals, old"}, 4),)

    found = sat(other("90", writing="20"), rulebook=both)

    tables = {"tables": "totals, old, writing", "by_table": "6.0 by totals, 6.5 by old"}
    assert found == of_other(
        UNKNOWN,
        "test.concordances_disagree",
        "90, writing 20",
        said=tables,
        flip=ask,
        rests_on=("totals", "old", "writing"),
    )
    assert sat(other("95", writing="20"), rulebook=both).standing is PROBABLY
    none = sat(other("70", writing="20"), rulebook=both)
    assert (none.standing, none.distance) == (NOT_MET, "total +0.5")
    less = sat(other("79", writing="20"), leaf=replace(LEAF, total=Decimal("6.0")), rulebook=both)
    assert less.params["by_table"] == "less by totals, 6.0 by old"
    two = rules(
        concordances=(TOTALS, WRITING, replace(WRITING, id="w2", rows=(ConcordanceRow(Decimal(20), Decimal("5.0")),)))
    )
    of_part = sat(other("95", writing="20"), rulebook=two)
    assert of_part.params["by_table"] == "writing 6.0 by writing, 5.0 by w2"


PRESENT = replace(OWN, code="T2", title="New", edition_of="TT", taken_from=date(2026, 1, 21), total_rule=TotalRule.NONE)


def test_an_edition_that_is_held_no_longer_is_not_asked_for() -> None:
    tables = leads("total", ((5, "6.5"), (4, "6.0"))), leads("writing", ((3, "6.5"), (2, "6.0")))
    old = replace(PAST, edition_of="TT")
    with_tables = rules(tests=(old, PRESENT), concordances=tables)

    needed = (Part("total", Decimal(5), "5"), Part("writing", Decimal(2), "writing 2"))
    take = (Change("take_test", {"test": "T2", "needed": "5, writing 2"}, 20, needed),)
    assert sat(rulebook=with_tables) == said(NOT_MET, "test.missing", TOLD, flip=take)
    assert sat(rulebook=rules(tests=(old, PRESENT), concordances=tables[:1])).flip is None
    assert sat(rulebook=rules(tests=(old,), concordances=())).flip is None
    assert sat(rulebook=with_tables, on=date(2026, 1, 20)).flip == TAKE
    assert sat(rulebook=with_tables, on=date(2026, 1, 21)).flip == take
    low = sat(own("6.0", writing="6.0"), rulebook=with_tables)
    assert low.flip == (replace(take[0], effort=11),)
