"""What happens to orders, payments, refunds and disputes."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import OrderId, RefundId, StudentId


@dataclass(frozen=True, slots=True)
class _OfOrder(Event):
    aggregate: ClassVar[str] = "order"
    order_id: OrderId
    student_id: StudentId

    @property
    def aggregate_id(self) -> UUID:
        return self.order_id


@dataclass(frozen=True, slots=True)
class OrderPlaced(_OfOrder):
    """Something was ordered, and waits to be paid."""

    tag: ClassVar[str] = "order.placed.v1"


@dataclass(frozen=True, slots=True)
class OrderPaid(_OfOrder):
    """An order is paid; ``in_time`` tells that it had been given up before that became known."""

    tag: ClassVar[str] = "order.paid.v1"
    in_time: bool = False


@dataclass(frozen=True, slots=True)
class OrderEnded(_OfOrder):
    """An order ended unpaid, or its money went back to the payer's bank; ``state`` says which."""

    tag: ClassVar[str] = "order.ended.v1"
    state: str = ""


@dataclass(frozen=True, slots=True)
class PaymentDeclined(_OfOrder):
    """The payer's bank or the provider said no; another try may follow."""

    tag: ClassVar[str] = "payment.declined.v1"
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class DisputeMoved(_OfOrder):
    """A payer's objection at the bank was raised or decided."""

    tag: ClassVar[str] = "dispute.moved.v1"
    stage: str = ""


@dataclass(frozen=True, slots=True)
class RefundMoved(Event):
    """A refund was asked for, decided, sent, done, or has failed; or its day was moved."""

    tag: ClassVar[str] = "refund.moved.v1"
    aggregate: ClassVar[str] = "refund"
    refund_id: RefundId
    order_id: OrderId
    student_id: StudentId
    what: str

    @property
    def aggregate_id(self) -> UUID:
        return self.refund_id
