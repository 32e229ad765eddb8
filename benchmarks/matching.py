"""Matching one student against 200,000 made programmes, against bare columns in numpy and the best query by hand."""

import asyncio
import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from benchmarks.results import Absent, Result
from benchmarks.scaled import scaled
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.catalogue.programme import Level, Programme
from higherstudy.domain.catalogue.search import ProgrammeQuery
from higherstudy.domain.matching.asking import Apart
from higherstudy.domain.matching.entry import entry_of
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.judging import judge_programme
from higherstudy.domain.matching.ranking import Matching
from higherstudy.domain.matching.unlocking import gains, rows_of, tried_steps
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.matching.wanted import Wanted, Wishes
from higherstudy.domain.matching.whole import Whole
from higherstudy.domain.profile.profile import Grade, Profile, Qualification, Target, TestResult
from higherstudy.domain.shared.money import Money

HOW_MANY = 200_000
ROUNDS = 21
_BEFORE = 5
ON = date(2026, 11, 23)
SECTIONS = ("listening", "reading", "writing", "speaking")
DEGREE = Qualification(
    "bachelor", "B.Sc. in Computer Science", ("0613",), "", "BD",
    Grade("BD_UGC_4", Decimal("3.50"), Decimal("2.00")), date(2025, 2, 20), "en",
)  # fmt: skip
STUDENT = Profile(
    citizenships=("BD",),
    qualifications=(DEGREE,),
    tests=(TestResult("IELTS_AC", date(2025, 9, 13), Decimal("6.5"), dict.fromkeys(SECTIONS, Decimal(6))),),
    work=(),
    budget_a_year=Money.of(12_000, "EUR"),
    target=Target("master", ("DE", "NL"), ("061",)),
)
FOCUSED = Wanted(ProgrammeQuery(countries=("DE", "NL"), levels=(Level.MASTER,), fields=("061",)))
QUESTIONS = {"focused": FOCUSED, "broad": Wanted()}
PEER_QUESTIONS: dict[str, dict[str, Sequence[str]]] = {
    "focused": {"country": ("DE", "NL"), "level": ("master",), "field": ("061",)},
    "broad": {},
}


def measure() -> Iterator[Result]:
    """Yield the ratios to the bare columns for counts, a page in full and unlock; agreement; then those in SQL."""
    try:
        import numpy as np  # noqa: PLC0415 - an extra
    except ImportError:
        raise Absent("numpy is not installed") from None
    from benchmarks.matching_peer import Peer  # noqa: PLC0415 - needs numpy
    from higherstudy.adapters.numpy.building import Building  # noqa: PLC0415
    from higherstudy.adapters.numpy.selecting import ArraySnapshot  # noqa: PLC0415

    programmes = list(scaled(HOW_MANY))
    by_id = {programme.id: programme for programme in programmes}
    rulebook = bundled_rulebook()
    building = Building(Apart.of(rulebook))
    begun = time.perf_counter()
    building.take(map(entry_of, programmes))
    snapshot = ArraySnapshot(building.done())
    megabytes = snapshot.columns.bytes_held / 1e6
    took = time.perf_counter() - begun
    yield Result("snapshot of 200,000: MB of arrays", megabytes, 20, f"made in {took:.1f} s")
    yield Result("snapshot of 200,000: MB more at rest in a process of its own", _resident(), 100)
    peer = Peer(programmes)
    degrees = np.array([not field or "0613".startswith(field) for field in peer.degree_words])  # type: ignore[attr-defined]
    as_columns = {
        "tests": (6.5, 0, 0), "sections": ((6.0,) * 4, (0.0,) * 4, (0.0,) * 4),
        "grade": 60, "budget": 12_000, "months": 0, "papers": 3,
        "degrees": degrees,
    }  # fmt: skip
    gc.freeze()  # the made programmes stay, and a server that reads its pages from a store has none of them
    for name, wanted in QUESTIONS.items():
        ask = partial(peer.match, as_columns, PEER_QUESTIONS[name])
        ours, bare = asyncio.run(_pairs(partial(_answer, snapshot, wanted, by_id), ask))
        ratio = statistics.median(one / other for one, other in zip(ours, bare, strict=True))
        detail = f"{statistics.median(ours):.1f} against {statistics.median(bare):.1f} ms, median of {ROUNDS} pairs"
        yield Result(f"match and unlock, {name}: times bare numpy", ratio, 2.0, detail)
        yield Result(f"the same, {name}: milliseconds", statistics.median(ours), 6.0 if wanted is FOCUSED else 10.0)
    wrong = sum(_disagreeing(snapshot, programmes[::8], _evidence(0)))
    yield Result("programmes on which arrays and domain disagree", wrong, 0, f"of {len(programmes[::8]):,}")
    from benchmarks.matching_sql import measure_sql  # noqa: PLC0415

    yield from measure_sql(programmes, _evidence(0), QUESTIONS)


def _resident() -> float:
    """Return by how many megabytes a fresh process grows that makes the snapshot and keeps nothing else."""
    command = [sys.executable, "-m", "benchmarks.matching_memory", str(HOW_MANY)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _evidence(turn: int) -> Evidence:
    """Return a student who is another one each time, so that nothing is known of her beforehand."""
    grade = Grade("BD_UGC_4", Decimal("3.20") + Decimal(turn) / 50, Decimal("2.00"))
    profile = replace(STUDENT, qualifications=(replace(DEGREE, grade=grade),))
    return Evidence(profile, ON, {"cv": True, "transcript": True})


async def _pairs(answer: Callable[[Evidence], Any], ask: Callable[[], object]) -> tuple[list[float], list[float]]:
    """Return the milliseconds of both, in turn; those of a server that has answered some others before."""
    for turn in range(ROUNDS, ROUNDS + _BEFORE):
        await answer(_evidence(turn))
        ask()
    ours, bare = [], []
    for turn in range(ROUNDS):
        begun = time.perf_counter()
        await answer(_evidence(turn))
        ours.append((time.perf_counter() - begun) * 1000)
        begun = time.perf_counter()
        ask()
        bare.append((time.perf_counter() - begun) * 1000)
    return ours, bare


async def _answer(snapshot: Any, wanted: Wanted, by_id: dict[Any, Programme], evidence: Evidence) -> int:
    """Count, show a page with every finding, and try every change; return how many were shown."""
    rulebook = bundled_rulebook()
    wishes = Wishes.of(evidence, rulebook)
    chosen = await snapshot.select(wanted)
    whole = Whole(snapshot.trees, evidence, rulebook, chosen.leaves)
    order = whole.order(chosen.counts, await chosen.standings(whole.leaves), 20)
    match = Matching(evidence, rulebook).match
    (ids,) = await chosen.pages([order.ranks], wishes, 0, 20)
    page = [match(by_id[id_]) for id_ in ids]
    tried = tried_steps(whole)
    openings = await chosen.openings(rows_of(whole, tried))
    await chosen.pages([gain.ranks for gain in gains(tried, openings, chosen.counts)[:10]], wishes, 0, 5)
    return len(page)


def _disagreeing(snapshot: Any, programmes: list[Programme], evidence: Evidence) -> Iterator[bool]:
    """Yield of each programme whether the domain says something else of it than the arrays do."""
    rulebook = bundled_rulebook()
    whole = Whole(snapshot.trees, evidence, rulebook)
    standings = asyncio.run(_standings(snapshot, whole))
    columns = snapshot.columns
    tree_of = {columns.id(row): tree for row, tree in enumerate(columns.tree.tolist())}
    for programme in programmes:
        tree = tree_of[programme.id]
        yield judge_programme(programme, evidence, rulebook).standing is not Standing(standings[tree])


async def _standings(snapshot: Any, whole: Whole) -> bytes:
    chosen = await snapshot.select(Wanted())
    found: bytes = await chosen.standings(whole.leaves)
    return found
