"""Makes what counsellors ask and do over all their students."""

from __future__ import annotations

from ....domain.counselling.use_cases import queue
from .given import Given, providers


class CounsellingUseCases(Given):
    """Makes what counsellors ask and do over all their students."""

    ask_queue = providers.Factory(
        queue.AskQueue,
        transactions=Given.transactions,
        rule_packs=Given.rule_packs,
        zones=Given.zones,
        editions=Given.editions,
        calendars=Given.calendars,
    )
