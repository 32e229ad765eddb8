"""By which jobs messages are brought, and when what must be known is repeated."""

from __future__ import annotations

from datetime import timedelta

DELIVER, DIGEST, ESCALATE = "deliver", "digest", "escalate"
"""The names of the jobs that bring messages to people."""
FIRST_ESCALATION = timedelta(minutes=10)
TURNS = (
    FIRST_ESCALATION,
    *(timedelta(minutes=minutes) for minutes in (20, 60, 180, 360)),
    *(timedelta(hours=12) for _ in range(14)),
)
"""How long each turn waits after the one before: often at first, then twice a day for a week."""
REPEATED_FOR = sum(TURNS, timedelta())
"""So long after something was said its last turn comes."""
