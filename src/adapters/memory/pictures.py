"""Pictures of nothing, for tests."""

from ...domain.planning.timeline import Timeline
from ...ports.messages import Messages


class MemoryPictures:
    """Draws an empty picture that tells from when to when the timeline goes."""

    def timeline(self, timeline: Timeline, messages: Messages) -> bytes:
        told = f"{messages.short_day(timeline.first)} - {messages.short_day(timeline.last)}, {len(timeline.bars)}"
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>{told}</title></svg>'.encode()
