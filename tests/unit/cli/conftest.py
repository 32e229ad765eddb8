"""Runs the command line in this process and keeps what it printed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from higherstudy.entrypoints.cli.main import main

SAMPLE = Path(__file__).parents[3] / "examples" / "dhaka-master-germany.toml"
TODAY = "2026-11-23"


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command, whatever this machine speaks."""
    for variable in ("HIGHERSTUDY_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)

    def command(*arguments: str | Path) -> Ran:
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return command


@pytest.fixture
def sample() -> Path:
    """Return the sample case."""
    return SAMPLE


@pytest.fixture
def changed_sample(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the sample case with some of its text replaced."""

    def change(*replacements: tuple[str, str]) -> Path:
        text = SAMPLE.read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        file = tmp_path / "case.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return change
