"""The commands ``grade`` and ``score``."""

import json
from collections.abc import Callable
from typing import Any

Run = Callable[..., Any]


def test_a_grade_is_shown_with_each_way_of_rounding_and_whose_word_counts(run: Run) -> None:
    ran = run("grade", "3.50", "--scale", "BD_UGC_4", "--to", "DE_5", "--lowest-pass", "1.00")

    assert ran.code == 0
    assert "1.50 by Modified Bavarian formula" in ran.out
    assert "These are estimates." in ran.out


def test_where_rounding_matters_each_policy_is_named(run: Run) -> None:
    ran = run("grade", "3.50", "--scale", "BD_UGC_4", "--to", "DE_5")

    said = " ".join(ran.out.split())
    assert "1.75 as it is, 1.7 cut off after one decimal, 1.8 rounded to one decimal" in said
    assert "Ask your institution for its own" in said


def test_a_grade_below_the_lowest_pass_is_called_a_fail(run: Run) -> None:
    asked = ("grade", "1.90", "--scale", "BD_UGC_4", "--to", "DE_5", "--lowest-pass", "2.00")

    english, bangla = run(*asked), run(*asked, "--language", "bn")

    assert "A fail: 1.90 is below the lowest pass 2.00, and 5.00 stands for failed" in " ".join(english.out.split())
    assert "এটি ফেল: 1.90 পাসের সর্বনিম্ন গ্রেড 2.00-এর নিচে" in " ".join(bangla.out.split())


def test_a_grade_as_data_says_that_it_is_an_estimate(run: Run) -> None:
    ran = run("grade", "8.0", "--scale", "IN_10", "--to", "IN_PERCENT", "--json")

    found = json.loads(ran.out)
    assert found["estimate"] is True
    assert len(found["conversions"]) == 11


def test_a_grade_off_its_scale_is_refused_in_one_sentence(run: Run) -> None:
    ran = run("grade", "4.2", "--scale", "BD_UGC_4", "--to", "DE_5")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "higherstudy: value: 4.2 is not between 0 and 4.00, the ends of this scale.\n"


def test_a_result_is_shown_with_its_total_its_last_day_and_its_tables(run: Run) -> None:
    scores = ("listening=7", "reading=6.5", "writing=6.0", "speaking=6.5")

    ran = run("score", "IELTS_AC", *scores, "--taken-on", "2025-09-13", "--today", "2027-09-14")

    said = " ".join(ran.out.split())
    assert "IELTS Academic: total 6.5 [H]" in said
    assert "On 14 Sep 2027 it does not count any more" in said
    assert "ets-ielts-toefl2005-total" in said


def test_a_total_that_contradicts_its_sections_is_refused_with_both_numbers(run: Run) -> None:
    ran = run("score", "IELTS_AC", "7.5", "listening=7", "reading=6.5", "writing=6.0", "speaking=6.5")

    assert (ran.code, ran.err) == (2, "higherstudy: total: The stated total is 7.5, and the sections give 6.5.\n")


def test_a_part_that_is_given_twice_is_refused(run: Run) -> None:
    assert run("score", "IELTS_AC", "6.5", "7.0").err == "higherstudy: score: The total is given twice.\n"
    assert run("score", "IELTS_AC", "reading=6", "reading=7").err == "higherstudy: score: reading is given twice.\n"


def test_a_test_that_is_still_to_come_has_no_result(run: Run) -> None:
    ran = run("score", "IELTS_AC", "6.5", "--taken-on", "2027-02-27", "--today", "2026-11-27")

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("higherstudy: taken_on: A test of 27 February 2027 is still to come;")


def test_an_unknown_test_or_scale_is_refused_with_those_that_are_known(run: Run) -> None:
    test = run("score", "TOEFL_IBT", "90")
    scale = run("grade", "3.5", "--scale", "GPA", "--to", "DE_5")

    assert (test.code, scale.code) == (2, 2)
    assert "TOEFL_IBT_2005, TOEFL_IBT_2026" in test.err
    assert "BD_UGC_4" in scale.err
