"""What an answer has to say about the rules that it leans on."""

from datetime import date

import pytest

from higherstudy.domain.rulebook.leaning import packs_leaned_on, warnings_for
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.reading import read_pack

from .everything import EVERYTHING, as_pack
from .pack_texts import fact, head, pack_of

BEFORE, AFTER = date(2027, 1, 1), date(2027, 1, 2)  # the packs are to be reviewed by the first of these days
ALL = read_pack(as_pack(EVERYTHING), "all.toml")
OTHER = pack_of(fact("fee", key="fee"), "other")
RULES = Rulebook((ALL, OTHER))


@pytest.mark.parametrize(
    "name", ["rate.2", "test:ONE", "one-to-one", "OF_FIVE", "to-five", "document:passport", "papers", "way", "money"]
)
def test_whatever_kind_of_record_an_answer_leans_on_its_pack_is_named_once_it_is_out_of_date(name: str) -> None:
    assert warnings_for(RULES, [name], BEFORE) == ()
    assert warnings_for(RULES, [name, name], AFTER) == ("pack.stale:all",)


def test_a_stale_pack_that_the_answer_does_not_lean_on_is_not_named() -> None:
    assert warnings_for(RULES, ["fee"], AFTER) == ("pack.stale:other",)
    assert warnings_for(RULES, [], AFTER) == ()


def test_the_packs_that_an_answer_leans_on_come_once_each_in_the_rulebooks_order() -> None:
    assert packs_leaned_on(RULES, ["fee", "rate.2", "way", "of no pack"]) == (ALL, OTHER)
    assert packs_leaned_on(RULES, ["fee"]) == (OTHER,)
    assert packs_leaned_on(RULES, []) == ()


@pytest.mark.parametrize(("confidence", "warned"), [("H", False), ("M", False), ("L", True), ("U", True)])
def test_a_fact_that_nobody_has_verified_is_named(confidence: str, warned: bool) -> None:
    text = head() + fact("rate").replace('"M"', f'"{confidence}"')

    found = warnings_for(Rulebook((read_pack(text, "sample.toml"),)), ["rate"], BEFORE)

    assert found == (("fact.unverified:rate",) if warned else ())


def test_a_test_that_nobody_has_verified_is_named_by_its_code() -> None:
    doubtful = {**EVERYTHING["tests"][0], "confidence": "L"}
    pack = read_pack(as_pack({**EVERYTHING, "tests": [doubtful]}), "all.toml")

    assert warnings_for(Rulebook((pack,)), ["test:ONE"], BEFORE) == ("fact.unverified:ONE",)


@pytest.mark.parametrize(
    ("precision", "day", "warned"),
    [
        ("year", date(2021, 1, 1), True),
        ("year", date(2021, 12, 31), True),
        ("year", date(2022, 1, 1), False),
        ("month", date(2021, 1, 31), True),
        ("month", date(2021, 2, 1), False),
        ("day", date(2021, 1, 1), False),
    ],
)
def test_a_fact_whose_source_tells_only_month_or_year_is_named_within_it(
    precision: str, day: date, warned: bool
) -> None:
    pack = pack_of(fact("rate", more=f'valid_from = 2021-01-01\nvalid_from_precision = "{precision}"'))

    found = warnings_for(Rulebook((pack,)), ["rate"], day)

    assert found == (("fact.begin_not_exact:rate",) if warned else ())


def test_a_name_that_is_no_records_is_passed_over() -> None:
    assert warnings_for(RULES, ["test:TWO", "document:seal", "test:passport", "nothing"], AFTER) == ()
