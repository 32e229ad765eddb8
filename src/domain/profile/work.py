"""Counting months of work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from ..shared.times import add_months

_DAYS_OF_A_MONTH = 31  # for days left over beside whole months; with fewer, a month less a day could count as one
Span = tuple[date, date]  # first and last day, both inside


def whole_months(spans: Iterable[Span]) -> int:
    """Return how many whole months the spans cover: calendar months, days left over together, each day once."""
    months = days = 0
    for first, last in _apart(spans):
        whole, left = _length(first, last)
        months, days = months + whole, days + left
    return months + days // _DAYS_OF_A_MONTH


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the spans in order, those that overlap or follow on one another as one."""
    open_span: Span | None = None
    for first, last in sorted(span for span in spans if span[0] <= span[1]):
        if open_span is not None and (first - open_span[1]).days <= 1:
            open_span = open_span[0], max(last, open_span[1])
            continue
        if open_span is not None:
            yield open_span
        open_span = first, last
    if open_span is not None:
        yield open_span


def _length(first: date, last: date) -> tuple[int, int]:
    """Return the calendar months from the first day to the end of the last, and the days left over."""
    end = last if last == date.max else last + timedelta(days=1)
    months = (end.year - first.year) * 12 + end.month - first.month
    if add_months(first, months) > end:
        months -= 1
    return months, (end - add_months(first, months)).days
