"""A plan's views on the command line: today, board, timeline and calendar."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar

Run = Callable[..., Any]
TODAY = ("--today", "2026-11-23")


@pytest.mark.parametrize("view", ["today", "board"])
def test_a_view_gives_equal_bytes_for_equal_cases_and_fits_80_columns(run: Run, sample: Path, view: str) -> None:
    shown = run("plan", view, sample, *TODAY)

    assert (shown.code, shown.err) == (0, "")
    assert shown == run("plan", view, sample, *TODAY)
    assert [line for line in shown.out.splitlines() if len(line) > 80] == []


def test_today_names_one_next_thing_why_it_is_next_how_long_it_takes_and_what_it_holds_up(
    run: Run, sample: Path
) -> None:
    page = run("plan", "today", sample, *TODAY).out
    told = json.loads(run("plan", "today", sample, *TODAY, "--json").out)

    assert "Next: Open the student file at the bank" in page
    assert "It can wait least of all that you can do. 15 days of room." in page
    assert "about 7 days (1 to 21)" in page
    assert (told["today"], told["next"]["step"]["key"]) == ("2026-11-23", "DE9")
    assert [held["key"] for held in told["next"]["holds_up"]] == ["DE10"]
    assert {"next", "ready", "waiting", "today"} == told.keys()


def test_the_board_holds_every_step_once(run: Run, sample: Path) -> None:
    page = run("plan", "board", sample, *TODAY).out
    told = json.loads(run("plan", "board", sample, *TODAY, "--json").out)
    whole = json.loads(run("plan", sample, *TODAY, "--json").out)

    assert sorted(step["key"] for steps in told.values() for step in steps) == sorted(
        step["key"] for step in whole["steps"]
    )
    for title in ("TO DO  15 steps", "IN PROGRESS  1 step", "DONE  5 steps"):
        assert title in page


def test_a_timeline_is_written_as_a_picture_and_printed_without_a_file(run: Run, sample: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.svg"

    written = run("plan", "timeline", sample, *TODAY, "--output", file)
    printed = run("plan", "timeline", sample, *TODAY)

    assert (written.code, written.out, written.err) == (0, "", "")
    assert file.read_text(encoding="utf-8") == printed.out
    assert ET.fromstring(printed.out).get("role") == "img"
    assert [found.name for found in tmp_path.iterdir()] == ["plan.svg"]


def test_a_calendar_that_is_written_again_moves_what_has_moved_and_nothing_else(
    run: Run, sample: Path, tmp_path: Path
) -> None:
    file = tmp_path / "plan.ics"
    run("plan", "calendar", sample, *TODAY, "-o", file)
    first = events(file)

    run("plan", "calendar", sample, *TODAY, "-o", file)
    same = events(file)
    run("plan", "calendar", sample, "--today", "2026-12-20", "-o", file)
    later = events(file)

    assert same == first
    assert later.keys() == first.keys()
    moved = {uid for uid in first if later[uid]["dtstart"] != first[uid]["dtstart"]}
    assert moved
    assert {int(later[uid]["sequence"]) for uid in moved} == {1}


def test_a_step_that_is_done_meanwhile_is_cancelled_in_the_file(run: Run, sample: Path, tmp_path: Path) -> None:
    case, file = tmp_path / "case.toml", tmp_path / "plan.ics"
    case.write_text(sample.read_text(encoding="utf-8"), encoding="utf-8")
    run("plan", "calendar", case, *TODAY, "-o", file)
    done = '\n[[reports]]\nstep = "DE9"\nstarted_on = 2026-11-23\nfinished_on = 2026-11-24\n'
    case.write_text(case.read_text(encoding="utf-8") + done, encoding="utf-8")

    run("plan", "calendar", case, "--today", "2026-11-25", "-o", file)

    cancelled = [event for event in events(file).values() if str(event["status"]) == "CANCELLED"]
    assert [str(event["uid"]).split(".")[0] for event in cancelled] == ["DE9"]


def test_a_file_that_is_no_calendar_of_ours_is_left_alone(run: Run, sample: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("mine", encoding="utf-8")

    shown = run("plan", "calendar", sample, *TODAY, "-o", notes)

    assert (shown.code, shown.out) == (2, "")
    assert f"{notes}: This is no calendar of this program" in shown.err
    assert notes.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("view", ["timeline", "calendar"])
def test_where_a_file_cannot_be_written_is_told_and_nothing_is_left_behind(
    run: Run, sample: Path, tmp_path: Path, view: str
) -> None:
    shown = run("plan", view, sample, *TODAY, "-o", tmp_path)
    nowhere = run("plan", view, sample, *TODAY, "-o", tmp_path / "no" / "such" / "plan")

    assert (shown.code, nowhere.code) == (2, 2)
    assert f"{tmp_path}: The file cannot be written: " in shown.err
    assert "plan: The file cannot be written: No such file or directory." in nowhere.err
    assert list(tmp_path.parent.glob(f".{tmp_path.name}*")) == []


@pytest.mark.parametrize("view", ["today", "board", "timeline", "calendar"])
def test_a_wrong_case_or_day_is_told_in_one_sentence(run: Run, sample: Path, tmp_path: Path, view: str) -> None:
    no_file, no_day = run("plan", view, tmp_path / "case.toml"), run("plan", view, sample, "--today", "2026-02-30")

    assert (no_file.code, no_file.err.count("\n")) == (2, 1)
    assert "There is no such file." in no_file.err
    assert (no_day.code, no_day.err.count("\n")) == (2, 1)
    assert no_day.err.startswith("higherstudy: --today: ")


def test_another_day_of_a_servers_calendar_cannot_be_asked_for(run: Run) -> None:
    shown = run("plan", "calendar", *TODAY)

    assert (shown.code, shown.out) == (2, "")
    assert shown.err.startswith("higherstudy: --today: ")


def events(file: Path) -> dict[str, Any]:
    return {str(event["uid"]): event for event in Calendar.from_ical(file.read_bytes()).walk("VEVENT")}
