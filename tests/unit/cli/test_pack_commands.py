"""Rule packs that are listed, asked and compared."""

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook, pack_schema

Run = Callable[..., Any]
PACKS = Path(str(resources.files("higherstudy.adapters.bundled"))) / "packs"
RATE = "de.blocked_account.monthly"
SCHOOL = """[pack]
id = "my-school"
title = "My school"
version = "1"
review_by = 2027-01-01
layer = "institution"
[[sources]]
id = "page"
title = "The school's page"
kind = "official"
retrieved_on = 2026-11-01
[[facts]]
id = "de.blocked_account.monthly.2024-09"
key = "de.blocked_account.monthly"
value = "1000"
unit = "EUR/month"
scope = { country = "DE" }
valid_from = 2026-10-01
source = "page"
confidence = "U"
"""


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """A pack of an institution that replaces a bundled fact."""
    file = tmp_path / "school.toml"
    file.write_text(SCHOOL, encoding="utf-8")
    return file


def test_a_question_as_of_a_day_names_the_fact_and_the_whole_history_of_its_key(run: Run) -> None:
    shown = run("pack", "facts", RATE, "--on", "2024-08-31", "--country", "DE")

    assert shown.code == 0
    assert shown.out.startswith(f"{RATE}, on 31 Aug 2024: 934 EUR/month\n")
    history = shown.out.partition("HISTORY")[2]
    assert [history.index(f"{figure} EUR/month") for figure in (720, 853, 861, 934, 992)] == sorted(
        history.index(f"{figure} EUR/month") for figure in (720, 853, 861, 934, 992)
    )
    assert "* 934 EUR/month from 1 January 2023 to 31 August 2024" in history
    assert "861 EUR/month from 2021 to" in history


def test_a_key_that_is_about_one_country_needs_no_country(run: Run) -> None:
    assert run("pack", "facts", RATE, "--on", "2024-08-31").out.startswith(f"{RATE}, on 31 Aug 2024: 934 EUR/month\n")


def test_the_answer_as_json_has_the_id_the_precision_and_the_source(run: Run) -> None:
    said = json.loads(run("pack", "facts", RATE, "--on", "2021-05-01", "--country", "DE", "--json").out)

    assert said["in_force"]["id"] == "de.blocked_account.monthly.2021"
    assert (said["in_force"]["valid_from"], said["in_force"]["valid_from_precision"]) == ("2021", "year")
    assert said["in_force"]["source_title"]
    assert len(said["history"]) == 5
    assert len(said["warnings"]) == 2


def test_a_question_to_which_nothing_is_known_is_a_no(run: Run) -> None:
    shown = run("pack", "facts", RATE, "--country", "NL")

    assert shown.code == 1
    assert "nothing is known to hold" in shown.out
    assert "HISTORY" in shown.out


def test_a_key_that_does_not_exist_is_told_with_the_nearest(run: Run) -> None:
    shown = run("pack", "facts", "de.blocked_acount.monthly")

    assert (shown.code, shown.out) == (2, "")
    assert f'Did you mean "{RATE}"?' in shown.err


def test_without_a_key_every_key_is_listed(run: Run) -> None:
    assert run("pack", "facts").out.splitlines() == list(bundled_rulebook().fact_keys())


def test_a_pack_of_a_higher_layer_answers_and_what_nobody_verified_in_it_is_said(run: Run, school: Path) -> None:
    shown = run("pack", "facts", RATE, "--on", "2027-01-02", "--country", "DE", "--packs", school)

    assert "on 2 Jan 2027: 1000 EUR/month" in shown.out
    assert "The rule pack my-school should have been reviewed by now." in shown.out
    assert "Nobody has verified" in shown.out


def test_several_packs_and_several_citizenships_may_stand_behind_one_option(run: Run, tmp_path: Path) -> None:
    school, other = tmp_path / "school.toml", tmp_path / "other.toml"
    school.write_text(SCHOOL, encoding="utf-8")
    other.write_text(SCHOOL.partition("[[facts]]")[0].replace("my-school", "other"), encoding="utf-8")

    shown = run("pack", "facts", RATE, "--on", "2027-01-02", "--nationality", "BD", "IN", "--packs", other, school)

    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(f"{RATE}, on 2 Jan 2027: 1000 EUR/month")


def test_the_list_has_every_pack_with_its_layer_and_the_edition(run: Run, school: Path) -> None:
    said = json.loads(run("pack", "list", "--json", "--today", "2026-11-23").out)
    more = run("pack", "list", school).out

    assert said["edition"] == bundled_rulebook().edition_id
    assert [pack["id"] for pack in said["packs"]] == [pack.id for pack in bundled_rulebook().packs]
    assert "my-school, version 1, layer institution" in more
    assert said["edition"] not in more


def test_a_new_version_of_a_bundled_pack_is_compared_in_plain_words(run: Run, tmp_path: Path) -> None:
    text = (PACKS / "germany.toml").read_text(encoding="utf-8")
    newer = tmp_path / "germany.toml"
    newer.write_text(text.replace('value = "992"', 'value = "1010"'), encoding="utf-8")

    shown = run("pack", "diff", "bundled", newer)
    turned = json.loads(run("pack", "diff", newer, "bundled", "--json").out)

    assert shown.code == 0
    assert "1 record not as before: 1 changed." in shown.out
    assert "1010 EUR/month from 1 September 2024, was 992" in " ".join(shown.out.split())
    [change] = turned["changes"]
    assert change["fields"] == [{"field": "value", "before": "1010", "after": "992"}]


def test_two_folders_are_compared(run: Run, school: Path) -> None:
    shown = run("pack", "diff", school.parent, PACKS)

    assert "1 record not as before" not in shown.out
    assert "PATHWAYS" in shown.out


def test_the_same_packs_differ_in_nothing(run: Run) -> None:
    assert run("pack", "diff", PACKS, PACKS).out == "Nothing differs.\n"
    assert run("pack", "diff", "bundled", "bundled").out == "Nothing differs.\n"


@pytest.mark.parametrize("command", ["diff", "list", "facts", "check"])
def test_a_broken_pack_is_refused_with_file_and_line(run: Run, tmp_path: Path, command: str) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(SCHOOL.replace('confidence = "U"', 'confidence = "X"'), encoding="utf-8")
    arguments = {"diff": ["bundled", broken], "facts": ["--packs", broken]}.get(command, [broken])

    shown = run("pack", command, *arguments)

    assert shown.code == (1 if command == "check" else 2)
    assert f"{broken}:20: " in shown.out + shown.err


@pytest.mark.parametrize("command", ["diff", "list", "check"])
def test_a_folder_without_packs_and_a_file_that_is_not_there_are_told(run: Run, tmp_path: Path, command: str) -> None:
    first = ["bundled"] if command == "diff" else []

    empty, missing = run("pack", command, *first, tmp_path), run("pack", command, *first, tmp_path / "none.toml")

    assert "There is no pack" in empty.err
    assert "There is no such file." in missing.out + missing.err


def test_the_schema_is_printed_as_it_is_published(run: Run) -> None:
    assert run("pack", "schema").out.encode() == pack_schema()


@pytest.mark.parametrize("command", ["check", "list", "facts", "diff", "schema"])
def test_each_command_of_the_group_explains_itself(run: Run, command: str) -> None:
    shown = run("pack", command, "--help")

    assert shown.code == 0
    assert shown.out.startswith(f"Usage: higherstudy pack {command}")


def test_the_group_lists_its_commands(run: Run) -> None:
    assert all(f" {name} " in run("pack", "--help").out for name in ("check", "list", "facts", "diff", "schema"))


def test_an_unknown_command_of_the_group_is_told_with_those_that_there_are(run: Run) -> None:
    shown = run("pack", "diffs")

    assert (shown.code, shown.out) == (2, "")
    known = "check, list, facts, diff, schema, impact, switch-on, back and editions"
    assert f'Did you mean "diff"? There are {known}.' in shown.err


def test_the_former_name_of_the_check_still_works(run: Run) -> None:
    assert run("check-pack", PACKS / "grades.toml").code == 0
