"""Commands that need no input: help, version and settings."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
COMMANDS = ("plan", "match", "verdict", "check-pack", "serve", "import", "sign-in", "sign-out", "settings")


def test_help_lists_every_command(run: Run) -> None:
    shown = run("--help")

    assert shown.code == 0
    for command in COMMANDS:
        assert f" {command} " in shown.out


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(run: Run, command: str) -> None:
    shown = run(command, "--help")

    assert shown.code == 0
    assert shown.out.startswith(f"Usage: higherstudy {command}")


def test_an_unknown_command_is_one_sentence(run: Run) -> None:
    shown = run("plam")

    assert (shown.code, shown.out) == (2, "")
    assert "plam" in shown.err
    assert shown.err.count("\n") == 1


def test_settings_are_shown_without_passwords(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:secret-word@db/higherstudy")

    page, data = run("settings"), run("settings", "--json")

    assert "secret-word" not in page.out + data.out
    assert "HIGHERSTUDY_HOME = .higherstudy" in page.out
    assert {one["variable"] for one in json.loads(data.out)} >= {"HOST", "PORT", "DATABASE_URL"}


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")

    shown = run("settings")

    assert shown.code == 2
    assert shown.err.startswith("higherstudy: PORT: ")


@pytest.mark.parametrize("arguments", [["--help"], ["plan", "examples/dhaka-master-germany.toml"]])
def test_a_quick_command_does_not_load_the_server(arguments: list[str]) -> None:
    heavy = ("alembic", "asyncpg", "cryptography", "httpx2", "litestar", "python_calamine", "sqlalchemy", "uvicorn")
    program = (
        "import sys; from higherstudy.entrypoints.cli.main import main; main(sys.argv[2:]); "
        "print('loaded:', *sorted(set(sys.argv[1].split(',')) & set(sys.modules)), file=sys.stderr)"
    )
    root = Path(__file__).parents[3]

    done = subprocess.run(
        [sys.executable, "-c", program, ",".join(heavy), *arguments], cwd=root, capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "loaded:\n")


def test_equal_inputs_give_equal_bytes_in_every_process() -> None:
    root = Path(__file__).parents[3]
    command = [
        sys.executable,
        "-m",
        "higherstudy.entrypoints.cli",
        "plan",
        "examples/dhaka-master-germany.toml",
        "--json",
    ]

    pages = [
        subprocess.run(command, cwd=root, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True).stdout
        for seed in ("1", "2")
    ]

    assert pages[0] == pages[1] != b""
