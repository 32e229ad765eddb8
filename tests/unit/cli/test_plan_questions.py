"""The commands ``plan why`` and ``plan chance``."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]
TODAY = ("--today", "2026-11-23")


def test_why_tells_the_chain_from_what_was_reported_to_the_step(run: Run, sample: Path) -> None:
    told = run("plan", "why", "DE15", sample, *TODAY)

    words = " ".join(told.out.split())
    assert told.out.startswith("Why 11 Jan 2027? Hand in the papers at VFS")
    assert "You reported that it began on 8 June 2025." in words
    assert "9 January 2027 is no open day there (Bangladesh and Germany); the next is 10 January 2027." in words
    assert "on 25 Feb 2027 at the latest" in words


def test_why_is_told_as_json_too(run: Run, sample: Path) -> None:
    told = json.loads(run("plan", "why", "DE15", sample, *TODAY, "--json").out)

    assert [link["key"] for link in told["links"]] == ["DE2", "DE13", "DE14", "DE15"]
    assert [reason["code"] for reason in told["links"][-1]["reasons"]] == [
        "because.after",
        "because.closed",
        "because.lasts",
    ]


def test_of_a_step_that_there_is_not_nothing_is_told(run: Run, sample: Path) -> None:
    told = run("plan", "why", "SWIM", sample, *TODAY)

    assert (told.code, told.out) == (2, "")
    assert 'The plan has no step "SWIM".' in told.err


def test_the_chance_says_that_it_is_an_estimate_and_of_what(run: Run, sample: Path) -> None:
    told = run("plan", "chance", sample, *TODAY, "--samples", "500")

    words = " ".join(told.out.split())
    assert words.startswith("An estimate of the days alone; it says nothing of the chance to be admitted.")
    assert "500 samples" in words
    assert "no longest time is known; it is taken to last 570 days" in words


def test_equal_seeds_print_equal_chances(run: Run, sample: Path) -> None:
    one, same = (run("plan", "chance", sample, *TODAY, "--samples", "500", "--json") for _ in range(2))

    assert one == same
    assert len(json.loads(one.out)) == 3


def test_too_few_samples_are_refused_in_a_sentence(run: Run, sample: Path) -> None:
    refused = run("plan", "chance", sample, "--samples", "5")

    assert refused.code == 2
    assert "100 to 100000" in refused.err


def test_a_chance_of_nothing_is_told_with_what_the_plan_says_against_it(run: Run, sample: Path) -> None:
    told = run("plan", "chance", sample, *TODAY, "--samples", "500", "--json")

    lost = json.loads(told.out)[1]
    assert (lost["chance"], lost["reasons"][0]["code"]) == (0.0, "risk.window_missed")
    assert "The embassy's window closes on 6 January 2027" in " ".join(
        run("plan", "chance", sample, *TODAY).out.split()
    )
