"""What the signs of a timeline mean, at the foot of each page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from ...domain.planning.schedule import State
from ...domain.planning.timeline import Bar
from ...domain.rulebook.pathways import Duration, StepDefinition, StepKind, StepScope
from ...domain.shared.sources import Confidence, Source, SourceKind
from . import shapes
from .layout import EDGE, FOOT, RIGHT, SMALL
from .words import TimelineWords
from .writing import number, path, text, width

_DAY = date(2000, 1, 1)
_SOURCE = Source("", "", SourceKind.OFFICIAL, _DAY)
_STEP = StepDefinition("", "", (), StepScope.SHARED, StepKind.TASK, "", Duration(0), _SOURCE, Confidence.HIGH)
_BAR = Bar("", _STEP, _DAY, _DAY, None, None, State.TO_DO, StepKind.TASK, False, None, None)
_LONG = 30.0


def legend(words: TimelineWords, bottom: float) -> str:
    """Return the legend above the page's lower edge, in as many lines as it needs."""
    x, y, drawn = EDGE, bottom - FOOT + 26, []
    for code, draw in _SAMPLES:
        told = words.say(code)
        needed = _LONG + 8 + width(told, SMALL) + 18
        if x + needed > RIGHT and x > EDGE:
            x, y = EDGE, y + 19
        drawn += [draw(x, y), text(told, x + _LONG + 8, y + 4, SMALL)]
        x += needed
    return "".join(drawn)


def _bar(**how: object) -> Callable[[float, float], str]:
    bar = replace(_BAR, **how)  # type: ignore[arg-type]
    return lambda x, y: shapes.body(bar, x, x + _LONG, y)


def _moment(x: float, y: float) -> str:
    return shapes.body(_BAR, x + _LONG / 2, x + _LONG / 2, y)


def _today(x: float, y: float) -> str:
    d = f"M{number(x + _LONG / 2)} {number(y - 9)}v18"
    return path(d, stroke=shapes.LATE, stroke_width=1.4, stroke_dasharray="7 3")


def _closed(x: float, y: float) -> str:
    return shapes.closed(x + _LONG / 2, x + _LONG / 2 + 3, y - 9, y + 9)


_SAMPLES: tuple[tuple[str, Callable[[float, float], str]], ...] = (
    ("timeline.legend_to_do", _bar()),
    ("timeline.legend_decides", _bar(critical=True)),
    ("timeline.legend_under_way", _bar(state=State.IN_PROGRESS)),
    ("timeline.legend_done", _bar(state=State.DONE)),
    ("timeline.legend_wait", _bar(kind=StepKind.WAIT)),
    ("timeline.legend_window", _bar(kind=StepKind.WINDOW)),
    ("timeline.legend_moment", _moment),
    ("timeline.legend_room", lambda x, y: shapes.tail(x, x + _LONG, y)),
    ("timeline.legend_late", lambda x, y: shapes.late(x, x + _LONG, y)),
    ("timeline.legend_due", lambda x, y: shapes.due(x + 12, y)),
    ("timeline.legend_opens", lambda x, y: shapes.opens(x + 12, y)),
    ("timeline.legend_closed", _closed),
    ("timeline.legend_begins", lambda x, y: shapes.begins(x + 15, y)),
    ("timeline.legend_today", _today),
)
