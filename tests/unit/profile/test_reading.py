"""One form of a profile for files, requests and the store."""

from typing import Any

import pytest

from builders import ZONES
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.profile.reading import read_profile
from higherstudy.domain.profile.writing import profile_data
from higherstudy.domain.shared.errors import Invalid
from higherstudy.ports.contracts.samples import a_full_profile

BACHELOR = {"level": "bachelor", "grade": {"scale": "BD_UGC_4", "value": "3.60"}}
IELTS: dict[str, Any] = {
    "code": "IELTS_AC",
    "taken_on": "2026-06-20",
    "total": "7.0",
    "sections": {"listening": "7.5", "reading": "7.0", "writing": "6.5", "speaking": "7.0"},
}


def problems(data: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        read_profile(data, bundled_rulebook(), ZONES.named)
    return {(reason.where, reason.code) for reason in refused.value.reasons}


@pytest.mark.parametrize("profile", [a_full_profile(), Profile(), Profile(tests=(), work=(), qualifications=())])
def test_a_profile_that_is_written_and_read_is_the_same(profile: Profile) -> None:
    assert read_profile(profile_data(profile)) == profile


def test_a_whole_profile_passes_the_rules_of_the_packs() -> None:
    read = read_profile({"qualifications": [BACHELOR], "tests": [IELTS]}, bundled_rulebook(), ZONES.named)

    assert read.tests is not None
    assert read.work is None


@pytest.mark.parametrize(
    ("changed", "where", "code"),
    [
        ({"total": "7.3"}, "tests[0].total", "test.off_scale"),
        ({"total": "8.5"}, "tests[0].total", "test.total_differs"),
        ({"code": "IELTS_99"}, "tests[0].code", "test.unknown"),
        ({"sections": {"dancing": "7.0"}}, "tests[0].sections.dancing", "test.unknown_section"),
        ({"taken_on": "soon"}, "tests[0].taken_on", "data.not_a_date"),
    ],
)
def test_a_result_must_be_one_that_the_test_can_give(changed: dict[str, Any], where: str, code: str) -> None:
    assert (where, code) in problems({"tests": [{**IELTS, **changed}]})


@pytest.mark.parametrize(
    ("data", "where", "code"),
    [
        (
            {"qualifications": [{**BACHELOR, "grade": {"scale": "BD_UGC_4", "value": "4.20"}}]},
            "qualifications[0].grade.value",
            "grade.off_scale",
        ),
        (
            {"qualifications": [{**BACHELOR, "grade": {"scale": "BD_UGC_4", "value": 3.6}}]},
            "qualifications[0].grade.value",
            "data.not_decimal",
        ),
        ({"qualifications": [{"level": "wizard"}]}, "qualifications[0].level", "data.unknown_word"),
        ({"citizenships": ["Bangladesh"]}, "citizenships[0]", "country.unknown"),
        ({"residence": {"country": "BD", "zone": "Asia/Dacca!"}}, "residence.zone", "zone.unknown"),
        (
            {"passport": {"issued_on": "2022-06-01", "expires_on": "2021-06-01"}},
            "passport.expires_on",
            "passport.expires_before_issue",
        ),
        (
            {"work": [{"employer": "A bank", "begun_on": "2026-01-02", "ended_on": "2026-01-01"}]},
            "work[0].ended_on",
            "work.ends_before_it_begins",
        ),
        ({"languages": {"en": "Z9"}}, "languages.en", "language.unknown_level"),
        ({"circumstances": {"lucky": True}}, "circumstances.lucky", "condition.unknown_circumstance"),
        ({"circumstances": {"money_proof": "blocked account"}}, "circumstances.money_proof", "data.unknown_word"),
        ({"circumstances": {"uni_assist": "true"}}, "circumstances.uni_assist", "data.not_true_or_false"),
        ({"circumstances": {"uni_assist": [1]}}, "circumstances.uni_assist", "data.not_true_or_false"),
        ({"circumstances": {"nationality": "Bangladesh"}}, "circumstances.nationality", "country.unknown"),
        (
            {"circumstances": {"programme_language": "German"}},
            "circumstances.programme_language",
            "language.unknown_code",
        ),
        ({"favourite_colour": "red"}, "favourite_colour", "data.unknown_key"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(data: dict[str, Any], where: str, code: str) -> None:
    assert (where, code) in problems(data)


def test_scores_far_off_their_scales_are_refused_and_no_total_is_formed_of_them() -> None:
    sections = {**IELTS["sections"], "speaking": "100000"}

    assert problems({"tests": [{**IELTS, "sections": sections}]}) == {("tests[0].sections.speaking", "test.off_scale")}


@pytest.mark.parametrize("scores", [{"speaking": "1e30"}, {"speaking": "1e999999"}, {"speaking": "-9e12"}])
def test_a_score_of_any_size_is_only_refused(scores: dict[str, str]) -> None:
    sections = {**IELTS["sections"], **scores}

    assert {where for where, _ in problems({"tests": [{**IELTS, "sections": sections}]})} == {
        "tests[0].sections.speaking"
    }


@pytest.mark.parametrize(("scale", "value", "lowest"), [("BD_UGC_4", "3.60", "4.00"), ("DE_5", "2.0", "1.0")])
def test_a_lowest_pass_that_is_the_best_grade_is_refused(scale: str, value: str, lowest: str) -> None:
    grade = {"scale": scale, "value": value, "lowest_pass": lowest}

    found = problems({"qualifications": [{"level": "bachelor", "grade": grade}]})

    assert found == {("qualifications[0].grade.lowest_pass", "grade.pass_not_below_best")}


@pytest.mark.parametrize("field", ["name", "passport", "tests", "residence", "target", "languages"])
@pytest.mark.parametrize("value", [5, True, [[]], [5]])
def test_a_value_of_the_wrong_kind_is_named_and_never_breaks_anything(field: str, value: object) -> None:
    assert {where.split("[")[0] for where, _ in problems({field: value})} == {field}


DET: dict[str, Any] = {
    "code": "DET",
    "taken_on": "2026-03-01",
    "total": "115",
    "sections": {"speaking": "110", "writing": "115", "reading": "115", "listening": "120"},
}


@pytest.mark.parametrize(
    ("result", "right"),
    [
        ({"code": "TOEFL_IBT_2005", "taken_on": "2026-01-21", "total": "90"}, "TOEFL_IBT_2026"),
        ({"code": "TOEFL_IBT_2026", "taken_on": "2026-01-20", "total": "4.5"}, "TOEFL_IBT_2005"),
    ],
)
def test_a_result_of_the_wrong_edition_for_its_day_is_refused_with_the_right_one(
    result: dict[str, Any], right: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read_profile({"tests": [result]}, bundled_rulebook())

    (reason,) = refused.value.reasons
    assert (reason.code, reason.where, reason.params["right"]) == ("test.wrong_edition", "tests[0].code", right)


def test_a_result_from_before_every_edition_that_is_known_is_refused_as_not_comparable() -> None:
    assert problems({"tests": [{**DET, "taken_on": "2024-06-30"}]}) == {("tests[0].taken_on", "test.edition_not_held")}


def test_a_total_that_contradicts_its_sections_is_refused_with_both_numbers() -> None:
    with pytest.raises(Invalid) as refused:
        read_profile({"tests": [{**IELTS, "total": "7.5"}]}, bundled_rulebook())

    (reason,) = refused.value.reasons
    assert (reason.params["given"], reason.params["by_sections"]) == ("7.5", "7.0")


def test_an_integrated_score_that_is_the_mean_of_its_two_sections_is_taken() -> None:
    sections = {**DET["sections"], "literacy": "115"}

    assert read_profile({"tests": [{**DET, "sections": sections}]}, bundled_rulebook()).tests is not None


@pytest.mark.parametrize("comprehension", ["115", "120"])
def test_of_a_mean_between_two_steps_either_is_taken(comprehension: str) -> None:
    sections = {**DET["sections"], "comprehension": comprehension}

    assert read_profile({"tests": [{**DET, "sections": sections}]}, bundled_rulebook()).tests is not None


def test_an_integrated_score_that_is_no_mean_of_its_two_sections_is_refused_with_all_three() -> None:
    sections = {**DET["sections"], "literacy": "125"}

    with pytest.raises(Invalid) as refused:
        read_profile({"tests": [{**DET, "sections": sections}]}, bundled_rulebook())

    (reason,) = refused.value.reasons
    assert (reason.where, reason.code) == ("tests[0].sections.literacy", "test.section_differs")
    assert (reason.params["given"], reason.params["parts"]) == ("125", "reading 115, writing 115")


def test_a_country_or_a_currency_that_there_is_not_is_named_since_no_rule_would_fit_it() -> None:
    data = {
        "citizenships": ["BD", "UK"],
        "residence": {"country": "UK", "zone": "Europe/London"},
        "qualifications": [{"level": "bachelor", "country": "ZZ"}],
        "target": {"countries": ["DE", "EU"]},
        "budget_a_year": {"amount": "1200", "currency": "TKA"},
    }

    assert problems(data) == {
        ("citizenships[1]", "country.unknown"),
        ("residence.country", "country.unknown"),
        ("qualifications[0].country", "country.unknown"),
        ("target.countries[1]", "country.unknown"),
        ("budget_a_year.currency", "money.currency_unknown"),
    }
    assert read_profile({"citizenships": ["XK"]}, bundled_rulebook()).citizenships == ("XK",)
    assert read_profile(data).citizenships == ("BD", "UK")  # what was kept earlier can still be read
