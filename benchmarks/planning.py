"""Making the sample plan, against a bare pass forward and backward over the same steps."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from benchmarks.results import Result
from higherstudy.adapters.bundled.catalogue import bundled_programmes
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.bundled.sample import sample_case_text
from higherstudy.domain.planning.case import read_case
from higherstudy.domain.planning.making import schedule_for

ROUNDS = 15
CALLS = 100


def measure() -> Iterator[Result]:
    """Yield the time of one plan in milliseconds, and its ratio to the bare passes; medians over rounds in turn."""
    rulebook = bundled_rulebook()
    programmes = {one.key: one for one in bundled_programmes()}
    case = read_case(sample_case_text(), "sample", rulebook, programmes, ZoneInfo)
    (lead, *_) = case.targets
    today = case.today
    if today is None:
        raise RuntimeError("the sample case names its day")

    # With nothing said about the money or uni-assist, every step of the pathway that may apply is in the plan.
    student = replace(case.profile, circumstances={})

    def ours() -> int:
        return len(schedule_for([lead], student, rulebook, today, "", reports=case.reports).steps)

    steps = schedule_for([lead], student, rulebook, today, "", reports=case.reports).steps
    bare_steps = [(s.key, s.task.after, s.task.step.duration.typical) for s in steps]
    begin, due = today.toordinal(), lead.starts_on.toordinal()

    def bare() -> int:
        finish: dict[str, int] = {}
        for key, after, days in bare_steps:
            finish[key] = max((finish[before] for before in after), default=begin) + days
        latest = dict.fromkeys(finish, due)
        for key, after, days in reversed(bare_steps):
            for before in after:
                latest[before] = min(latest[before], latest[key] - days)
        return len(latest)

    pairs = [(_milliseconds(ours), _milliseconds(bare)) for _ in range(ROUNDS)]
    one, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    yield Result(f"a plan of {len(steps)} steps: milliseconds", one, 1.0, f"median of {ROUNDS} rounds")
    yield Result("the same: times the bare passes", ratio, 25.0, f"{one:.3f} against {other:.4f} ms")


def _milliseconds(call: Callable[[], int]) -> float:
    begun = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - begun) * 1000 / CALLS
