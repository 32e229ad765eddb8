"""How much memory a snapshot takes in a process that has made it from a stream of entries."""

import gc
import sys
from pathlib import Path

from benchmarks.scaled import scaled
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.numpy.building import Building
from higherstudy.adapters.numpy.selecting import ArraySnapshot
from higherstudy.domain.matching.asking import Apart
from higherstudy.domain.matching.entry import entry_of


def snapshot(count: int) -> ArraySnapshot:
    """Return a snapshot of so many made programmes, of which none is kept."""
    building = Building(Apart.of(bundled_rulebook()))
    building.take(map(entry_of, scaled(count)))
    return ArraySnapshot(building.done())


def resident() -> float:
    """Return the megabytes of this process that lie in memory."""
    gc.collect()
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(kilobytes) / 1000


if __name__ == "__main__":
    snapshot(100)  # whatever is loaded on the way
    before = resident()
    kept = snapshot(int(sys.argv[1]))
    print(f"{resident() - before:.1f}")
