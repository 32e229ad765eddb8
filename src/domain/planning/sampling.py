"""Running a plan through many times, a column of samples at a time, by the standard library alone."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence

from ..shared.dataclass import dataclass
from .calendars import WorkingCalendar
from .durations import SIZE
from .model import Model, Node, Window

# ruff: noqa: FURB136 - a call of max for each sample takes three times as long as a comparison

Column = list[int]
Source = Callable[[int], bytes]
"""Gives so many random bytes, as ``random.Random(seed).randbytes`` does."""

MOST_SAMPLES = 100_000


@dataclass(frozen=True, slots=True)
class Sampled:
    """How many of the samples were in time, and the day by which a tenth, half and nine tenths of them arrive."""

    samples: int
    in_time: int
    early: int
    middle: int
    late: int


def sample(model: Model, samples: int, source: Source) -> Sampled:
    """Return what so many runs of the model give; equal sources give equal results."""
    columns: list[Column] = []
    missed: set[int] = set()
    for node in model.nodes:
        columns.append(_finish(node, columns, model.today, samples, source))
        if node.window is not None and node.pinned is None:
            missed.update(_missed(node.window, columns, model.today, samples))
    for at, last in model.due:
        missed.update(place for place, day in enumerate(columns[at]) if day > last)
    arrivals = sorted(columns[model.arrival])
    return Sampled(samples, samples - len(missed), *(arrivals[tenth * samples // 10] for tenth in (1, 5, 9)))


def _finish(node: Node, columns: Sequence[Column], today: int, samples: int, source: Source) -> Column:
    if node.pinned is not None:
        return [node.pinned] * samples
    ready = _latest([columns[before] for before in node.after], max(today, node.opens), samples)
    days = _draw(node.table, samples, source)
    if node.began is not None:
        ended = _add(node, [node.began] * samples, days)
        last = [one if one > other else other for one, other in zip(ended, ready, strict=True)]
        return last if node.calendar is None else [node.calendar.open_from(day) for day in last]
    if node.window is not None:
        closes = _closes(node.window, columns, samples)
        return [
            min(begun + lasts, shuts) if begun <= shuts and today <= shuts else begun + lasts
            for begun, lasts, shuts in zip(ready, days, closes, strict=True)
        ]
    return _add(node, ready, days)


def _latest(columns: Sequence[Column], floor: int, samples: int) -> Column:
    if not columns:
        return [floor] * samples
    found, *others = columns
    if not others:
        return [day if day > floor else floor for day in found]
    for other in others:
        found = [one if one > two else two for one, two in zip(found, other, strict=True)]
    return [day if day > floor else floor for day in found] if min(found) < floor else found


def _draw(table: tuple[int, ...], samples: int, source: Source) -> Column:
    if len(table) == 1:
        return [table[0]] * samples
    picks = array("H")
    picks.frombytes(source(2 * samples))
    mask = SIZE - 1
    return [table[pick & mask] for pick in picks]


def _add(node: Node, begun: Column, days: Column) -> Column:
    calendar = node.calendar
    if calendar is None:
        return [one + other for one, other in zip(begun, days, strict=True)]
    if min(begun) < calendar.low:
        return _by_steps(node, calendar, begun, days)
    rank, opens, low = calendar.rank, calendar.open, calendar.low
    try:
        if node.working:
            return [opens[rank[one - low] + other] for one, other in zip(begun, days, strict=True)]
        firsts = begun if node.lasting else [opens[rank[one - low]] for one in begun]
        return [opens[rank[one + other - low]] for one, other in zip(firsts, days, strict=True)]
    except IndexError:  # beyond the years that the calendar knows
        return _by_steps(node, calendar, begun, days)


def _by_steps(node: Node, calendar: WorkingCalendar, begun: Column, days: Column) -> Column:
    if node.working:
        return [calendar.after(one, other) for one, other in zip(begun, days, strict=True)]
    firsts = begun if node.lasting else [calendar.open_from(one) for one in begun]
    return [calendar.open_from(one + other) for one, other in zip(firsts, days, strict=True)]


def _closes(window: Window, columns: Sequence[Column], samples: int) -> Column:
    return [day + window.days for day in _latest([columns[call] for call in window.calls], 0, samples)]


def _missed(window: Window, columns: Sequence[Column], today: int, samples: int) -> Iterable[int]:
    ready = _latest([columns[other] for other in window.besides], today, samples)
    closes = _closes(window, columns, samples)
    return (place for place, (one, other) in enumerate(zip(ready, closes, strict=True)) if one > other)
