"""Feeds one parser damaged files in a process of its own, whose memory and work have an end; prints what came of it."""

from __future__ import annotations

import json
import random
import resource
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .parsers import PARSERS, Parser

MOST_MEMORY = 400 * 2**20
"""Bytes of address space that a parser may take beyond what the process has once it can read a valid file."""
MOST_CPU_A_FILE = 20.0
"""Seconds of CPU for one file: far more than any needs, since only what grows out of all measure is looked for."""


def fed(parser: Parser, first: int, number: int) -> dict[str, Any]:
    """Return what became of the files of these numbers, and of the classics with the first ones."""
    told: dict[str, Any] = {"refused": 0, "taken": 0, "wrong": [], "slowest": 0.0, "codes": Counter()}
    with TemporaryDirectory(prefix="higherstudy-hostile-") as name:
        folder = Path(name)
        for sample in parser.samples():
            parser.read(sample, folder)  # a sample that cannot be taken would show nothing
        _bound_memory()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for one in range(first, first + number):
            _feed(parser, f"{one}", parser.make(random.Random(one)), folder, told)
        if first == 0:
            for classic, content in parser.classics():
                _feed(parser, classic, content, folder, told)
        told["grown"] = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    return told


def _feed(parser: Parser, name: str, content: bytes, folder: Path, told: dict[str, Any]) -> None:
    begun = time.process_time()
    try:
        parser.read(content, folder)
    except parser.refuses as refused:
        told["refused"] += 1
        told["codes"].update(reason.code for reason in refused.reasons[:1])
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what we look for
        last = traceback.format_exception(error)[-3:]
        told["wrong"].append(f"{name}: {type(error).__name__}: {str(error)[:200]}\n{''.join(last)[-900:]}")
    else:
        told["taken"] += 1
    spent = time.process_time() - begun
    told["slowest"] = max(told["slowest"], spent)
    if spent > MOST_CPU_A_FILE:
        told["wrong"].append(f"{name}: took {spent:.0f} s of CPU for {len(content)} bytes")


def _bound_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MOST_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    kind, first, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    sys.stdout.write(json.dumps(fed(PARSERS[kind], first, number)))
