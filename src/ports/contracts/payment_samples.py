"""Orders, attempts, refunds and entries to keep, each with ids of its own, so that a store need not be empty."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from ...domain.payments.attempt import Attempt
from ...domain.payments.dispute import DisputeCase
from ...domain.payments.ledger import CLEARING, RECEIVABLE, Entry, Kind, between
from ...domain.payments.order import Order
from ...domain.payments.price_list import Price, PriceList
from ...domain.payments.quoting import Discount, Wanted, quote
from ...domain.payments.refund import Because, RefundCase
from ...domain.shared.ids import (
    AccountId,
    AttemptId,
    LedgerEntryId,
    OrderId,
    PriceListId,
    RefundId,
    StudentId,
)
from ...domain.shared.money import Money
from .samples import AT


def a_price_list(currency: str = "EUR", begins: datetime = AT, ends: datetime | None = None) -> PriceList:
    """Two services, one of which holds its tax already."""
    prices = (
        Price("courier", "Courier", "কুরিয়ার", Money(3333, currency), Decimal("7.5")),
        Price("advice", "Advice", "পরামর্শ", Money(5000, currency), Decimal(19), tax_included=True),
    )
    return PriceList(PriceListId(uuid4()), currency, begins, ends, prices)


def an_order(student_id: StudentId | None = None, *, due_at: datetime | None = None) -> Order:
    """An open order of two lines, with a discount of either kind."""
    discounts = (
        Discount("Early", "Ordered before May.", amount=Money(100, "EUR")),
        Discount("Sibling", "Her brother studies too.", percent=Decimal("2.5")),
    )
    found = quote(a_price_list(), [Wanted("courier", 2), Wanted("advice", 1)], discounts)
    return Order.of(OrderId(uuid4()), student_id or StudentId(uuid4()), AccountId(uuid4()), AT, found, due_at)


def an_attempt(order: Order, number: int = 1) -> Attempt:
    """An attempt that was just asked for."""
    return Attempt(AttemptId(uuid4()), order.id, number, order.total, AT)


def a_dispute(order: Order, attempt: Attempt) -> DisputeCase:
    """A dispute that is to be answered within a week."""
    return DisputeCase(
        f"dp_{uuid4().hex}", order.id, attempt.id, order.student_id, order.total, AT, AT + timedelta(days=7), "fraud"
    )


def a_refund(order: Order, attempt: Attempt) -> RefundCase:
    """A refund that was just asked for."""
    case = RefundCase(
        RefundId(uuid4()),
        order.id,
        attempt.id,
        order.student_id,
        Money(777, "EUR"),
        Because.ASKED,
        "It was not needed. — দরকার হয়নি।",
        AccountId(uuid4()),
        AT,
        AT.date() + timedelta(days=21),
    )
    case.asked()
    return case


def an_entry(minor: int = 500, currency: str = "EUR", at: datetime = AT, *, order_id: OrderId | None = None) -> Entry:
    """An entry by which the provider took an amount."""
    postings = between(CLEARING, RECEIVABLE, Money(minor, currency))
    cause = f"col_{uuid4().hex}"
    return Entry(LedgerEntryId(uuid4()), at, at - timedelta(minutes=1), Kind.TAKEN, cause, postings, order_id)
