"""Verdicts that are printed for a case."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]
TODAY = ("--today", "2026-11-23")

CATALOGUE = """
[catalogue]
id = "two"
title = "Two programmes"
edition = "1"

[[sources]]
id = "page"
title = "The page"
kind = "official"
retrieved_on = 2026-11-23

[[institutions]]
key = "uni"
name = "A university"
country = "DE"
source = "page"

[[programmes]]
key = "open"
institution = "uni"
name = "Open to all"
level = "master"
source = "page"
confidence = "H"
requirement = { degree = { level = "bachelor" } }

[[programmes]]
key = "strict"
institution = "uni"
name = "Strict"
level = "master"
source = "page"
confidence = "H"
requirement = { test = { code = "IELTS_AC", total = "8.0" } }
"""


def test_every_programme_is_counted_and_the_best_come_first(run: Run, sample: Path) -> None:
    order = ["met", "probably_met", "unknown", "not_met"]

    found = json.loads(run("match", sample, *TODAY, "--json", "--limit", "1000").out)

    standings = [match["standing"] for match in found["matches"]]
    assert found["total"] == sum(found["counts"].values()) == len(standings)
    assert standings == sorted(standings, key=order.index)


def test_only_what_is_asked_for_is_ranked(run: Run, sample: Path) -> None:
    found = json.loads(run("match", sample, *TODAY, "--json", "--country", "de", "NL", "--field", "0613").out)

    assert {match["country"] for match in found["matches"]} == {"DE", "NL"}


def test_a_page_of_matches_names_reason_change_and_source(run: Run, sample: Path) -> None:
    page = run("match", sample, *TODAY, "--limit", "30")

    assert page.code == 0
    assert "The cheapest change:" in page.out
    assert "Source:" in page.out
    assert "more programmes; see them with --limit" in " ".join(page.out.split())


def test_another_catalogue_takes_the_place_of_the_bundled_one(run: Run, sample: Path, tmp_path: Path) -> None:
    file = tmp_path / "two.toml"
    file.write_text(CATALOGUE, encoding="utf-8")

    found = json.loads(run("match", sample, *TODAY, "--catalogue", file, "--json").out)

    assert [(match["key"], match["standing"]) for match in found["matches"]] == [("open", "met"), ("strict", "not_met")]


def test_a_verdict_is_explained_and_its_exit_code_says_no(run: Run, sample: Path, tmp_path: Path) -> None:
    file = tmp_path / "two.toml"
    file.write_text(CATALOGUE, encoding="utf-8")

    met = run("verdict", sample, "open", *TODAY, "--catalogue", file)
    not_met = run("verdict", sample, "strict", *TODAY, "--catalogue", file)

    assert (met.code, not_met.code) == (0, 1)
    assert "raise your IELTS Academic score (overall +1.5)" in " ".join(not_met.out.split())


def test_a_broken_catalogue_is_told_with_its_line(run: Run, sample: Path, tmp_path: Path) -> None:
    file = tmp_path / "two.toml"
    file.write_text(CATALOGUE.replace('key = "uni"', 'key = ""'), encoding="utf-8")

    found = run("match", sample, "--catalogue", file)

    assert found.code == 2
    assert f"higherstudy: {file}:14: institutions[0].key" in found.err


def test_a_misspelt_programme_is_named_with_its_likeness(run: Run, sample: Path) -> None:
    found = run("verdict", sample, "tum-informatic-msc", *TODAY)

    assert found.code == 2
    assert "Did you mean tum-informatics-msc" in found.err


def test_a_limit_and_a_country_out_of_range_are_each_one_sentence(run: Run, sample: Path) -> None:
    answers = [run("match", sample, "--limit", "0"), run("match", sample, "--country", "Germany")]

    assert [(answer.code, answer.err.count("\n")) for answer in answers] == [(2, 1)] * 2
    assert "--limit" in answers[0].err
    assert '"GERMANY" is no country code' in answers[1].err


def test_a_list_shows_how_far_the_verdict_itself_can_be_trusted(run: Run, sample: Path, tmp_path: Path) -> None:
    file = tmp_path / "two.toml"
    hearsay = 'requirement = { degree = { level = "bachelor" }, source = "page", confidence = "L" }'
    text = CATALOGUE.replace('requirement = { degree = { level = "bachelor" } }', hearsay)
    file.write_text(text, encoding="utf-8")

    page = run("match", sample, *TODAY, "--catalogue", file).out
    found = json.loads(run("match", sample, *TODAY, "--catalogue", file, "--json").out)["matches"][0]

    assert "met [L]: Open to all" in page
    assert "Some of what this verdict leans on is not verified" in " ".join(page.split())
    assert (found["confidence"], found["finding"]["confidence"]) == ("H", "L")


def test_a_field_of_the_profile_is_asked_for_in_words(run: Run, sample: Path, tmp_path: Path) -> None:
    case = tmp_path / "case.toml"
    case.write_text('today = 2026-11-23\n[profile]\nname = "SAMPLE STUDENT"\n', encoding="utf-8")
    file = tmp_path / "two.toml"
    file.write_text(CATALOGUE, encoding="utf-8")

    page = " ".join(run("match", case, "--catalogue", file).out.split())

    assert "complete your profile: your degrees and certificates" in page


def test_what_would_open_more_is_printed_with_what_opens(run: Run, sample: Path, tmp_path: Path) -> None:
    file = tmp_path / "two.toml"
    file.write_text(CATALOGUE.replace('total = "8.0"', 'total = "7.0"'), encoding="utf-8")

    page = run("unlock", sample, *TODAY, "--catalogue", file)
    found = json.loads(run("unlock", sample, *TODAY, "--catalogue", file, "--json").out)

    assert page.code == 0
    assert "2 programmes for SAMPLE STUDENT on 23 Nov 2026: 1 met or probably met." in page.out
    assert "Strict, A university" in page.out
    assert [one["opened"] for one in found["unlocks"]] == [1] * len(found["unlocks"])
    assert any(one["key"].startswith("raise_score/IELTS_AC") for one in found["unlocks"])


def test_a_profile_that_says_nothing_hears_what_is_asked_for_and_what_saying_it_could_open(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "nothing.toml"
    file.write_text('[profile]\nname = "SAMPLE STUDENT"\n', encoding="utf-8")

    english, bangla = run("unlock", file, *TODAY), run("unlock", file, *TODAY, "--language", "bn")
    found = json.loads(run("unlock", file, *TODAY, "--json").out)

    said = " ".join(english.out.split())
    asked = "your test results, your degrees and certificates, your citizenship, your work and the papers that you have"
    assert f"Programmes ask for what your profile does not say yet: {asked}." in said
    assert f"Complete your profile: {asked}: " in said
    assert "At best: it depends on what the answer is." in said
    assert "আপনার পরীক্ষার ফল, আপনার ডিগ্রি ও সনদ, আপনার নাগরিকত্ব" in " ".join(bangla.out.split())
    assert found["unanswered"] == ["tests", "qualifications", "citizenships", "work", "papers"]
    together = next(one for one in found["unlocks"] if one["key"] == "complete_profile")
    assert together["at_best"]
    assert together["opened"] + together["words_left"] > found["total"] / 2


def test_matches_are_filtered_by_standing_and_by_what_is_missing(run: Run, sample: Path, tmp_path: Path) -> None:
    file = tmp_path / "two.toml"
    file.write_text(CATALOGUE, encoding="utf-8")

    def keys(*options: str) -> list[str]:
        printed = run("match", sample, *TODAY, "--catalogue", file, "--json", *options).out
        return [match["key"] for match in json.loads(printed)["matches"]]

    assert keys("--standing", "met") == ["open"]
    assert keys("--missing", "test") == ["strict"]
    assert keys("--max-tuition", "100 EUR") == []
    assert run("match", sample, "--max-tuition", "100").err.startswith("higherstudy: --max-tuition:")


def test_a_verdict_for_the_days_of_a_case_names_a_result_that_runs_out_before_the_appointment(
    run: Run, sample: Path
) -> None:
    case = ("verdict", sample, "rwth-software-systems-engineering-msc", "--today", "2026-11-23")
    days = ("--application", "2027-03-01", "--appointment", "2027-11-20")

    late = " ".join(run(*case, *days, "--enrolment", "2027-10-01").out.split())
    waived = " ".join(run(*case, *days, "--enrolment", "2027-09-01").out.split())

    assert "counts until 13 September 2027, and the visa appointment is on 20 November 2027" in late
    assert 'the mission takes it with the paper "Printed statement of the embassy' in waived


def test_a_day_of_a_case_that_is_none_is_refused_by_its_option(run: Run, sample: Path) -> None:
    ran = run("verdict", sample, "rwth-software-systems-engineering-msc", "--appointment", "soon")

    assert (ran.code, ran.err) == (
        2,
        "higherstudy: --appointment: A date like 2027-03-31 that exists is expected; given was soon.\n",
    )


def test_days_that_are_turned_around_are_refused_and_not_answered_with_nothing(run: Run, sample: Path) -> None:
    refused = run("match", sample, "--starts-from", "2028-10-01", "--starts-until", "2027-10-01")

    assert (refused.code, refused.out) == (2, "")
    assert "--starts-until: This day comes before that of --starts-from." in refused.err


def test_a_fee_is_told_in_the_language_of_the_page(run: Run, sample: Path) -> None:
    page = run("verdict", sample, "saarland-computer-science-msc", "--language", "bn").out

    assert "প্রতি সেমিস্টারে" in page
    assert "semester" not in page.splitlines()[1]


def test_a_case_with_the_result_of_a_test_that_is_still_to_come_is_refused(run: Run, sample: Path) -> None:
    for command in (("plan",), ("match",)):
        ran = run(*command, sample, "--today", "2025-09-12")

        assert (ran.code, ran.out) == (2, "")
        line = sample.read_text(encoding="utf-8").splitlines().index("taken_on = 2025-09-13") + 1
        assert f"{sample}:{line}: profile.tests[0].taken_on: A test of 13 September 2025 is still to come" in ran.err


def test_papers_that_would_open_programmes_are_go_by_their_names(run: Run, changed_sample: Callable[..., Path]) -> None:
    none = changed_sample(('kind = "cv"', 'kind = "hsc_marksheet"'))

    page = run("unlock", none, "--language", "bn").out

    assert "motivation_letter" not in page
    assert "জীবনবৃত্তান্ত ও মোটিভেশন লেটার" in page
