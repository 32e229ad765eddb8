"""The timeline of a plan as a picture: bars along months, readable without colour, on pages to be printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ...domain.planning.timeline import Timeline
from ...ports.messages import Messages
from . import shapes
from .axis import Axis, axis_for
from .layout import (
    AXIS,
    CHART,
    DATES,
    EDGE,
    HEIGHT,
    LABEL,
    LABELS,
    LINE,
    RIGHT,
    SIGNS,
    SMALL,
    WIDTH,
    Page,
    Row,
    laid_out,
)
from .legend import legend
from .words import TimelineWords
from .writing import FONTS, element, escaped, lines, number, path, text, width

_SPACE = "http://www.w3.org/2000/svg"


def timeline_picture(timeline: Timeline, messages: Messages) -> bytes:
    """Return the picture as an SVG file in UTF-8; equal timelines and words give equal bytes.

    Pages of A4 in landscape stand one below another, each with its own axis; ``#page-2`` behind the file's address
    shows the second alone. What is drawn is told once more as numbered lines in its description.
    """
    words = TimelineWords(timeline, messages)
    pages = laid_out(timeline, words)
    axis = axis_for(timeline.first, timeline.last, timeline.today, CHART, RIGHT)
    height = HEIGHT * (len(pages) - 1) + pages[-1].height
    a_unit = min(HEIGHT / pages[0].height, 1.0) / 4  # in millimetres: one page, however full, is printed on one
    content = (
        element("title", escaped(words.title), id="hs-title"),
        element("desc", escaped("\n".join(words.alternative())), id="hs-desc"),
        shapes.PATTERNS,
        *_views(pages),
        element("rect", width=WIDTH, height=height, fill="#fff"),
        *(_page(page, at, len(pages), timeline, axis, words) for at, page in enumerate(pages)),
    )
    drawn = element(
        "svg",
        "\n" + "\n".join(content) + "\n",
        xmlns=_SPACE,
        role="img",
        aria_labelledby="hs-title hs-desc",
        width=f"{number(WIDTH * a_unit)}mm",
        height=f"{number(height * a_unit)}mm",
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        font_family=FONTS,
        fill=shapes.INK,
        **{"xml:lang": messages.language},
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}\n'.encode()


def _views(pages: tuple[Page, ...]) -> Iterator[str]:
    for at in range(len(pages) if len(pages) > 1 else 0):
        box = f"0 {number(at * HEIGHT)} {number(WIDTH)} {number(HEIGHT)}"
        yield element("view", id=f"page-{at + 1}", viewBox=box)


def _page(page: Page, at: int, count: int, timeline: Timeline, axis: Axis, words: TimelineWords) -> str:
    parts = [
        *(text(told, EDGE, y, size, font_weight="bold" if bold else None) for y, size, bold, told in page.head),
        *_closed(page, timeline, axis, words),
        _months(page, axis, words),
        *(_row(row, axis, words) for row in page.rows),
        _today(page, timeline, axis, words),
        legend(words, page.height),
    ]
    if count > 1:
        of = words.say("timeline.page", {"page": at + 1, "pages": count})
        parts.append(text(of, RIGHT, EDGE + 7, SMALL, text_anchor="end"))
    move = f"translate(0 {number(at * HEIGHT)})" if at else None
    return element("g", "\n" + "\n".join(filter(None, parts)) + "\n", transform=move)


def _months(page: Page, axis: Axis, words: TimelineWords) -> str:
    """Draw the axis: years over months, and their lines down through the rows."""
    top, line = page.axis, page.axis + AXIS - 6
    heads = {DATES: words.say("timeline.dates"), CHART - 20: words.say("timeline.room")}
    drawn = [
        text(told, x, line - 6, SMALL, text_anchor="end" if x != DATES else None, fill="#444")
        for x, told in heads.items()
    ]
    a_label = max(width(words.month(day), SMALL) for day in _a_year()) + 8
    for day in axis.months(a_label):
        x, is_year = axis.at(day), day.month == 1
        drawn.append(
            path(
                f"M{number(x)} {number(top + 4 if is_year else line - 16)}V{number(page.bottom)}",
                stroke=shapes.GREY if is_year else shapes.LIGHT,
                stroke_width=0.8,
            )
        )
        drawn.append(text(words.month(day), x + 3, line - 5, SMALL))
    drawn += _years(axis, top + 14, words)
    drawn.append(path(f"M{number(EDGE)} {number(line)}H{number(RIGHT)}", stroke=shapes.INK, stroke_width=1.2))
    return "".join(drawn)


def _closed(page: Page, timeline: Timeline, axis: Axis, words: TimelineWords) -> Iterator[str]:
    """Yield a light band for each public holiday, behind everything else."""
    top = page.axis + AXIS - 6
    for holiday in timeline.closed:
        if axis.holds(holiday.on):
            left, right = axis.at(holiday.on), axis.at(holiday.on + timedelta(days=1))
            band = shapes.closed(left, max(right, left + 1), top, page.bottom)
            yield element("g", element("title", escaped(words.closed(holiday))) + band)


def _a_year() -> Iterator[date]:
    return (date(2000, month, 1) for month in range(1, 13))


def _years(axis: Axis, y: float, words: TimelineWords) -> Iterator[str]:
    """Yield each year where it begins, as far as there is room before the next."""
    begins = [axis.first, *(day for day in axis.months(0.1) if day.month == 1 and day != axis.first)]
    last = -100.0
    for day, after in zip(begins, [*begins[1:], axis.end], strict=True):
        x = axis.at(day) + 3
        if x - last >= 40 and axis.at(after) - x >= 30:
            yield text(words.year(day), x, y, LABEL, font_weight="bold")
            last = x


def _row(row: Row, axis: Axis, words: TimelineWords) -> str:
    bar = row.bar
    if bar is None:
        return _heading(row, axis, words)
    first = row.middle - (len(row.label) - 1) * LINE / 2 + 4
    weight = "bold" if bar.critical else None
    room = words.room(bar)
    drawn = (
        element("title", escaped(words.told(bar))),
        shapes.sign(bar, SIGNS, row.middle),
        lines(row.label, LABELS, first, LABEL, LINE, font_weight=weight),
        text(words.span(bar), DATES, row.middle + 4, SMALL),
        text(room, CHART - 20, row.middle + 4, SMALL, text_anchor="end", font_weight="bold" if bar.is_late else weight),
        shapes.step(bar, axis, row.middle),
    )
    line = path(f"M{number(EDGE)} {number(row.top + row.height)}H{number(RIGHT)}", stroke="#ececec", stroke_width=0.8)
    return element("g", line + "".join(drawn))


def _heading(row: Row, axis: Axis, words: TimelineWords) -> str:
    """Draw the title of a group, and a double line on the day on which its studies begin."""
    drawn = lines(row.label, EDGE, row.top + LINE + 5, LABEL, LINE, font_weight="bold")
    target = row.group.target if row.group else None
    if target is not None and axis.holds(target.starts_on):
        x, y, told = axis.at(target.starts_on), row.top + LINE + 1, words.day(target.starts_on)
        is_right = x + width(told, SMALL) + 10 > RIGHT
        anchor = "end" if is_right else None
        drawn += shapes.begins(x, y) + text(told, x - 7 if is_right else x + 7, y + 4, SMALL, text_anchor=anchor)
    under = row.top + row.height
    drawn += path(f"M{number(EDGE)} {number(under)}H{number(RIGHT)}", stroke=shapes.GREY, stroke_width=0.8)
    return element("g", drawn)


def _today(page: Page, timeline: Timeline, axis: Axis, words: TimelineWords) -> str:
    """Draw today through all rows; where it lies beyond the axis, an arrow says so at its end."""
    told = words.say("timeline.today", {"on": words.day(timeline.today)})
    x, y = axis.at(timeline.today), page.axis + 4
    aside = 5 if axis.holds(timeline.today) else 12
    is_right = x + width(told, SMALL) + aside > RIGHT
    label = text(
        told,
        x + (-aside if is_right else aside),
        y - 5,
        SMALL,
        text_anchor="end" if is_right else None,
        fill=shapes.LATE,
    )
    if not axis.holds(timeline.today):
        back = 6 if timeline.today < axis.first else -6
        return label + path(f"M{number(x)} {number(y - 8)}l{back} -4v8z", fill=shapes.LATE)
    # The line leaves out the months, so that their names can be read.
    rows = f"M{number(x)} {number(page.axis + AXIS - 6)}V{number(page.bottom)}"
    d = f"M{number(x)} {number(y - 13)}V{number(y + 14)}{rows}"
    return label + path(d, stroke=shapes.LATE, stroke_width=1.4, stroke_dasharray="7 3")
