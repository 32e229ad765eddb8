"""How long what is kept, as data: each rule has its reason, its source and its day."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from ..shared.dataclass import dataclass


class Kept(StrEnum):
    """What a rule of retention is about."""

    DONE_JOBS = "done_jobs"
    PASSED_ON_EVENTS = "passed_on_events"
    SESSIONS = "sessions"
    CODES = "codes"
    TICKETS = "tickets"
    FAILURES = "failures"
    UNCONFIRMED_FACTORS = "unconfirmed_factors"
    PROVIDER_SIGN_INS = "provider_sign_ins"
    ANSWERS = "answers"
    EXPORTS = "exports"
    REPORTS = "reports"
    CANCELLED_ERASURES = "cancelled_erasures"
    HOLDS = "holds"
    MESSAGES = "messages"
    DELIVERY_REPORTS = "delivery_reports"
    DORMANT_ACCOUNTS = "dormant_accounts"
    INVARIANT_RUNS = "invariant_runs"
    BREACHES = "breaches"
    IMPORT_ROWS = "import_rows"
    RECORD_OFFERS = "record_offers"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """So many days something is kept after it is over; ``notice_days`` before its end its owner is told, if at all."""

    kept: Kept
    days: int
    why: str
    source: str
    url: str
    since: date
    notice_days: int = 0

    @property
    def lasting(self) -> timedelta:
        """The days as a span."""
        return timedelta(days=self.days)
