"""What to say where a plan follows a target that comes too late although others can be reached."""

from __future__ import annotations

from ..shared.errors import Reason
from .schedule import Outcome, Schedule


def reach_notices(schedule: Schedule) -> tuple[Reason, ...]:
    """Return that the leading target comes too late, with those that do not; nothing where it is in time, or none is.

    The plan follows the target that the student is furthest with, so today's actions would be for that one alone.
    """
    lead = schedule.outlook
    if lead.outcome not in (Outcome.LATE, Outcome.LOST):
        return ()
    others = [one for one in schedule.outlooks if one.outcome in (Outcome.ON_TIME, Outcome.AT_RISK)]
    if not others:
        return ()
    titles = "; ".join(f"“{one.target.title}”" for one in others)
    return (Reason("reach.lead_too_late", {"target": lead.target.title, "others": titles}, lead.target.key),)
