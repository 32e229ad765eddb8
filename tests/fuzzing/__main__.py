"""``python -m fuzzing``: asks until there were so many requests, tells of them, fails where anything is wrong."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait

from .run import STATEFUL, UNIT, Found, Turn, take
from .table import failures, statuses, table
from .world import ROLES

_EXAMPLES = 40
_STORIES = 200
"""How many examples of each operation one turn draws, and how many sequences of requests."""


def turns(seed: int) -> Iterator[Turn]:
    """Yield turns without end: everybody's, by one seed after another; what does not vary only in the first round."""
    first = True
    while True:
        for role in ROLES:
            yield Turn(role, seed, _EXAMPLES, UNIT if first else ("fuzzing",))
            yield Turn(role, seed, _STORIES, STATEFUL)
        seed, first = seed + 1, False


def main() -> int:
    """Ask, print, and return 1 where anything is wrong."""
    given = _arguments()
    logging.disable(logging.CRITICAL)
    begun = time.monotonic()
    if given.role:
        found = [take(Turn(given.role, given.seed, given.examples, tuple(given.phases.split(",")), given.only))]
    else:
        found = _all(given.count, given.seed, given.workers)
    seconds = time.monotonic() - begun
    requests = sum(one.requests for one in found)
    wrong = failures(found)
    told = f"{requests:,} requests in {seconds:,.0f} s from seed {given.seed}; wrong: {len(wrong)}"
    sys.stdout.write("\n\n".join([table(found), statuses(found), told, *wrong]) + "\n")
    return 1 if wrong else 0


def _all(count: int, seed: int, workers: int) -> list[Found]:
    """Take turns in so many processes until there were enough requests."""
    found: list[Found] = []
    waiting = turns(seed)
    with ProcessPoolExecutor(workers, max_tasks_per_child=1) as pool:
        running: set[Future[Found]] = set()
        while sum(one.requests for one in found) < count:
            while len(running) < workers:
                running.add(pool.submit(take, next(waiting)))
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for one in done:
                found.append(one.result())
                last = found[-1]
                sys.stderr.write(f"{last.turn.replay}: {last.requests:,} requests, {len(failures([last]))} wrong\n")
        found += [one.result() for one in running]
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=int(os.environ.get("COUNT", "100000")))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED", "1")))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--role", choices=ROLES, help="take one turn of this one alone")
    parser.add_argument("--examples", type=int, default=_EXAMPLES)
    parser.add_argument("--phases", default=",".join(UNIT))
    parser.add_argument("--only", default="", help="ask this operation alone, by its operationId")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
