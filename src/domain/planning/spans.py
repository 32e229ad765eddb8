"""How the days of a task come about, where they are more than so many days from when it can begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .calendars import WorkingCalendar
from .network import Network

Row = tuple[list[int], list[int], int]
"""The tables of a calendar whose working days are counted: rank, open days, and the first day."""


class How:
    """How a task that is reported, waits by itself, opens late or is a window gets its days from an inner way.

    ``began`` is the reported first day; ``by_itself`` what a wait that has begun by itself came after; ``opens`` the
    first day on which it may begin; ``window`` the queues that call and the days that it is open then.
    """

    __slots__ = ("began", "by_itself", "inner", "opens", "today", "window")

    def __init__(
        self,
        inner: How | None,
        *,
        today: int = 0,
        began: int | None = None,
        by_itself: tuple[int, ...] = (),
        opens: int = 0,
        window: tuple[tuple[int, ...], int] | None = None,
    ) -> None:
        self.inner, self.today, self.began = inner, today, began
        self.by_itself, self.opens, self.window = by_itself, opens, window

    def span(self, ready: int, days: int, finish: Sequence[int]) -> tuple[int, int]:
        """Return the first and the last day of a task that could begin on the day ``ready``, today or later."""
        if self.began is not None:
            last = max(self._last(self.began, days, finish), self.today, ready)
            return self.began, self.until_open(last)
        if self.by_itself:
            begun = max(self.opens, *[finish[before] for before in self.by_itself])
            return begun, self.until_open(max(self._last(begun, days, finish), self.today))
        inner, ready = self.inner, max(ready, self.opens)
        first, last = (ready, ready + days) if inner is None else inner.span(ready, days, finish)
        if self.window is not None:
            calls, hard = self.window
            closes = max(finish[before] for before in calls) + hard
            if first <= closes and self.today <= closes:  # a window that can be kept lasts no longer than it is open
                last = min(last, closes)
        return first, last

    def _last(self, first: int, days: int, finish: Sequence[int]) -> int:
        return first + days if self.inner is None else self.inner.span(first, days, finish)[1]

    def would_end(self, days: int, finish: Sequence[int]) -> int | None:
        """Return the day on which what has begun ends if it takes so many days, also where that day has passed; None
        where it has not begun."""
        if self.began is not None:
            return self._last(self.began, days, finish)
        if self.by_itself:
            return self._last(max(self.opens, *[finish[before] for before in self.by_itself]), days, finish)
        return None

    def latest_start(self, last: int, days: int) -> int:
        """Return the last day on which a task may begin that has to be done on the day ``last``."""
        return last - days if self.inner is None else self.inner.latest_start(last, days)

    def until(self, last: int) -> int:
        """Return the last day until this one on which the task can end."""
        return last if self.inner is None else self.inner.until(last)

    def until_open(self, day: int) -> int:
        """Return the first day from this one on which the task can end."""
        return day if self.inner is None else self.inner.until_open(day)

    def hangs_on(self, done: int, last: int, today: int) -> bool:
        """Whether the end of what it waited for last decided its days, and no other thing."""
        if self.by_itself:
            return False
        if self.began is not None:
            return self.until_open(done) >= last
        return done >= max(today, self.opens)

    @property
    def calendar(self) -> WorkingCalendar | None:
        """The calendar of the place whose open days it keeps."""
        return None if self.inner is None else self.inner.calendar


class Span(How):
    """The reported days of what is done."""

    __slots__ = ("first", "last")

    def __init__(self, first: int, last: int) -> None:
        super().__init__(None)
        self.first, self.last = first, last

    def span(self, ready: int, days: int, finish: Sequence[int]) -> tuple[int, int]:
        return self.first, self.last


class Spread(How):
    """Days at a place with a calendar: it ends on an open day, and begins on one unless it runs by itself."""

    __slots__ = ("_calendar", "lasting", "working")

    def __init__(self, calendar: WorkingCalendar, working: bool, *, lasting: bool) -> None:
        super().__init__(None)
        self._calendar, self.working, self.lasting = calendar, working, lasting

    def span(self, ready: int, days: int, finish: Sequence[int]) -> tuple[int, int]:
        calendar = self._calendar
        first = ready if self.lasting else calendar.open_from(ready)
        return first, calendar.after(first, days) if self.working else calendar.open_from(first + days)

    def latest_start(self, last: int, days: int) -> int:
        calendar = self._calendar
        if self.working:
            return calendar.before(last, days)
        start = calendar.open_until(last) - days
        return start if self.lasting else calendar.open_until(start)

    def until(self, last: int) -> int:
        return self._calendar.open_until(last)

    def until_open(self, day: int) -> int:
        return self._calendar.open_from(day)

    def hangs_on(self, done: int, last: int, today: int) -> bool:
        return done >= today

    @property
    def calendar(self) -> WorkingCalendar | None:
        return self._calendar


def spread(
    network: Network, calendars: Mapping[str, WorkingCalendar], today: int
) -> tuple[list[How | None], list[Row | None]]:
    """Return for each task how its days keep a calendar, and where it counts working days, the same as a row of tables;
    None where it keeps none."""
    if not calendars:
        nothing = len(network.tasks)
        return [None] * nothing, [None] * nothing
    key = tuple(map(id, calendars.values()))
    kept = network.spread.get(key)
    if kept is None:
        known = tuple(calendars.values())  # kept, so that no other gets their identity meanwhile
        kept = network.spread[key] = (*_spread(network, calendars), max(one.low for one in known), known)
    hows, rows, low, _ = kept
    return list(hows), list(rows) if low <= today else [None] * len(rows)


def _spread(
    network: Network, calendars: Mapping[str, WorkingCalendar]
) -> tuple[tuple[How | None, ...], tuple[Row | None, ...]]:
    hows: list[How | None] = [None] * len(network.tasks)
    rows: list[Row | None] = [None] * len(network.tasks)
    for at, place in network.places:
        calendar = calendars.get(place)
        if calendar is not None:
            working, lasting = network.working[at], network.lasting[at]
            hows[at] = Spread(calendar, working, lasting=lasting)
            if working and not lasting:
                rows[at] = calendar.rank, calendar.open, calendar.low
    return tuple(hows), tuple(rows)
