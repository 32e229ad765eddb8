"""What draws pictures."""

from typing import Protocol, runtime_checkable

from ..domain.planning.timeline import Timeline
from .messages import Messages


@runtime_checkable
class Pictures(Protocol):
    """Draws the timeline of a plan."""

    def timeline(self, timeline: Timeline, messages: Messages) -> bytes:
        """Return the picture as an SVG file in UTF-8; equal timelines and words give equal bytes."""
        ...
