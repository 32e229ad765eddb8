"""Prints each measure as a ratio to its bare limit: ``make bench``, or ``make bench ARGS="import"`` for some."""

import sys

from benchmarks.measures import MEASURES
from benchmarks.results import Absent


def main(words: list[str]) -> int:
    """Run the measures whose names hold one of the words, all without words; return 1 when a limit is broken."""
    broken = 0
    for name, measure in MEASURES.items():
        if words and not any(word in name for word in words):
            continue
        try:
            for result in measure():
                print(result)
                broken += not result.holds
        except Absent as absent:
            print(f"{name}: not measured, {absent}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
