"""Where everything of a timeline stands: rows, one below another, on pages of A4 in landscape.

Lengths are quarters of a millimetre, so that a page is 1188 wide and 840 high.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ...domain.planning.timeline import Bar, Group, Timeline
from .words import TimelineWords
from .writing import wrapped

WIDTH, HEIGHT = 1188.0, 840.0
EDGE, FOOT, AXIS = 40.0, 78.0, 44.0
SIGNS, LABELS, DATES, ROOM, CHART = 46.0, 58.0, 336.0, 500.0, 516.0
RIGHT = WIDTH - EDGE
LABEL, SMALL, LINE = 12.0, 10.5, 14.5
TITLE, TITLE_LINE = 20.0, 25.0
_MOST_CHAIN = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the heading of a group, or a bar. ``top`` counts from the top of its page."""

    height: float
    label: tuple[str, ...]
    bar: Bar | None = None
    group: Group | None = None
    top: float = 0.0

    @property
    def middle(self) -> float:
        """The height at which its bar is drawn."""
        return self.top + self.height / 2


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its head, where its axis begins, and its rows."""

    head: tuple[tuple[float, float, bool, str], ...]
    axis: float
    rows: tuple[Row, ...]
    height: float

    @property
    def bottom(self) -> float:
        """Where its rows end."""
        return self.rows[-1].top + self.rows[-1].height if self.rows else self.axis + AXIS


def laid_out(timeline: Timeline, words: TimelineWords) -> tuple[Page, ...]:
    """Return the pages; one alone is as high as it needs to be, up to a quarter more, with which it can still be read
    when it is made to fit."""
    rows = [row for group in timeline.groups for row in _rows(group, words)]
    head, axis = _head(words, is_first=True)
    placed, left = _placed(rows, axis + AXIS, HEIGHT * 1.25 - FOOT, words)
    if not left:
        alone = Page(head, axis, placed, 0.0)
        return (replace(alone, height=alone.bottom + FOOT),)
    pages: list[Page] = []
    while rows:
        head, axis = _head(words, is_first=not pages)
        placed, rows = _placed(rows, axis + AXIS, HEIGHT - FOOT, words)
        pages.append(Page(head, axis, placed, HEIGHT))
    return tuple(pages)


def _rows(group: Group, words: TimelineWords) -> Iterator[Row]:
    yield _heading(group, words.group(group))
    for bar in group.bars:
        label = wrapped(words.label(bar), LABEL, DATES - LABELS - 8, bold=bar.critical)
        yield Row(max(21.0, len(label) * LINE + 6), tuple(label), bar, group)


def _heading(group: Group, title: str) -> Row:
    label = wrapped(title, LABEL, ROOM - EDGE, bold=True)
    return Row(len(label) * LINE + 13, tuple(label), group=group)


def _placed(rows: Sequence[Row], top: float, bottom: float, words: TimelineWords) -> tuple[tuple[Row, ...], list[Row]]:
    """Return the rows that fit between top and bottom, at least one of them a bar, and those that are left.

    A heading is not left alone at the end of a page, and stands again where its group goes on.
    """
    left = list(rows)
    if left and left[0].bar is not None and left[0].group is not None:
        title = words.say("timeline.continued", {"title": words.group(left[0].group)})
        left.insert(0, _heading(left[0].group, title))
    placed: list[Row] = []
    while left:
        needed = left[0].height + (left[1].height if left[0].bar is None and len(left) > 1 else 0)
        if top + needed > bottom and any(row.bar for row in placed):
            break
        row = left.pop(0)
        placed.append(replace(row, top=top))
        top += row.height
    return tuple(placed), left


def _head(words: TimelineWords, *, is_first: bool) -> tuple[tuple[tuple[float, float, bool, str], ...], float]:
    """Return the lines of the head as (height, size, bold, text), and where the axis begins."""
    if not is_first:
        placed, y = _stacked([(LABEL, LINE, True, line) for line in wrapped(words.title, LABEL, 800, bold=True)])
        return placed, y + 8
    title = wrapped(words.title, TITLE, RIGHT - EDGE, bold=True)
    standing = wrapped(f"{words.outcome} {words.as_of}", 13.0, RIGHT - EDGE)
    chain = wrapped(words.chain, SMALL, RIGHT - EDGE - 10)
    if len(chain) > _MOST_CHAIN:
        chain = [*chain[: _MOST_CHAIN - 1], f"{chain[_MOST_CHAIN - 1]} …"]
    placed, y = _stacked(
        [
            *((TITLE, TITLE_LINE, True, line) for line in title),
            *((13.0, 18.0, False, line) for line in standing),
            *((SMALL, 15.0, False, line) for line in chain if line),
        ]
    )
    return placed, y + 10


def _stacked(
    lines: Iterable[tuple[float, float, bool, str]],
) -> tuple[tuple[tuple[float, float, bool, str], ...], float]:
    y, placed = EDGE - 8, []
    for size, height, bold, words in lines:
        y += height
        placed.append((y, size, bold, words))
    return tuple(placed), y
