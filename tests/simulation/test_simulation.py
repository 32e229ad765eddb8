"""Many small worlds in which everything goes wrong that can: whatever happens, what must hold holds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from simulation.mutants import MUTANTS
from simulation.world import run

SEEDS = int(os.environ.get("SEEDS", "2000"))
ENOUGH = 300
"""So many seeds at most until a mistake must have shown itself."""
_TESTS = Path(__file__).parent.parent


def test_thousands_of_seeds_break_nothing() -> None:
    played = _soak("--seeds", str(SEEDS))

    assert played.returncode == 0, played.stdout + played.stderr


def test_a_seed_is_the_same_run_in_every_process() -> None:
    runs = {_soak("--seed", "4711", PYTHONHASHSEED=salt).stdout for salt in ("0", "1", "random")}

    assert len(runs) == 1


def test_the_runs_are_full_of_mishaps_of_every_kind() -> None:
    runs = [run(seed) for seed in range(60)]

    kinds = {kind for one in runs for kind in one.mishaps}
    assert len(kinds) >= 16
    assert sum(one.mishaps.get("KILL", 0) for one in runs) > 60


@pytest.mark.parametrize("mistake", MUTANTS)
def test_a_mistake_is_noticed(mistake: str) -> None:
    world, makers = MUTANTS[mistake]

    broken = next(
        (one for one in (run(seed, makers=makers, world=world) for seed in range(ENOUGH)) if one.broken), None
    )

    assert broken is not None


def test_a_broken_seed_breaks_the_same_way_again_and_tells_its_steps() -> None:
    world, makers = MUTANTS["jobs for everybody"]
    first = next(one for one in (run(seed, makers=makers, world=world) for seed in range(ENOUGH)) if one.broken)

    again = run(first.seed, makers=makers, world=world, tracing=True)

    assert again.broken == first.broken
    assert any(first.broken in line for line in again.trace)


def _soak(*given: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Play seeds in processes of their own, as ``make soak`` does."""
    command = [sys.executable, "-m", "simulation.soak", *given]
    env = {**os.environ, "PYTHONPATH": str(_TESTS), **environment}
    return subprocess.run(command, cwd=_TESTS.parent, env=env, capture_output=True, text=True, timeout=1200)
