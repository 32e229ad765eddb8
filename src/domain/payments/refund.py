"""Refunds: cases with a day by which the money is back, and a history that the student sees."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason, RuleBroken
from ..shared.ids import AccountId, AttemptId, OrderId, RefundId, StudentId
from ..shared.money import Money
from ..shared.states import Move, actions_from, move_for
from ..shared.texts import demand_texts
from .events import RefundMoved

LONGEST_REASON = 1000
_WEEKEND = 5
_KEY = re.compile(r"refund:([0-9a-f-]{36}):([0-9]{1,6})")


class State(StrEnum):
    """How far a refund is."""

    ASKED = "asked"
    REFUSED = "refused"
    APPROVED = "approved"
    SENT = "sent"
    """The provider has it; the payer's bank may take some days to show it."""
    DONE = "done"
    FAILED = "failed"
    """It did not go through, or came back; somebody of the office sends it again or by another way."""
    DROPPED = "dropped"
    """Nothing is owed any more: it had reached the payer already, such as by her bank."""
    BY_HAND = "by_hand"
    """It went another way, such as a bank transfer with a reference."""


class Action(StrEnum):
    """What becomes of a refund."""

    REFUSE = "refuse"
    APPROVE = "approve"
    SEND = "send"
    FINISH = "finish"
    FAIL = "fail"
    SEND_AGAIN = "send_again"
    SETTLE_BY_HAND = "settle_by_hand"
    DROP = "drop"


class Side(StrEnum):
    """Who does it."""

    OFFICE = "office"
    PROVIDER = "provider"


MOVES = (
    Move(Action.REFUSE, (State.ASKED,), State.REFUSED, Side.OFFICE),
    Move(Action.APPROVE, (State.ASKED,), State.APPROVED, Side.OFFICE),
    Move(Action.SEND, (State.APPROVED,), State.SENT, Side.PROVIDER),
    Move(Action.FINISH, (State.APPROVED, State.SENT), State.DONE, Side.PROVIDER),
    Move(Action.FAIL, (State.APPROVED, State.SENT, State.DONE), State.FAILED, Side.PROVIDER),
    Move(Action.SEND_AGAIN, (State.FAILED,), State.APPROVED, Side.OFFICE),
    Move(Action.SETTLE_BY_HAND, (State.FAILED,), State.BY_HAND, Side.OFFICE),
    Move(Action.DROP, (State.FAILED,), State.DROPPED, Side.OFFICE),
)
ENDED = frozenset({State.REFUSED, State.DONE, State.BY_HAND, State.DROPPED})


class Because(StrEnum):
    """Why there is a case."""

    ASKED = "asked"
    """The student, or the office for her, asked."""
    NOT_ORDERED = "not_ordered"
    """The money came for an order that had been given up, or was paid already."""
    AT_PROVIDER = "at_provider"
    """Somebody of the office sent it back at the provider itself."""


class KeyOfRefund(NamedTuple):
    """What the key of a repayment says."""

    refund_id: RefundId
    number: int


def read_key(key: str) -> KeyOfRefund | None:
    """Return what a key of ours says, None for any other."""
    found = _KEY.fullmatch(key)
    try:
        return KeyOfRefund(RefundId(UUID(found[1])), int(found[2])) if found else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to the case: by whom where it was a person of the office, and what was said of it."""

    what: str
    at: datetime
    by: AccountId | None = None
    note: str = ""
    expected_by: date | None = None


@dataclass(slots=True)
class RefundCase:
    """One amount that is to go back to whoever paid."""

    id: RefundId
    order_id: OrderId
    attempt_id: AttemptId
    student_id: StudentId
    amount: Money
    because: Because
    reason: str
    asked_by: AccountId | None
    asked_at: datetime
    expected_by: date
    state: State = State.ASKED
    number: int = 1
    """Counts the times that it is sent; a new one only after the one before has failed at the provider."""
    repayment: str = ""
    """The provider's id of the repayment that is sent now, once that is known."""
    repayments: tuple[str, ...] = ()
    """All that were ever made for it, failed ones among them."""
    reference: str = ""
    history: tuple[Step, ...] = ()
    version: int = 0

    @property
    def key(self) -> str:
        """By which the provider knows the repayment that is sent now."""
        return f"refund:{self.id}:{self.number}"

    @property
    def counts(self) -> bool:
        """Whether its amount is or was on its way to the payer."""
        return self.state not in (State.REFUSED, State.DROPPED)

    @property
    def possible(self) -> tuple[Action, ...]:
        """What can become of it now."""
        return actions_from(MOVES, self.state)

    def is_late(self, today: date) -> bool:
        """Whether the day has passed by which the student was to have her money."""
        return self.state not in ENDED and self.expected_by < today

    def asked(self) -> RefundMoved:
        """Return what asking for it means to others."""
        self.history = (*self.history, Step("asked", self.asked_at, self.asked_by, self.reason, self.expected_by))
        return self._said("asked")

    def take(self, action: Action, at: datetime, by: AccountId | None = None, note: str = "") -> RefundMoved:
        """Take the action; raise RuleBroken where it cannot be taken now, Invalid for a note that is no text."""
        move = move_for(MOVES, action, self.state)
        if move is None:
            raise RuleBroken(Reason("refund.not_possible", {"action": action.value, "state": self.state.value}))
        demand_texts((note, "reason", LONGEST_REASON))
        if action is Action.SEND_AGAIN:
            self.number += 1
            self.repayment = ""
        self.state = move.target
        self.history = (*self.history, Step(action.value, at, by, note))
        return self._said(self.state.value)

    def sent_as(self, repayment: str) -> None:
        """Note by which id the provider knows what is sent now."""
        self.repayment = repayment
        if repayment not in self.repayments:
            self.repayments = (*self.repayments, repayment)

    def postpone(self, until: date, at: datetime, by: AccountId, reason: str) -> RefundMoved:
        """Move the day; raise Invalid without a reason, RuleBroken once it has ended."""
        demand_reason(reason)
        if self.state in ENDED:
            raise RuleBroken(Reason("refund.not_possible", {"action": "postpone", "state": self.state.value}))
        if until <= at.date():
            raise Invalid(Reason("refund.day_is_past", {"given": until.isoformat()}, "expected_by"))
        self.expected_by = until
        self.history = (*self.history, Step("postponed", at, by, reason, until))
        return self._said("postponed")

    def _said(self, what: str) -> RefundMoved:
        return RefundMoved(self.id, self.order_id, self.student_id, what)


def demand_reason(reason: str) -> None:
    """Raise Invalid for a reason that is none, or no text."""
    if not reason.strip():
        raise Invalid(Reason("refund.needs_reason", {}, "reason"))
    demand_texts((reason, "reason", LONGEST_REASON))


def working_days_after(day: date, count: int) -> date:
    """Return the day so many days from Monday to Friday later; a bank's holidays are not known here."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _WEEKEND
    return day


@dataclass(frozen=True, slots=True)
class Terms:
    """What students are promised: so many working days until a refund is decided, and so many until the money is
    back from then on (for cards, 5 to 10 by Stripe: docs.stripe.com/refunds)."""

    decided_in: int = 5
    back_in: int = 10

    def asked(self, on: date) -> date:
        """Return the day by which the money is back that is asked for on the day."""
        return working_days_after(on, self.decided_in + self.back_in)

    def approved(self, on: date) -> date:
        """Return the day by which the money is back that is approved on the day."""
        return working_days_after(on, self.back_in)
