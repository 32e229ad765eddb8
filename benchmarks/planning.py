"""Making plans, against bare passes and libraries over the same steps; and the chance of a plan, against sampling."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.planning_peers import (
    Fifty,
    by_calrcpsp,
    by_hand,
    by_names,
    by_networkx,
    fifty,
    naive_chance,
    numpys_beta,
)
from benchmarks.results import Result
from higherstudy.adapters.bundled.catalogue import bundled_programmes
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.bundled.sample import sample_case_text
from higherstudy.adapters.numpy.drawing import simulate
from higherstudy.domain.planning.case import read_case
from higherstudy.domain.planning.chance import SAMPLES, models_of
from higherstudy.domain.planning.making import schedule_for
from higherstudy.domain.planning.sampling import sample
from higherstudy.domain.planning.schedule import Schedule
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.rulebook.pack import Rulebook

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
    yield from _fifty()
    yield from _chance()


def _fifty() -> Iterator[Result]:
    """Yield how plans of fifty steps stand beside their peers, each round in turn; the slow peers run a few times."""
    given = fifty()
    rules = Rulebook(())

    def ours() -> Schedule:
        return make_schedule(given.situation, given.pathway, rules, "")

    _demand_equal(ours(), given)
    peers = {
        "a plain pass by names": (by_names(given), 0.5),
        "the tightest pass by hand": (by_hand(given), 0.3),
        "networkx, its graph made anew": (by_networkx(given, keep=False), 5),
        "networkx, its graph kept": (by_networkx(given, keep=True), 2.5),
        "calrcpsp, its instance made anew": (by_calrcpsp(given, keep=False), 80),
        "calrcpsp, instance and calendar kept": (by_calrcpsp(given, keep=True), 20),
    }
    rounds = [
        (
            _milliseconds(ours),
            *(_milliseconds(peer, 4 if "calrcpsp" in name else 50) for name, (peer, _) in peers.items()),
        )
        for _ in range(ROUNDS)
    ]
    own = statistics.median(row[0] for row in rounds)
    yield Result("a plan of 50 steps and 3 calendars: a second", 1000 / own, 9000, f"{own:.4f} ms", at_least=True)
    for at, (name, (_, limit)) in enumerate(peers.items(), 1):
        ratio = statistics.median(row[at] / row[0] for row in rounds)
        theirs = statistics.median(row[at] for row in rounds)
        yield Result(f"times the rate of {name}", ratio, limit, f"{theirs:.4f} ms", at_least=True)


def _demand_equal(plan: Schedule, given: Fifty) -> None:
    """Stop where the passes do not agree; a step after which nothing is due has no slack with us."""
    _, _, _, slack, _ = by_hand(given)()
    own = [step.slack for step in plan.steps]
    if any(one is not None and one != other for one, other in zip(own, slack, strict=True)):
        raise RuntimeError("ours and the plain pass differ")


def _chance() -> Iterator[Result]:
    """Yield what a chance estimate of 10,000 samples costs, in arrays and without, beside its peers."""
    given = fifty()
    model = models_of(make_schedule(given.situation, given.pathway, Rulebook(()), ""))["t"]
    rounds = [
        (
            _milliseconds(lambda: simulate(model, SAMPLES, 1), 3),
            _milliseconds(lambda: numpys_beta(given, SAMPLES, 1), 3),
            _milliseconds(lambda: sample(model, SAMPLES, Random(1).randbytes), 1),
            _milliseconds(lambda: naive_chance(given, SAMPLES // 10, 1), 1) * 10,
        )
        for _ in range(5)
    ]
    arrays, beta, own, naive = (statistics.median(column) for column in zip(*rounds, strict=True))
    yield Result(
        "a chance by numpy: times its beta sampling", arrays / beta, 1.2, f"{arrays:.1f} against {beta:.1f} ms"
    )
    detail = f"{own:.0f} against {naive:.0f} ms"
    yield Result("a chance without: times faster than naive", naive / own, 3, detail, at_least=True)


def _milliseconds(call: Callable[[], object], calls: int = CALLS) -> float:
    """Return the processor time of one call, warmed by one before; the garbage collector rests, as with timeit."""
    call()
    gc.collect()
    gc.disable()
    try:
        begun = time.thread_time()
        for _ in range(calls):
            call()
        return (time.thread_time() - begun) * 1000 / calls
    finally:
        gc.enable()
