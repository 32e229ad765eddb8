"""Disputes: payers' objections at their banks, as the provider tells them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.ids import AttemptId, OrderId, StudentId
from ..shared.money import Money


class Stage(StrEnum):
    """Where a dispute stands."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(slots=True)
class DisputeCase:
    """One objection to one payment; ``id`` is the provider's, ``answer_by`` when the bank wants our answer."""

    id: str
    order_id: OrderId
    attempt_id: AttemptId
    student_id: StudentId
    amount: Money
    opened_at: datetime
    answer_by: datetime | None = None
    reason: str = ""
    stage: Stage = Stage.OPEN
    decided_at: datetime | None = None

    def decide(self, stage: Stage, at: datetime) -> bool:
        """Note how the bank has decided; return whether that is news."""
        if self.stage is not Stage.OPEN or stage is Stage.OPEN:
            return False
        self.stage, self.decided_at = stage, at
        return True
