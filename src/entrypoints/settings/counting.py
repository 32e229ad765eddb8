"""Counting how the service is used, by those who allow it."""

from dataclasses import dataclass
from typing import Annotated

from .checks import key_bytes
from .declaring import Seconds, setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Counting:
    """Counting how the service is used, by those who allow it."""

    segment_write_key: Annotated[
        str | None,
        setting(
            "SEGMENT_WRITE_KEY",
            "The write key of a source at Segment, which is told what students do who allow it; unset: nobody is told.",
            secrecy="secret",
        ),
    ] = None
    segment_host: Annotated[
        str, setting("SEGMENT_HOST", "Where Segment is told; https://events.eu1.segmentapis.com in the EU.")
    ] = "https://api.segment.io"
    segment_seconds: Annotated[
        Seconds, setting("SEGMENT_SECONDS", "How many seconds Segment may take for an answer.")
    ] = 5.0
    analytics_key: Annotated[
        str | None,
        setting(
            "ANALYTICS_KEY",
            "What makes pseudonyms of students for analytics: 32 random bytes in base64, the same in every worker; "
            "another key makes everybody somebody else there; unset: a key in the home.",
            secrecy="secret",
        ),
    ] = None

    @property
    def analytics_key_bytes(self) -> bytes | None:
        """The 32 bytes of ANALYTICS_KEY."""
        return key_bytes(self.analytics_key) if self.analytics_key else None
