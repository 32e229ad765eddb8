"""The command ``money``."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]
EXAMPLE = Path(__file__).parents[3] / "examples" / "uk-28-days.toml"


def test_the_example_names_the_day_below_the_line_and_the_day_on_which_one_may_apply(run: Run) -> None:
    ran = run("money", EXAMPLE)

    assert ran.code == 1
    assert "gb-28-days: not enough, for an application on 10 Jun 2026" in ran.out
    assert "On 20 May 2026 only GBP 23,314.20 was there, GBP 3,446.80 too little." in ran.out
    assert "If it stays as it is, you may apply on 17" in ran.out
    assert "gb.living.london.2025-11 = 1529 GBP/month [L], in force since 11 Nov 2025" in ran.out


def test_as_json_it_is_what_the_api_answers(run: Run) -> None:
    found = json.loads(run("money", EXAMPLE, "--json").out)

    assert [(one["rule"], one["passes"]) for one in found["items"]] == [("gb-28-days", False)]


def test_enough_money_is_a_good_end(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "nl.toml"
    file.write_text(
        'country = "NL"\nlevel = "master"\non = 2026-06-22\n'
        '[[funds]]\nname = "Deposit"\npaper = "payment_proof"\ncurrency = "EUR"\namount = "13572"\n',
        encoding="utf-8",
    )

    ran = run("money", file)

    assert (ran.code, ran.err) == (0, "")
    assert "nl-deposit: enough" in ran.out


def test_a_file_that_cannot_be_understood_is_refused_line_by_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "money.toml"
    file.write_text('country = "Britain"\nlevel = "master"\non = 2026-06-10\n', encoding="utf-8")

    ran = run("money", file)

    assert (ran.code, ran.out) == (2, "")
    assert f"{file}:1: " in ran.err


def test_a_wrong_currency_is_refused_at_its_own_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "money.toml"
    head = 'country = "GB"\nlevel = "master"\non = 2026-06-10\n'
    file.write_text(head + '[tuition]\namount = "18000"\ncurrency = "pounds"\n', encoding="utf-8")

    ran = run("money", file)

    assert ran.code == 2
    assert f'{file}:6: tuition.currency: "pounds" is no currency code' in ran.err


def test_a_country_without_a_rule_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "money.toml"
    file.write_text('country = "SE"\nlevel = "master"\non = 2026-06-10\n', encoding="utf-8")

    ran = run("money", file)

    assert ran.code == 2
    assert "No money rule is known for Sweden at this level." in ran.err
