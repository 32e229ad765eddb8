"""Plays many seeds on all processors and tells which ones broke; `--seed 4711` plays one again and prints its steps.

make soak                       100,000 seeds
make soak SEEDS=5000            so many
make soak ARGS="--seed 4711"    one, with its trace
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable

import structlog
from simulation.world import Run, run

NEVER_BEGUN = "coroutine 'resolve_dependency' was never awaited"
"""What is said of a process that was killed before something had begun in it."""
_SHOWN = 10
_AT_ONCE = 50


def main(given: list[str]) -> int:
    """Return 0 when no seed broke anything."""
    parser = argparse.ArgumentParser(prog="soak", description="Play simulated worlds, each from its seed.")
    parser.add_argument("--seed", type=int, help="play this one and print its steps")
    parser.add_argument("--seeds", type=int, default=int(os.environ.get("SEEDS", "100000")), help="how many")
    parser.add_argument("--first", type=int, default=int(os.environ.get("FIRST_SEED", "0")), help="the first one")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args(given)
    _quiet()
    return _replay(asked.seed) if asked.seed is not None else _soak(asked.first, asked.seeds, asked.processes)


def _replay(seed: int) -> int:
    found = run(seed, tracing=True)
    _say("\n".join(found.trace))
    _say(f"seed {seed}: {found.broken or 'all as it must be'}")
    return 1 if found.broken else 0


def _soak(first: int, seeds: int, processes: int) -> int:
    began = time.monotonic()
    mishaps: Counter[str] = Counter()
    broken: list[Run] = []
    with multiprocessing.get_context("spawn").Pool(processes, initializer=_quiet) as pool:
        for found in pool.imap_unordered(run, range(first, first + seeds), chunksize=_AT_ONCE):
            mishaps.update(found.mishaps)
            if found.broken:
                broken.append(found)
    told = ", ".join(f"{count} {name.lower()}" for name, count in sorted(mishaps.items()))
    _say(f"{seeds} seeds from {first} on in {time.monotonic() - began:.0f} s; mishaps: {told}")
    _say(*_about(broken))
    return 1 if broken else 0


def _about(broken: list[Run]) -> Iterable[str]:
    for one in sorted(broken, key=lambda found: found.seed)[:_SHOWN]:
        yield f'seed {one.seed}: {one.broken}\n    replay it: make soak ARGS="--seed {one.seed}"'
    if len(broken) > _SHOWN:
        yield f"and {len(broken) - _SHOWN} more"


def _quiet() -> None:
    """Log nothing: what goes wrong is meant to."""
    logging.disable(logging.CRITICAL)
    warnings.filterwarnings("ignore", NEVER_BEGUN)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
