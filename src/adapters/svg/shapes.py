"""The shapes of a timeline. Each means something by its form alone, so that it reads in black and white."""

from __future__ import annotations

from ...domain.planning.schedule import State
from ...domain.planning.timeline import Bar
from ...domain.rulebook.pathways import StepKind
from .axis import Axis
from .writing import element, number, path

INK, GREY, LIGHT, LATE, CLOSED = "#1a1a1a", "#8a8a8a", "#d9d9d9", "#a4001d", "#f0f0f0"
_HALF = 5.5
_SHORTEST = 4.0

PATTERNS = element(
    "defs",
    element(
        "pattern",
        element("rect", width=5, height=5, fill="#fff")
        + path("M0 5L5 0M-1 1L1 -1M4 6L6 4", stroke=INK, stroke_width=1),
        id="hs-under-way",
        width=5,
        height=5,
        patternUnits="userSpaceOnUse",
    ),
)


def step(bar: Bar, axis: Axis, y: float) -> str:
    """Return the bar of the step with its slack, its last day and whatever else others set for it."""
    around = _slack(bar, axis, y) + _days_of_others(bar, axis, y)
    before = _from_before(axis.left, y) if bar.start < axis.first else ""
    if bar.finish < axis.first:
        return before + around
    return before + around + body(bar, axis.at(bar.start), axis.at(bar.finish), y)


def body(bar: Bar, left: float, right: float, y: float) -> str:
    """Return the bar alone: full where it decides, hatched where it is under way, grey once done, else empty."""
    fill, line, stroke = _look(bar)
    if bar.kind is StepKind.APPOINTMENT:
        return element("circle", cx=left, cy=y, r=_HALF, fill=fill, stroke=stroke, stroke_width=line)
    if right - left < _SHORTEST:
        d = f"M{number(left)} {number(y - 6)}l6 6l-6 6l-6 -6z"
        return path(d, fill=fill, stroke=stroke, stroke_width=line)
    rounded = _HALF if bar.is_wait else None
    drawn = element(
        "rect",
        x=left,
        y=y - _HALF,
        width=right - left,
        height=2 * _HALF,
        rx=rounded,
        fill=fill,
        stroke=stroke,
        stroke_width=line,
    )
    return drawn + (_window(left, right, y) if bar.kind is StepKind.WINDOW else "")


def _from_before(x: float, y: float) -> str:
    """Return an arrowhead that points to what lies before the axis."""
    return path(f"M{number(x - 3)} {number(y - 4)}l-4 4l4 4", fill="none", stroke=INK, stroke_width=1.4)


def _look(bar: Bar) -> tuple[str, float, str]:
    if bar.state is State.DONE:
        return LIGHT, 1.0, GREY
    if bar.state is State.IN_PROGRESS:
        return "url(#hs-under-way)", 2.2 if bar.critical else 1.2, INK
    return (INK if bar.critical else "#fff"), 1.2, INK


def _window(left: float, right: float, y: float) -> str:
    """Return brackets around what can only be done in these days."""
    d = f"M{number(left + 3)} {number(y - 9)}h-5v18h5M{number(right - 3)} {number(y - 9)}h5v18h-5"
    return path(d, fill="none", stroke=INK, stroke_width=1.6)


def _slack(bar: Bar, axis: Axis, y: float) -> str:
    """Return a thin tail to the last day on which the step may end; crosses from that day on where it ends later."""
    if bar.latest is None or bar.slack is None or bar.slack == 0:
        return ""
    end, last = axis.at(bar.finish), axis.at(bar.latest)
    if bar.is_late:
        return late(last, end, y + 9)
    return tail(end, last, y)


def tail(left: float, right: float, y: float) -> str:
    """Return the room that a step has."""
    d = f"M{number(left)} {number(y)}H{number(right)}M{number(right)} {number(y - 4)}v8"
    return path(d, fill="none", stroke=INK, stroke_width=1)


def late(left: float, right: float, y: float) -> str:
    """Return the days that are too many, as a zigzag."""
    teeth = max(2, int((right - left) / 4))
    width = max(right - left, 6.0) / teeth
    d = "".join(f"l{number(width)} {-4 if tooth % 2 == 0 else 4}" for tooth in range(teeth))
    return path(f"M{number(left)} {number(y + 2)}{d}", fill="none", stroke=LATE, stroke_width=1.4)


def _days_of_others(bar: Bar, axis: Axis, y: float) -> str:
    drawn = due(axis.at(bar.due_on), y) if bar.due_on is not None else ""
    return drawn + (opens(axis.at(bar.opens_on), y) if bar.opens_on is not None else "")


def due(x: float, y: float) -> str:
    """Return a flag on its pole: the last day."""
    return path(f"M{number(x)} {number(y + 8)}v-17l8 4l-8 4", fill=INK, stroke=INK, stroke_width=1)


def begins(x: float, y: float) -> str:
    """Return a double line: the first day of studies."""
    d = f"M{number(x - 1.5)} {number(y - 8)}v16M{number(x + 1.5)} {number(y - 8)}v16"
    return path(d, fill="none", stroke=INK, stroke_width=1.2)


def opens(x: float, y: float) -> str:
    """Return an open triangle: not before this day."""
    return path(f"M{number(x)} {number(y - 5)}l7 5l-7 5z", fill="#fff", stroke=INK, stroke_width=1.2)


def sign(bar: Bar, x: float, y: float) -> str:
    """Return a sign before the title: a tick where done, a point where under way, a mark where it decides."""
    if bar.state is State.DONE:
        return path(f"M{number(x - 4)} {number(y)}l3 4l6 -8", fill="none", stroke=INK, stroke_width=1.8)
    if bar.critical:
        return path(f"M{number(x)} {number(y - 6)}v7.5M{number(x)} {number(y + 4)}v2", stroke=INK, stroke_width=2.6)
    if bar.state is State.IN_PROGRESS:
        return path(f"M{number(x - 3)} {number(y - 4)}l7 4l-7 4z", fill=INK)
    return ""


def closed(x1: float, x2: float, top: float, bottom: float) -> str:
    """Draw a day on which offices are closed, so lightly that what lies over it can be read."""
    return element("rect", x=number(x1), y=number(top), width=number(x2 - x1), height=number(bottom - top), fill=CLOSED)
