"""Drawing pictures, with what draws them loaded when the first one is asked for."""

from __future__ import annotations

from ...domain.planning.timeline import Timeline
from ...ports.messages import Messages


def drawn(timeline: Timeline, messages: Messages) -> bytes:
    """Return the timeline as an SVG file."""
    from ...adapters.svg.timeline import timeline_picture  # noqa: PLC0415 - a server that is just starting needs none

    return timeline_picture(timeline, messages)
