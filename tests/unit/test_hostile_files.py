"""Whatever file comes in: it is taken or refused in our own words, with bounded memory and bounded work."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hostile.parsers import PARSERS, Parser
from hostile.run import MOST_MEMORY, _feed

from higherstudy.domain.shared.errors import Invalid

ROOT = Path(__file__).parents[2]
TIMES = float(os.environ.get("FUZZ_TIMES", "1"))
FEWER = {"calendar": 500}
"""Of what only a person's own command reads, and is slow to read; all others get 2,000."""
MOST_GROWTH = 200 * 2**20
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process")


def _fed(kind: str, number: int) -> dict[str, Any]:
    """Return what became of the files, fed to a process that could die of them."""
    more = {"PYTHONPATH": os.pathsep.join((str(ROOT / "tests"), str(ROOT))), "RUST_BACKTRACE": "0"}
    command = [sys.executable, "-m", "hostile.run", kind, "0", str(number)]
    ended = subprocess.run(command, env={**os.environ, **more}, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, f"the process ended with {ended.returncode}: {ended.stderr[-2000:]}"
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


@linux_only
@pytest.mark.slow
@pytest.mark.parametrize("kind", PARSERS)
def test_every_damaged_file_is_taken_or_refused_in_our_words(kind: str) -> None:
    number = round(FEWER.get(kind, 2_000) * TIMES)

    told = _fed(kind, number)

    assert told["wrong"] == []
    assert told["taken"] + told["refused"] >= number
    assert told["refused"] > number / 10
    assert told["taken"] > number / 100, "damage that is always seen at once tries nothing that lies deeper"
    assert told["grown"] < MOST_GROWTH < MOST_MEMORY
    assert not list(Path("/tmp").glob("higherstudy-was-here*")), "a name within a package was used as a path"


def test_the_same_number_makes_the_same_file_each_time() -> None:
    for parser in PARSERS.values():
        assert parser.make(Random(7)) == parser.make(Random(7))


@pytest.mark.parametrize("error", [KeyError("somewhere"), MemoryError(), RecursionError(), SystemExit(3)])
def test_a_parser_that_falls_over_would_be_seen(error: BaseException, tmp_path: Path) -> None:
    def fall_over(_: bytes, __: Path) -> None:
        raise error

    told: dict[str, Any] = {"refused": 0, "taken": 0, "wrong": [], "slowest": 0.0, "codes": Counter()}
    _feed(Parser(lambda _: b"", fall_over, Invalid, list), "4711", b"", tmp_path, told)

    (wrong,) = told["wrong"]
    assert wrong.startswith(f"4711: {type(error).__name__}")
