"""The plan that is printed for a case."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Change = Callable[..., Path]
EXAMPLES = Path(__file__).parents[3] / "examples"
GOLDEN = Path(__file__).with_name("plan_of_the_sample.txt")
TODAY = ("--today", "2026-11-23")


def _without_zones(page: str) -> str:
    return re.sub(r"Time zones \w+\.", "Time zones.", page)


def test_the_sample_case_gives_the_plan_kept_here(run: Run, sample: Path) -> None:
    """After a wanted change: higherstudy plan examples/dhaka-master-germany.toml --today 2026-11-23 > the file."""
    kept = GOLDEN.read_text(encoding="utf-8")

    plan = run("plan", sample, *TODAY)

    assert _without_zones(plan.out) == _without_zones(kept)
    assert (plan.code, plan.err) == (0, "")


def test_equal_cases_give_equal_bytes(run: Run, sample: Path) -> None:
    first = run("plan", sample, *TODAY), run("plan", sample, *TODAY, "--json")
    second = run("plan", sample, *TODAY), run("plan", sample, *TODAY, "--json")

    assert first == second


def test_a_plan_fits_80_columns_but_for_web_addresses(run: Run, sample: Path) -> None:
    plan = run("plan", sample, *TODAY)

    assert [line for line in plan.out.splitlines() if len(line) > 80 and "://" not in line] == []


def test_what_is_not_printed_on_a_terminal_has_no_colours(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")

    assert "\x1b" not in run("plan", sample, *TODAY).out


def test_json_holds_the_whole_plan(run: Run, sample: Path) -> None:
    plan = json.loads(run("plan", sample, *TODAY, "--json").out)

    assert plan["lead"]["key"] == "saarland-computer-science-msc/summer-2027"
    assert len(plan["others"]) == 2
    assert [len(papers["items"]) for papers in plan["papers"]] == [24]
    assert plan["money"][0]["currency"] == "EUR"
    assert plan["money"][0]["facts"][0]["source_title"]
    assert all(pack["sha256"] for pack in plan["leans_on"]["packs"])


def test_a_plan_that_comes_too_late_says_by_how_much_and_names_the_next_safe_intake(run: Run, sample: Path) -> None:
    plan = json.loads(run("plan", sample, "--today", "2027-03-01", "--json").out)
    page = run("plan", sample, "--today", "2027-03-01").out

    assert plan["lead"]["outcome"] == "late"
    assert plan["lead"]["slack"] < 0
    assert "Too late." in page
    assert "The next safe intake: winter 2027, from 1 Oct 2027" in page


def test_the_day_in_the_file_is_used_unless_another_is_asked_for(run: Run, sample: Path) -> None:
    by_file = json.loads(run("plan", sample, "--json").out)
    by_option = json.loads(run("plan", sample, "--json", "--today", "2026-12-01").out)

    assert (by_file["today"], by_option["today"]) == ("2026-11-23", "2026-12-01")


def test_a_case_without_papers_says_that_they_are_not_listed(run: Run, sample: Path, changed_sample: Change) -> None:
    text = sample.read_text(encoding="utf-8")
    case = changed_sample((text[text.index("# Papers at hand") :], ""))

    plan = run("plan", case, *TODAY)

    assert "This case lists no papers" in " ".join(plan.out.split())


def test_a_longer_wait_shows_what_would_move(run: Run, sample: Path) -> None:
    asked = json.loads(run("plan", sample, *TODAY, "--what-if", "DE2=700", "--json").out)

    moved = {move["key"]: move["days"] for move in asked["moves"]}
    lead = next(o for o in asked["outlooks"] if o["target"] == "saarland-computer-science-msc/summer-2027")
    assert moved["DE2"] == 130
    assert moved["DE17"] == 132  # the visa centre and the mission receive on their open days only
    assert (lead["before"], lead["after"]) == ("at_risk", "late")


def test_several_changes_can_be_asked_about_at_once(run: Run, sample: Path) -> None:
    asked = run(
        "plan", sample, *TODAY,
        "--what-if", "DE9=done:2026-11-23",
        "--what-if", "DE8=started:2026-11-20",
        "--what-if", "drop:tum-informatics-msc/winter-2027",
        "--what-if", "add:tum-informatics-msc/winter-2028",
    )  # fmt: skip

    assert asked.code == 0
    assert "no longer aimed at" in asked.out
    assert "Nothing has been changed." in asked.out


def test_on_an_earlier_day_what_was_reported_later_has_not_happened_yet(run: Run, sample: Path) -> None:
    asked = json.loads(run("plan", sample, *TODAY, "--what-if", "today:2026-08-31", "--json").out)

    moved = {move["key"] for move in asked["moves"]}
    assert "DE6@saarland-computer-science-msc/summer-2027" in moved  # which was handed in on 5 September


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("DE99=3", 'The plan has no step "DE99"'),
        ("DE9=soon", '"soon" is neither days'),
        ("DE9=done:yesterday", "--what-if DE9: A date like 2027-03-31"),
        ("faster", '"faster" is none of'),
        ("drop:mit", 'The plan has no target "mit"'),
        ("add:mit/fall-2027", 'There is no programme "mit"'),
        ("add:tum-informatics-msc/fall-2027", '"fall-2027" is no intake of tum-informatics-msc'),
        ("today:2027-02-30", "--what-if today: A date like"),
    ],
)
def test_a_change_that_cannot_be_read_is_named(run: Run, sample: Path, words: str, sentence: str) -> None:
    asked = run("plan", sample, *TODAY, "--what-if", words)

    assert (asked.code, asked.out) == (2, "")
    assert sentence in asked.err
    assert asked.err.count("\n") == 1


@pytest.mark.parametrize(
    ("old", "new", "place", "sentence"),
    [
        ('value = "3.42"', 'value = "5.1"', "qualifications[0].grade.value", "is not between 0 and 4.00"),
        ('zone = "Asia/Dhaka"', 'zone = "Asia/Dacca-2"', "profile.residence", "No time zone is named"),
        ("starts_on = 2027-04-01", "starts_on = 2027-04-02", "targets[0].starts_on", "not on 2027-04-02"),
        ('programme = "tum-informatics-msc"', 'programme = "tum"', "targets[1].programme", "no programme tum"),
        ("finished_on = 2025-05-11", 'finished_on = "soon"', "reports[0].finished_on", "given was soon"),
        ('kind = "passport"', 'kind = "pasport"', "papers[0].kind", 'named "pasport"'),
        ('kind = "passport"', 'kind = "passport"\ncolour = "red"', "papers[0].colour", "Nothing of this name"),
        ("expires_on = 2034-02-10\n", "expires_on = 2014-02-10\n", "papers[0]", "ends before it was issued"),
    ],
)
def test_a_wrong_value_is_told_with_its_file_and_place(
    run: Run, changed_sample: Change, old: str, new: str, place: str, sentence: str
) -> None:
    case = changed_sample((old, new))

    plan = run("plan", case)

    assert (plan.code, plan.out) == (2, "")
    assert str(case) in plan.err
    assert place in plan.err
    assert sentence in plan.err
    assert "Traceback" not in plan.err


def test_a_file_that_is_no_toml_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    case = tmp_path / "case.toml"
    case.write_text("[profile]\nname = \n", encoding="utf-8")

    plan = run("plan", case)

    assert plan.code == 2
    assert plan.err.startswith(f"higherstudy: {case}:2: ")


def test_a_file_that_is_not_there_a_folder_and_a_picture_are_each_one_sentence(run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "photo.toml"
    picture.write_bytes(b"\x89PNG\r\n")

    answers = [run("plan", place) for place in (tmp_path / "none.toml", tmp_path, picture)]

    assert [(answer.code, answer.err.count("\n")) for answer in answers] == [(2, 1)] * 3
    assert "no such file" in answers[0].err
    assert "is a folder" in answers[1].err
    assert "not UTF-8" in answers[2].err


def test_a_case_without_targets_is_refused(run: Run, tmp_path: Path) -> None:
    case = tmp_path / "case.toml"
    case.write_text('[profile]\ncitizenships = ["BD"]\n', encoding="utf-8")

    plan = run("plan", case, *TODAY)

    assert plan.code == 2
    assert "A plan needs at least one target." in plan.err


def test_a_case_without_a_known_pathway_is_told_so(run: Run, changed_sample: Change) -> None:
    case = changed_sample(('citizenships = ["BD"]', 'citizenships = ["NP"]'))

    plan = run("plan", case, *TODAY)

    assert plan.code == 2
    assert "No pathway is known yet" in plan.err


@pytest.mark.parametrize(("citizenship", "last_days"), [("BD", ["2028-05-01"]), ("IT", [])])
def test_a_deadline_for_whoever_needs_a_visa_is_shown_to_nobody_else(
    run: Run, tmp_path: Path, citizenship: str, last_days: list[str]
) -> None:
    case = tmp_path / "case.toml"
    target = 'programme = "twente-computer-science-msc"\nterm = "autumn"\nstarts_on = 2028-09-01'
    case.write_text(f'[profile]\ncitizenships = ["{citizenship}"]\n[[targets]]\n{target}\n', encoding="utf-8")

    plan = json.loads(run("plan", case, *TODAY, "--json").out)

    assert [deadline["local"][:10] for deadline in plan["deadlines"]] == last_days
    assert (plan["lead"]["apply_by"] is not None) == bool(last_days)


def test_a_paper_that_hangs_on_something_unsaid_names_it_in_words(run: Run, sample: Path) -> None:
    page, bangla = (" ".join(run("plan", sample, *TODAY, "--language", one).out.split()) for one in ("en", "bn"))

    assert "Permission to arrive late: depends on whether you will arrive after the lectures begin." in page
    assert "নির্ভর করে: ক্লাস শুরুর পরে পৌঁছাবেন কি না।" in bangla
    assert "late arrival" not in bangla


def test_an_unknown_option_is_one_sentence(run: Run, sample: Path) -> None:
    plan = run("plan", sample, "--tody", "2026-11-23")

    assert (plan.code, plan.out) == (2, "")
    assert "--tody" in plan.err
    assert plan.err.count("\n") == 1


def test_a_report_of_a_day_that_is_still_to_come_is_refused(run: Run, sample: Path) -> None:
    plan = run("plan", sample, "--today", "2026-11-17")

    assert plan.code == 2
    assert plan.err.count("\n") == 1
    line = (
        sample.read_text(encoding="utf-8").splitlines().index("finished_on = 2026-11-18          # the offer came") + 1
    )
    assert f"{sample}:{line}: reports[5].finished_on: 18 November 2026 is still to come" in plan.err


def test_a_day_on_which_nothing_can_be_done_names_what_comes_next(run: Run, tmp_path: Path, sample: Path) -> None:
    done = "\n".join(
        f'[[reports]]\nstep = "{step}"\nstarted_on = 2026-11-20\nfinished_on = 2026-11-22\n'
        for step in ("DE8", "DE9", "DE10", "DE11", "DE12")
    )
    text = sample.read_text(encoding="utf-8")
    other = text[text.index('[[targets]]\nprogramme = "tum') : text.index("# How far she is")]
    case = tmp_path / "case.toml"
    case.write_text(text.replace(other, "").replace("[[papers]]", f"{done}\n[[papers]]", 1), encoding="utf-8")

    plan = run("plan", case, *TODAY)

    assert plan.code == 0
    assert "Nothing is to be done today. Next comes, on 30 Dec 2026: Answer the embassy's mail" in " ".join(
        plan.out.split()
    )


def test_a_step_that_is_done_is_said_to_be_where_its_length_is_asked_about(run: Run, sample: Path) -> None:
    asked = run("plan", sample, *TODAY, "--what-if", "DE1=30")
    started = run("plan", sample, *TODAY, "--what-if", "DE2=700")
    data = json.loads(run("plan", sample, *TODAY, "--what-if", "DE1=30", "--json").out)

    assert "DE1 is done, so how long it takes changes nothing any more." in asked.out
    assert "Nothing." not in asked.out.partition("WHAT WOULD MOVE")[2]
    assert "is done, so" not in started.out
    assert (data["done"], data["moves"]) == (["DE1"], [])


def test_a_plan_for_three_countries_shows_the_money_and_the_papers_of_each(run: Run) -> None:
    page = run("plan", EXAMPLES / "dhaka-three-countries.toml").out

    assert "Germany: EUR 11,904.00" in page
    assert "The United Kingdom: GBP" in page
    assert "Money for the Netherlands: how much must be shown on" in " ".join(page.split())
    assert "PAPERS  Germany, as used on" in page
    assert "PAPERS  The Netherlands, as used on" in page
    assert "8 [x] Letter of admission and certificates of enrolment: at hand." in page
    assert "2 [ ] Letter of admission: missing." in page  # the one at hand is of another university
    assert "follow Computer Science, Saarland University; money and papers" in " ".join(page.split())


def test_a_what_if_begins_with_what_it_comes_to(run: Run, sample: Path) -> None:
    page = " ".join(run("plan", sample, *TODAY, "--what-if", "DE16=60").out.split())

    assert 'If "Wait for the decision" takes 60 days: ' in page
    assert "3 at risk" in page


def test_a_target_whose_window_closes_too_early_is_not_called_in_time(run: Run, changed_sample: Change) -> None:
    page = " ".join(run("plan", changed_sample(), *TODAY).out.split())

    assert "Informatics, Technical University of Munich: misses the embassy's window as things stand, arrival" in page


def test_a_title_with_a_comma_stays_one_title(run: Run, sample: Path, tmp_path: Path) -> None:
    """She aims at Munich alone, where applications are not yet taken, and has nothing else to do today."""
    before, _, rest = sample.read_text(encoding="utf-8").partition("[[targets]]")
    munich = next(target for target in rest.split("[[targets]]") if "tum-informatics" in target)
    reports = rest.partition("[[reports]]")[2].partition('[[reports]]\nstep = "DE6"')[0]
    file = tmp_path / "case.toml"
    file.write_text(f"{before}[[targets]]{munich}[[reports]]{reports}", encoding="utf-8")

    said = " ".join(run("plan", "today", file, *TODAY).out.split())
    assert "Apply to the university, directly or through uni-assist (Technical University of Munich)." in said


def test_what_a_paper_depends_on_and_who_made_the_list_are_told_in_words(run: Run, sample: Path) -> None:
    english = " ".join(run("plan", sample, *TODAY).out.split())
    bangla = " ".join(run("plan", sample, *TODAY, "--language", "bn").out.split())

    assert "Permission to arrive late: depends on whether you will arrive after the lectures begin." in english
    assert "(put together from what others say, not by the mission)" in english
    for code in ("late arrival expected", "club activity", "community"):
        assert code not in bangla


def test_since_when_money_has_to_be_there_is_said(run: Run) -> None:
    page = " ".join(run("plan", EXAMPLES / "dhaka-three-countries.toml").out.split())

    assert "the money has to be there on 28 days in a row" in page
