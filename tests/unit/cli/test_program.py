"""Commands that are printed can be pasted as they stand."""

import sys
from pathlib import Path

import pytest

from higherstudy.entrypoints.cli.program import program


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / ".venv" / "bin" / "higherstudy"
    file.parent.mkdir(parents=True)
    file.write_text("#!/bin/sh\n", encoding="utf-8")
    file.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    return file


def test_a_program_that_the_shell_does_not_find_is_named_as_it_was_called(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [".venv/bin/higherstudy", "serve"])

    assert program() == ".venv/bin/higherstudy"


def test_a_program_that_the_shell_finds_is_named_alone(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(script.parent))
    monkeypatch.setattr(sys, "argv", [str(script), "serve"])

    assert program() == "higherstudy"


def test_another_program_of_that_name_is_not_meant(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "my bin" / "higherstudy"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\n", encoding="utf-8")
    monkeypatch.setenv("PATH", str(script.parent))
    monkeypatch.setattr(sys, "argv", [str(other)])

    assert program() == f"'{other}'"


def test_a_module_is_named_with_its_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/any/higherstudy/entrypoints/cli/__main__.py"])

    assert program() == f"{sys.executable} -m higherstudy.entrypoints.cli"
