"""Commands that need no input: help, version and settings."""

import json
from collections.abc import Callable
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
