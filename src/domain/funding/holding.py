"""Whether money was held on every one of so many days, and on which days one may apply with that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from ..shared.dataclass import dataclass
from ..shared.money import Money

_LONGEST = 400  # days before and after the application that are looked at: no statement is longer


@dataclass(frozen=True, slots=True)
class Dip:
    """A day at whose end less was held than is required; ``shown`` is false where no statement covers the day."""

    on: date
    held: Money
    short_by: Money
    shown: bool


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Holding:
    """What daily balances say of an application on a day.

    ``passes`` says whether it is good then; ``window`` is the latest run of days that makes it so. Where there is
    none, ``dips`` are the days below the line in the run with the fewest of them. ``least_held`` is the least at the
    end of a day of either run. ``legal`` are the days on which one may apply by the statements as they are.
    ``earliest`` is the first of them not before the day asked for, or else the first on which it would be good if what
    is held at the end stays; then ``if_kept`` is true.
    """

    passes: bool
    least_held: Money
    window: Span | None
    dips: tuple[Dip, ...]
    legal: tuple[Span, ...]
    earliest: date | None
    if_kept: bool = False


def judge_holding(
    held_on: Callable[[date], Money | None], required: Money, days: int, within: int, on: date
) -> Holding:
    """Return how money that was held stands, for an application on the day.

    It passes when on each of ``days`` days in a row at least the required money was held, and the last of them is not
    after the application and at most ``within`` days before it. A day that no statement covers counts as nothing held.
    """
    first = on - timedelta(days=_LONGEST)
    held = {day: held_on(day) for day in _days(Span(first, on + timedelta(days=_LONGEST)))}
    nothing = Money(0, required.currency)
    below = {day for day, money in held.items() if (money or nothing) < required}
    ends = _ends(held.keys() - below, days)
    good = [end for end in ends if end <= on <= end + timedelta(days=within)]
    window = Span(good[-1] - timedelta(days=days - 1), good[-1]) if good else None
    nearest = window or _nearest_to_good(below, days, within, on)
    legal = _joined(Span(end, end + timedelta(days=within)) for end in ends)
    earliest = next((max(span.first, on) for span in legal if span.last >= on), None)
    kept = _if_kept(held, below, days, on) if earliest is None else None
    return Holding(
        passes=window is not None,
        least_held=_least(held, nearest, nothing),
        window=window,
        dips=() if window else tuple(_dips(held, below, nearest, required)),
        legal=legal,
        earliest=earliest or kept,
        if_kept=earliest is None and kept is not None,
    )


def _nearest_to_good(below: set[date], days: int, within: int, on: date) -> Span:
    """Return the run of days that would do for the application and has the fewest days below the line, the latest."""
    ends = (on - timedelta(days=before) for before in range(within + 1))
    runs = [Span(end - timedelta(days=days - 1), end) for end in ends]
    return min(runs, key=lambda run: sum(day in below for day in _days(run)))


def _days(span: Span) -> Iterator[date]:
    for after in range((span.last - span.first).days + 1):
        yield span.first + timedelta(days=after)


def _ends(good: set[date], days: int) -> list[date]:
    """Return each day that ends a run of at least so many good days."""
    ends, run, before = [], 0, date.min
    for day in sorted(good):
        run = run + 1 if (day - before).days == 1 else 1
        before = day
        if run >= days:
            ends.append(day)
    return ends


def _joined(spans: Iterator[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for span in spans:
        if found and span.first <= found[-1].last + timedelta(days=1):
            found[-1] = Span(found[-1].first, span.last)
        else:
            found.append(span)
    return tuple(found)


def _least(held: dict[date, Money | None], span: Span, nothing: Money) -> Money:
    return min((held[day] or nothing for day in _days(span)), key=lambda money: money.minor)


def _dips(held: dict[date, Money | None], below: set[date], span: Span, required: Money) -> Iterator[Dip]:
    nothing = Money(0, required.currency)
    for day in _days(span):
        if day in below:
            money = held[day] or nothing
            yield Dip(day, money, required - money, held[day] is not None)


def _if_kept(held: dict[date, Money | None], below: set[date], days: int, on: date) -> date | None:
    """Return when it would be good if the last balance shown stays, or None where that is below the line already."""
    shown = [day for day, money in held.items() if money is not None]
    if not shown or shown[-1] in below:
        return None
    run = shown[-1]
    while run - timedelta(days=1) in held and run - timedelta(days=1) not in below:
        run -= timedelta(days=1)
    return max(run + timedelta(days=days - 1), on)
