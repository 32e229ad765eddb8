"""The model of a plan run through many times, all samples of a step at once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...domain.planning.calendars import WorkingCalendar
from ...domain.planning.durations import SIZE
from ...domain.planning.model import Model, Node, Window
from ...domain.planning.sampling import Sampled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Days = NDArray[np.int32]
    Picks = NDArray[np.uint16]


def simulate(model: Model, samples: int, seed: int) -> Sampled:
    """Return what so many samples give."""
    import numpy as np  # noqa: PLC0415 - a server that is just starting needs none

    source = np.random.default_rng(seed)
    columns: list[Days] = []
    in_time = np.ones(samples, dtype=bool)
    for node in model.nodes:
        columns.append(_finish(node, columns, model.today, samples, source))
        if node.window is not None and node.pinned is None:
            ready = _latest([columns[other] for other in node.window.besides], model.today, samples)
            in_time &= ready <= _closes(node.window, columns, samples)
    for at, last in model.due:
        in_time &= columns[at] <= last
    arrivals = np.sort(columns[model.arrival])
    early, middle, late = (int(arrivals[tenth * samples // 10]) for tenth in (1, 5, 9))
    return Sampled(samples, int(in_time.sum()), early, middle, late)


def _finish(node: Node, columns: list[Days], today: int, samples: int, source: np.random.Generator) -> Days:
    import numpy as np  # noqa: PLC0415

    if node.pinned is not None:
        return np.full(samples, node.pinned, dtype=np.int32)
    ready = _latest([columns[before] for before in node.after], max(today, node.opens), samples)
    days = _draw(node.table, samples, source)
    if node.began is not None:
        last = np.maximum(_add(node, np.full(samples, node.began, dtype=np.int32), days), ready)
        return last if node.calendar is None else _open_from(node.calendar, last)
    if node.window is not None:
        closes, bare = _closes(node.window, columns, samples), ready + days
        kept = (ready <= closes) & (today <= closes)
        return np.where(kept, np.minimum(bare, closes), bare)
    return _add(node, ready, days)


def _latest(columns: list[Days], floor: int, samples: int) -> Days:
    import numpy as np  # noqa: PLC0415

    if not columns:
        return np.full(samples, floor, dtype=np.int32)
    found = np.maximum(columns[0], np.int32(floor))
    for other in columns[1:]:
        np.maximum(found, other, out=found)
    return found


def _draw(table: tuple[int, ...], samples: int, source: np.random.Generator) -> Days:
    import numpy as np  # noqa: PLC0415

    if len(table) == 1:
        return np.full(samples, table[0], dtype=np.int32)
    picks: Picks = np.frombuffer(source.bytes(2 * samples), dtype=np.uint16) & np.uint16(SIZE - 1)
    return _array(table).take(picks)


def _add(node: Node, begun: Days, days: Days) -> Days:
    calendar = node.calendar
    if calendar is None:
        return begun + days
    if node.working:
        return _after(calendar, begun, days)
    return _open_from(calendar, (begun if node.lasting else _open_from(calendar, begun)) + days)


def _open_from(calendar: WorkingCalendar, days: Days) -> Days:
    return _after(calendar, days, None)


def _after(calendar: WorkingCalendar, begun: Days, days: Days | None) -> Days:
    """As ``WorkingCalendar.after``: by the tables within the years that they know, one by one beyond."""
    import numpy as np  # noqa: PLC0415

    rank, opens = _tables(calendar)
    if begun.min() >= calendar.low and begun.max() < calendar.high:
        index = rank.take(begun - calendar.low)
        index = index if days is None else index + days
        if index.max() < len(opens):
            found: Days = opens.take(index)
            return found
    counts = np.zeros_like(begun) if days is None else days
    stepped = [calendar.after(int(day), int(count)) for day, count in zip(begun, counts, strict=True)]
    return np.array(stepped, dtype=np.int32)


def _closes(window: Window, columns: list[Days], samples: int) -> Days:
    import numpy as np  # noqa: PLC0415

    return _latest([columns[call] for call in window.calls], 0, samples) + np.int32(window.days)


@lru_cache(maxsize=2048)
def _array(table: tuple[int, ...]) -> Days:
    import numpy as np  # noqa: PLC0415

    return np.array(table, dtype=np.int32)


@lru_cache(maxsize=64)
def _tables(calendar: WorkingCalendar) -> tuple[Any, Any]:
    import numpy as np  # noqa: PLC0415

    return np.array(calendar.rank, dtype=np.int32), np.array(calendar.open, dtype=np.int32)
