"""Rule packs that are checked."""

import json
import shutil
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
PACKS = Path(str(resources.files("higherstudy.adapters.bundled"))) / "packs"


def test_the_packs_that_ship_are_good(run: Run) -> None:
    checked = run("pack", "check", *sorted(PACKS.glob("*.toml")), "--today", "2026-11-23")

    assert (checked.code, checked.err) == (0, "")
    assert checked.out.count(": good") == len(list(PACKS.glob("*.toml")))
    assert "OUT OF DATE" not in checked.out


@pytest.mark.parametrize("length", [*range(1, 90), 200])
def test_a_path_of_any_length_stands_on_one_line_with_its_result(run: Run, tmp_path: Path, length: int) -> None:
    good, broken = tmp_path / f"{'g' * length} h.toml", tmp_path / f"{'b' * length} c.toml"
    shutil.copy(PACKS / "grades.toml", good)
    broken.write_text("[pack]\n", encoding="utf-8")

    checked = run("pack", "check", good, broken)

    assert any(line.startswith(f"{good}: good, ") for line in checked.out.splitlines())
    assert any(line.startswith(f"{broken}:1: ") for line in checked.out.splitlines())


def test_a_pack_whose_review_is_overdue_is_called_out_of_date(run: Run) -> None:
    checked = json.loads(run("pack", "check", PACKS / "germany.toml", "--today", "2030-01-01", "--json").out)

    assert checked["ok"] is True
    assert [pack["stale"] for pack in checked["packs"]] == [True]


def test_every_problem_is_one_line_with_file_and_line(run: Run, tmp_path: Path) -> None:
    text = (PACKS / "germany.toml").read_text(encoding="utf-8")
    broken = tmp_path / "broken.toml"
    broken.write_text(text.replace('value = "992"', "value = 992.5").replace('kind = "monthly_rate"', ""), "utf-8")

    checked = run("pack", "check", broken)

    assert checked.code == 1
    assert len(checked.out.splitlines()) >= 2
    assert all(line.startswith(f"{broken}:") for line in checked.out.splitlines())


def test_two_packs_that_say_the_same_are_told_apart(run: Run, tmp_path: Path) -> None:
    text = (PACKS / "grades.toml").read_text(encoding="utf-8")
    copy = tmp_path / "copy.toml"
    copy.write_text(text.replace('id = "grades"', 'id = "my-grades"', 1), encoding="utf-8")

    checked = run("pack", "check", copy)

    assert checked.code == 1
    assert "stands in two packs" in checked.out


def test_a_file_that_is_no_toml_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "pack.toml"
    file.write_text("[pack]\nid = \n", encoding="utf-8")

    checked = run("pack", "check", file, tmp_path / "none.toml")

    assert checked.code == 1
    assert f"{file}:2: " in checked.out
    assert "There is no such file." in checked.out


def test_a_pack_that_is_no_good_with_those_that_ship_is_not_called_good(run: Run, tmp_path: Path) -> None:
    text = (PACKS / "germany.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "germany.toml"
    wrong.write_text(text.replace('unit = "EUR/month"', 'unit = "EUR/mnoth"'), encoding="utf-8")

    checked = run("pack", "check", wrong)

    assert checked.code == 1
    assert ": good" not in checked.out
    assert '"EUR/mnoth" is no unit.' in checked.out
