"""How a requirement stands, and why."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
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
from higherstudy.domain.matching.judging import judge, judge_programme
from higherstudy.domain.matching.verdict import Finding, Standing
from higherstudy.domain.profile.profile import Profile, WorkPeriod
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.sources import Confidence
from study_builders import STATED, bachelor, ielts, profile, programme

ON = date(2026, 11, 23)
IELTS_65 = TestNeeded(STATED, "IELTS_AC", Decimal("6.5"))
GERMAN_25 = GradeNeeded(STATED, "bachelor", "DE_5", Decimal("2.5"))


def found(
    requirement: Requirement,
    student: Profile | None = None,
    papers: dict[str, bool | None] | None = None,
    institution: str = "",
) -> Finding:
    return judge(requirement, Evidence(student or profile(), ON, papers), bundled_rulebook(), institution)


def standing(requirement: Requirement, student: Profile | None = None) -> Standing:
    return found(requirement, student).standing


def test_a_score_that_reaches_the_limit_meets_it() -> None:
    assert standing(IELTS_65) is Standing.MET


def test_a_score_below_the_limit_names_the_distance_and_the_change_that_flips_it() -> None:
    finding = found(IELTS_65, profile(tests=(ielts("6.0"),)))

    assert finding.standing is Standing.NOT_MET
    assert finding.distance == "total +0.5"
    assert [change.code for change in finding.flip or ()] == ["raise_score"]


def test_a_section_below_its_minimum_is_not_saved_by_a_good_total() -> None:
    needed = TestNeeded(STATED, "IELTS_AC", Decimal("6.5"), {"writing": Decimal("6.5")})
    result = ielts("7.0", sections={"writing": Decimal("6.0")})

    finding = found(needed, profile(tests=(result,)))

    assert (finding.standing, finding.distance) == (Standing.NOT_MET, "writing +0.5")


def test_a_section_that_nobody_stated_is_unknown_and_not_zero() -> None:
    needed = TestNeeded(STATED, "IELTS_AC", Decimal("6.5"), {"writing": Decimal("6.5")})

    assert standing(needed, profile(tests=(ielts("7.0"),))) is Standing.UNKNOWN


def test_a_total_that_was_left_out_follows_from_the_sections() -> None:
    sections = {name: Decimal("6.5") for name in ("listening", "reading", "writing", "speaking")}

    assert standing(IELTS_65, profile(tests=(ielts(None, sections=sections),))) is Standing.MET


def test_a_result_that_has_run_out_by_the_day_no_longer_counts() -> None:
    old = ielts("8.0", taken_on=date(2024, 11, 22))

    finding = found(IELTS_65, profile(tests=(old,)))

    assert (finding.standing, finding.code) == (Standing.NOT_MET, "test.run_out")


def test_a_result_counts_on_its_last_day() -> None:
    assert standing(IELTS_65, profile(tests=(ielts("8.0", taken_on=date(2024, 11, 23)),))) is Standing.MET


def test_another_test_gives_at_most_probably_and_names_its_table() -> None:
    toefl = Result("TOEFL_IBT_2005", date(2025, 9, 1), Decimal(95))

    finding = found(IELTS_65, profile(tests=(toefl,)))

    assert finding.standing is Standing.PROBABLY_MET
    assert any("ielts" in name for name in finding.rests_on)


def test_concordances_are_never_chained() -> None:
    new_toefl = Result("TOEFL_IBT_2026", date(2026, 2, 1), Decimal("5.5"))

    finding = found(IELTS_65, profile(tests=(new_toefl,)))

    assert finding.standing is Standing.NOT_MET
    assert finding.code == "test.missing"


def test_a_pte_score_counts_only_where_all_tables_in_use_agree() -> None:
    below, between, above = (Result("PTE_ACADEMIC", date(2025, 9, 1), Decimal(score)) for score in (54, 56, 59))

    assert standing(IELTS_65, profile(tests=(below,))) is Standing.NOT_MET
    assert standing(IELTS_65, profile(tests=(between,))) is Standing.UNKNOWN
    assert standing(IELTS_65, profile(tests=(above,))) is Standing.PROBABLY_MET


def test_a_converted_grade_is_an_estimate_and_so_probably_met() -> None:
    finding = found(GERMAN_25)

    assert finding.standing is Standing.PROBABLY_MET
    assert finding.params["estimate"] == "1.75"
    assert "modified-bavarian" in finding.rests_on


def test_an_estimate_beyond_the_limit_says_by_how_much() -> None:
    finding = found(GERMAN_25, profile(qualifications=(bachelor("2.60"),)))

    assert (finding.standing, finding.distance) == (Standing.NOT_MET, "0.60")
    assert finding.flip is None


def test_the_awarding_institutions_own_pass_changes_the_estimate() -> None:
    grade = replace(bachelor().grade, lowest_pass=Decimal("1.00"))  # type: ignore[type-var]

    finding = found(GERMAN_25, profile(qualifications=(bachelor(grade=grade),)))

    assert finding.params["estimate"] == "1.50"


def test_a_grade_on_the_stated_scale_itself_is_compared_directly() -> None:
    needed = GradeNeeded(STATED, "bachelor", "BD_UGC_4", Decimal("3.50"))

    assert standing(needed) is Standing.MET
    assert standing(needed, profile(qualifications=(bachelor("3.49"),))) is Standing.NOT_MET


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("0613",), Standing.MET),
        (("0612",), Standing.NOT_MET),
        (("06",), Standing.UNKNOWN),
        ((), Standing.UNKNOWN),
        (("0711",), Standing.NOT_MET),
    ],
)
def test_a_field_fits_exactly_or_stays_unknown_while_it_is_too_broad(
    fields: tuple[str, ...], expected: Standing
) -> None:
    needed = DegreeNeeded(STATED, "bachelor", ("0613",))

    assert standing(needed, profile(qualifications=(bachelor(fields=fields),))) is expected


def test_a_degree_still_to_be_finished_is_probably_met() -> None:
    needed = DegreeNeeded(STATED, "bachelor")

    assert standing(needed, profile(qualifications=(bachelor(finished_on=date(2027, 2, 1)),))) is Standing.PROBABLY_MET


def test_a_paper_is_met_missing_or_unknown() -> None:
    needed = DocumentNeeded(STATED, "motivation_letter")

    assert found(needed, papers={"motivation_letter": True}).standing is Standing.MET
    assert found(needed, papers={}).standing is Standing.NOT_MET
    assert found(needed, papers={"motivation_letter": None}).standing is Standing.UNKNOWN
    assert found(needed, papers=None).standing is Standing.UNKNOWN


def test_months_of_work_are_counted_to_the_day_and_internships_are_not() -> None:
    needed = ExperienceNeeded(STATED, 12)
    year = WorkPeriod("A company", date(2025, 11, 22))
    internship = WorkPeriod("A company", date(2020, 1, 1), internship=True)

    assert standing(needed, profile(work=(year,))) is Standing.MET
    assert standing(needed, profile(work=(internship,))) is Standing.NOT_MET
    assert standing(needed, profile(work=None)) is Standing.UNKNOWN


def test_an_excluded_citizenship_cannot_be_changed_by_anything() -> None:
    finding = found(CitizenshipNeeded(STATED, none_of=("BD",)))

    assert (finding.standing, finding.flip) == (Standing.NOT_MET, None)


def test_a_citizenship_names_whom_the_requirement_is_for_and_which_one_is_held() -> None:
    kept_out = found(CitizenshipNeeded(STATED, none_of=("BD", "IN")))
    not_named = found(CitizenshipNeeded(STATED, any_of=("PK",)))

    assert (kept_out.code, kept_out.params["none_of"], kept_out.params["held"]) == (
        "citizenship.excluded", "BD, IN", "BD",
    )  # fmt: skip
    assert (not_named.code, not_named.params["any_of"]) == ("citizenship.not_among", "PK")


def test_a_budget_in_another_currency_is_asked_for_in_the_one_that_is_needed() -> None:
    needed = MoneyNeeded(STATED, Money.of("12000", "EUR"))

    other = found(needed, profile(budget_a_year=Money.of("20000", "USD")))
    none = found(needed)

    assert [(change.code, change.params["currency"]) for change in other.flip or ()] == [("state_budget_in", "EUR")]
    assert (none.code, [change.code for change in none.flip or ()]) == ("money.not_stated", ["complete_profile"])


def test_money_in_another_currency_is_not_compared_in_silence() -> None:
    needed = MoneyNeeded(STATED, Money.of("12000", "EUR"))

    assert standing(needed, profile(budget_a_year=Money.of("12000", "EUR"))) is Standing.MET
    assert standing(needed, profile(budget_a_year=Money.of("11999.99", "EUR"))) is Standing.NOT_MET
    assert standing(needed, profile(budget_a_year=Money.of("20000", "USD"))) is Standing.UNKNOWN


def test_what_no_machine_can_judge_stays_unknown_and_is_shown() -> None:
    finding = found(StatedOnly(STATED, "An interview decides."))

    assert (finding.standing, finding.params["text"]) == (Standing.UNKNOWN, "An interview decides.")


def test_judging_for_oneself_is_proposed_only_where_nothing_surer_is() -> None:
    words = StatedOnly(STATED, "Or another proof of English.")
    toefl = TestNeeded(STATED, "TOEFL_IBT_2005", Decimal(100))

    assert [change.code for change in found(AllOf((words, words))).flip or ()] == ["judge_yourself"]
    assert [change.code for change in found(AnyOf((words, toefl)), Profile(tests=())).flip or ()] == ["take_test"]


def test_all_of_takes_the_least_and_any_of_the_greatest() -> None:
    low, high = TestNeeded(STATED, "IELTS_AC", Decimal("7.0")), IELTS_65

    assert standing(AllOf((low, high))) is Standing.NOT_MET
    assert standing(AnyOf((low, high))) is Standing.MET


def test_the_cheapest_way_through_alternatives_is_the_one_proposed() -> None:
    toefl = TestNeeded(STATED, "TOEFL_IBT_2005", Decimal(100))
    seven = TestNeeded(STATED, "IELTS_AC", Decimal("7.0"))

    finding = found(AnyOf((toefl, seven)))

    assert [(change.code, change.params["test"]) for change in finding.flip or ()] == [("raise_score", "IELTS_AC")]


def test_nothing_stated_is_never_an_error_and_only_unknown() -> None:
    whole = AllOf((IELTS_65, GERMAN_25, DegreeNeeded(STATED, "bachelor"), ExperienceNeeded(STATED, 1)))

    finding = found(whole, Profile())

    assert {leaf.standing for leaf in finding.leaves()} == {Standing.UNKNOWN}


def test_a_programme_without_known_requirements_is_unknown_and_says_whom_to_ask() -> None:
    verdict = judge_programme(programme(None), Evidence(profile(), ON), bundled_rulebook())

    assert verdict.standing is Standing.UNKNOWN
    assert verdict.finding.flip is not None
    assert verdict.finding.flip[0].code == "ask_institution"


def test_a_programme_that_is_no_longer_offered_is_not_met() -> None:
    verdict = judge_programme(programme(IELTS_65, expired=True), Evidence(profile(), ON), bundled_rulebook())

    assert (verdict.standing, verdict.effort) == (Standing.NOT_MET, None)


def test_a_verdict_says_by_which_packs_and_tables_it_was_made() -> None:
    verdict = judge_programme(programme(AllOf((IELTS_65, GERMAN_25))), Evidence(profile(), ON), bundled_rulebook())

    assert verdict.rulebook == bundled_rulebook().edition
    assert set(verdict.rests_on) >= {"test:IELTS_AC", "modified-bavarian", "BD_UGC_4", "DE_5"}


def test_a_verdict_that_leans_on_something_unverified_says_so() -> None:
    hearsay = replace(IELTS_65, stated=replace(STATED, confidence=Confidence.LOW))

    verdict = judge_programme(programme(AllOf((hearsay,))), Evidence(profile(), ON), bundled_rulebook())

    assert verdict.finding.confidence is Confidence.LOW
    assert verdict.warnings == ("requirement.unverified",)


def test_changes_of_one_test_become_one_that_asks_for_the_most_of_each_part() -> None:
    needed = AllOf(
        (
            TestNeeded(STATED, "IELTS_AC", Decimal("7.0")),
            TestNeeded(STATED, "IELTS_AC", Decimal("7.5"), {"writing": Decimal("6.0")}),
            TestNeeded(STATED, "IELTS_AC", None, {"writing": Decimal("6.5")}),
        )
    )

    low = found(needed, profile(tests=(ielts("6.5", sections={"writing": Decimal("5.5")}),)))
    none = found(needed, profile(tests=()))

    assert [(one.params["by"], one.effort) for one in low.flip or ()] == [("total +1.0, writing +1.0", 12)]
    assert [one.params["needed"] for one in none.flip or ()] == ["7.5, writing 6.5"]


def test_of_two_sums_of_money_the_larger_gap_has_to_be_found() -> None:
    sums = AllOf(tuple(MoneyNeeded(STATED, Money.of(amount, "EUR")) for amount in ("9000", "12000", "10000")))

    finding = found(sums, profile(budget_a_year=Money.of("8000", "EUR")))

    assert [change.params["amount"] for change in finding.flip or ()] == ["EUR 4,000.00"]


def test_a_stale_pack_shows_on_every_verdict() -> None:
    late = Evidence(profile(), date(2035, 1, 1))

    assert any(
        warning.startswith("pack.stale:")
        for warning in judge_programme(programme(IELTS_65), late, bundled_rulebook()).warnings
    )


def test_sections_are_told_in_the_order_of_the_test_however_they_were_kept() -> None:
    scores = {"speaking": Decimal("6.5"), "reading": Decimal("7.0"), "listening": Decimal("7.5"), "writing": Decimal(6)}
    one, other = (
        found(IELTS_65, profile(tests=(ielts("7.0", sections=dict(sections)),)))
        for sections in (sorted(scores.items()), list(scores.items()))
    )

    assert one == other
    assert one.params["has"] == "7.0, listening 7.5, reading 7.0, writing 6, speaking 6.5"
