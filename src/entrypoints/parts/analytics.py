"""Where it is counted how the service is used, where somebody wants it counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ...domain.rights.tracking import Happening
from ...ports.analytics import Analytics
from ..settings import Settings
from ..watching.tallies import Tallies
from .called import called


@dataclass(frozen=True)
class CountedAnalytics:
    """Tells what the place inside is told, and counts how that went."""

    analytics: Analytics
    provider: str
    calls: Tallies

    async def track(self, happenings: Sequence[Happening]) -> None:
        """Tell of them."""
        with called(self.calls, self.provider):
            await self.analytics.track(happenings)


def analytics_of(settings: Settings, calls: Tallies) -> Analytics | None:
    """Return Segment where SEGMENT_WRITE_KEY is set; else nobody is told anything."""
    if settings.segment_write_key is None:
        return None
    from ...adapters.segment.analytics import SegmentAnalytics  # noqa: PLC0415 - only where the setting asks for it

    ours = SegmentAnalytics(
        settings.segment_write_key,
        host=settings.segment_host,
        timeout=timedelta(seconds=settings.segment_seconds),
    )
    return CountedAnalytics(ours, "segment", calls)
