"""Orders: what somebody wants to have done and pays for, with the prices of the day on which it was ordered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import Reason, RuleBroken
from ..shared.ids import AccountId, OrderId, StudentId
from ..shared.money import Money
from ..shared.states import Move, actions_from, move_for
from .events import OrderEnded, OrderPaid, OrderPlaced
from .quoting import Discount, Line, Quote, Tax


class State(StrEnum):
    """Where an order stands."""

    OPEN = "open"
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    CHARGED_BACK = "charged_back"


class Action(StrEnum):
    """What becomes of an order."""

    PAY = "pay"
    CANCEL = "cancel"
    EXPIRE = "expire"
    PAY_IN_TIME = "pay_in_time"
    REFUND_PART = "refund_part"
    REFUND = "refund"
    CHARGE_BACK = "charge_back"
    KEEP = "keep"
    KEEP_PART = "keep_part"


class Side(StrEnum):
    """Who does it: the payer, either side, the clock, or the office."""

    PAYER = "payer"
    EITHER = "either"
    CLOCK = "clock"
    OFFICE = "office"
    BANK = "bank"


_KEPT = (State.PAID, State.PARTLY_REFUNDED)
MOVES = (
    Move(Action.PAY, (State.OPEN,), State.PAID, Side.PAYER),
    Move(Action.CANCEL, (State.OPEN,), State.CANCELLED, Side.EITHER),
    Move(Action.EXPIRE, (State.OPEN,), State.EXPIRED, Side.CLOCK),
    Move(Action.PAY_IN_TIME, (State.EXPIRED,), State.PAID, Side.PAYER),
    Move(Action.REFUND_PART, _KEPT, State.PARTLY_REFUNDED, Side.OFFICE),
    Move(Action.REFUND, _KEPT, State.REFUNDED, Side.OFFICE),
    Move(Action.KEEP, (State.PARTLY_REFUNDED, State.REFUNDED), State.PAID, Side.OFFICE),
    Move(Action.KEEP_PART, (State.PARTLY_REFUNDED, State.REFUNDED), State.PARTLY_REFUNDED, Side.OFFICE),
    Move(Action.CHARGE_BACK, (*_KEPT, State.REFUNDED), State.CHARGED_BACK, Side.BANK),
)
SOLD = frozenset({State.PAID, State.PARTLY_REFUNDED, State.REFUNDED, State.CHARGED_BACK})
"""In these the service was paid for at some time."""
GIVEN_UP = frozenset({State.CANCELLED, State.EXPIRED})


@dataclass(slots=True)
class Order:
    """What one student ordered. ``reversed`` is how much of what was sold went back to her or to her bank, in minor
    units: what the books have taken from revenue and taxes."""

    id: OrderId
    student_id: StudentId
    placed_by: AccountId
    placed_at: datetime
    currency: str
    lines: tuple[Line, ...]
    discounts: tuple[Discount, ...]
    taxes: tuple[Tax, ...]
    total: Money
    due_at: datetime | None = None
    state: State = State.OPEN
    paid_at: datetime | None = None
    ended_at: datetime | None = None
    reversed: int = 0
    version: int = 0

    @classmethod
    def of(
        cls,
        order_id: OrderId,
        student_id: StudentId,
        by: AccountId,
        at: datetime,
        found: Quote,
        due_at: datetime | None,
    ) -> Order:
        """Return the order of what was quoted."""
        return cls(
            order_id,
            student_id,
            by,
            at,
            found.currency,
            found.lines,
            found.discounts,
            found.taxes,
            found.total,
            due_at,
        )

    @property
    def number(self) -> str:
        """What people call the order by, and payers see beside the amount: letters of the id that can be read aloud."""
        text = self.id.hex.upper()
        return f"O-{self.placed_at:%Y%m%d}-{text[-8:-4]}-{text[-4:]}"

    @property
    def possible(self) -> tuple[Action, ...]:
        """What can become of it now."""
        return actions_from(MOVES, self.state)

    def placed(self) -> OrderPlaced:
        """Return what placing it means to others."""
        return OrderPlaced(self.id, self.student_id)

    def is_over(self, now: datetime) -> bool:
        """Whether the day has come by which it was to be paid."""
        return self.due_at is not None and self.due_at <= now

    def counts_for(self, paid_at: datetime) -> bool:
        """Whether money that was paid then still pays it: while it is open, and for one that expired, when it was paid
        before its day by the provider's clock, however late we hear of it."""
        if self.state is State.OPEN:
            return True
        return self.state is State.EXPIRED and (self.due_at is None or paid_at <= self.due_at)

    def pay(self, paid_at: datetime, now: datetime) -> OrderPaid:
        """Note that it was paid."""
        in_time = self.state is State.EXPIRED
        self._take(Action.PAY_IN_TIME if in_time else Action.PAY, now)
        self.paid_at, self.ended_at = paid_at, None
        return OrderPaid(self.id, self.student_id, in_time)

    def cancel(self, now: datetime) -> OrderEnded:
        """Give it up; raise RuleBroken where it is not open."""
        self._take(Action.CANCEL, now)
        return OrderEnded(self.id, self.student_id, self.state.value)

    def expire(self, now: datetime) -> OrderEnded:
        """Let its day be over; raise RuleBroken where it is not open."""
        self._take(Action.EXPIRE, now)
        return OrderEnded(self.id, self.student_id, self.state.value)

    def give_back(self, amount: Money, now: datetime) -> None:
        """Note that so much of it goes back to the payer; raise RuleBroken where it was not sold."""
        whole = self.reversed + amount.minor >= self.total.minor
        self._take(Action.REFUND if whole else Action.REFUND_PART, now)
        self.reversed += amount.minor

    def keep(self, amount: Money, now: datetime) -> None:
        """Note that so much does not go back after all, which was to."""
        self.reversed -= amount.minor
        if Action.KEEP in self.possible and self.reversed < self.total.minor:
            self._take(Action.KEEP_PART if self.reversed else Action.KEEP, now)

    def charge_back(self, amount: Money, now: datetime) -> OrderEnded:
        """Note that the bank gave so much of it back to the payer."""
        if self.state is not State.CHARGED_BACK:
            self._take(Action.CHARGE_BACK, now)
        self.reversed += amount.minor
        return OrderEnded(self.id, self.student_id, self.state.value)

    def demand(self, action: Action) -> None:
        """Raise RuleBroken where that cannot become of the order now."""
        self._move(action)

    def _take(self, action: Action, now: datetime) -> None:
        self.state = self._move(action).target
        self.ended_at = None if self.state in _KEPT else now

    def _move(self, action: Action) -> Move[State, Action, Side]:
        move = move_for(MOVES, action, self.state)
        if move is None:
            raise RuleBroken(Reason("order.not_possible", {"action": action.value, "state": self.state.value}))
        return move
