"""Pictures as SVG, behind their port."""

from ...domain.planning.timeline import Timeline
from ...ports.messages import Messages
from .timeline import timeline_picture


class SvgPictures:
    """Draws pictures as SVG, by hand."""

    def timeline(self, timeline: Timeline, messages: Messages) -> bytes:
        return timeline_picture(timeline, messages)
