"""Many small worlds in which everything goes wrong that can: whatever happens, what must hold holds."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from simulation.mutants import MUTANTS, Mutant
from simulation.soak import NEVER_BEGUN
from simulation.world import Run, run

SEEDS = int(os.environ.get("SEEDS", "2000"))
ENOUGH = 300
"""So many seeds at most until a mistake must have shown itself."""
_TESTS = Path(__file__).parent.parent

pytestmark = pytest.mark.filterwarnings(f"ignore:{NEVER_BEGUN}:RuntimeWarning")


@pytest.fixture(autouse=True)
def _nothing_left_over() -> Iterator[None]:
    """Let what killed processes left behind go within the test that killed them."""
    yield
    gc.collect()


def test_thousands_of_seeds_break_nothing() -> None:
    played = _soak("--seeds", str(SEEDS))

    assert played.returncode == 0, played.stdout + played.stderr


OVER_HTTP_AND_ON = 22
"""A seed whose students come over HTTP, and come back the day after."""


@pytest.mark.parametrize("seed", [4711, OVER_HTTP_AND_ON])
def test_a_seed_is_the_same_run_in_every_process(seed: int) -> None:
    runs = {_soak("--seed", str(seed), PYTHONHASHSEED=salt).stdout for salt in ("0", "1", "random")}

    assert len(runs) == 1


def test_a_seed_is_the_same_run_whatever_was_played_before() -> None:
    first = run(OVER_HTTP_AND_ON, tracing=True).trace
    for other in range(5):
        run(other)

    again = run(OVER_HTTP_AND_ON, tracing=True).trace

    assert first == again
    assert any("answers 201" in line for line in first)
    assert sum("night" in line for line in first) == 2


def test_the_runs_are_full_of_mishaps_of_every_kind() -> None:
    runs = [run(seed) for seed in range(60)]

    kinds = {kind for one in runs for kind in one.mishaps}
    assert len(kinds) >= 20
    assert sum(one.mishaps.get("KILL", 0) for one in runs) > 60


@pytest.mark.parametrize("mistake", MUTANTS)
def test_a_mistake_is_noticed(mistake: str) -> None:
    broken = _first_broken(MUTANTS[mistake])

    assert MUTANTS[mistake].words in broken.broken


def test_a_broken_seed_breaks_the_same_way_again_and_tells_its_steps() -> None:
    mutant = MUTANTS["jobs for everybody"]
    first = _first_broken(mutant)

    again = run(first.seed, makers=mutant.makers, world=mutant.world, tracing=True)

    assert again.broken == first.broken
    assert any(first.broken in line for line in again.trace)


def _first_broken(mutant: Mutant) -> Run:
    """Return the first run in which the mistake shows itself in the words that are its own."""
    runs = (run(seed, makers=mutant.makers, world=mutant.world) for seed in range(ENOUGH))
    return next(one for one in runs if one.broken and mutant.words in one.broken)


def _soak(*given: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Play seeds in processes of their own, as ``make soak`` does."""
    command = [sys.executable, "-m", "simulation.soak", *given]
    env = {**os.environ, "PYTHONPATH": str(_TESTS), **environment}
    return subprocess.run(command, cwd=_TESTS.parent, env=env, capture_output=True, text=True, timeout=1200)
