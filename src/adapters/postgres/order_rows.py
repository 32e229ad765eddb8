"""How orders are written to rows and read back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from ...domain.payments.order import Order, State
from ...domain.payments.quoting import Discount, Line, Tax
from ...domain.shared.ids import AccountId, OrderId, StudentId
from ...domain.shared.money import Money
from .prices import price_data, read_price


def new_order_row(order: Order) -> dict[str, Any]:
    """Return the row of an order that is new."""
    return {
        "id": order.id,
        "student_id": order.student_id,
        "placed_by": order.placed_by,
        "placed_at": order.placed_at,
        "currency": order.currency,
        "lines": [_line_data(one) for one in order.lines],
        "discounts": [_discount_data(one) for one in order.discounts],
        "taxes": [{"rate": f"{one.rate:f}", "net": one.net.minor, "tax": one.tax.minor} for one in order.taxes],
        "total": order.total.minor,
        "due_at": order.due_at,
        **order_changes(order),
        "version": order.version + 1,
    }


def order_changes(order: Order) -> dict[str, Any]:
    """Return what of an order may change."""
    return {
        "state": order.state.value,
        "paid_at": order.paid_at,
        "ended_at": order.ended_at,
        "reversed": order.reversed,
    }


def read_order(row: Row[Any]) -> Order:
    """Return the order of the row."""
    currency = row.currency
    return Order(
        OrderId(row.id),
        StudentId(row.student_id),
        AccountId(row.placed_by),
        row.placed_at,
        currency,
        tuple(_read_line(one) for one in row.lines),
        tuple(_read_discount(one) for one in row.discounts),
        tuple(Tax(Decimal(one["rate"]), Money(one["net"], currency), Money(one["tax"], currency)) for one in row.taxes),
        Money(row.total, currency),
        row.due_at,
        State(row.state),
        row.paid_at,
        row.ended_at,
        row.reversed,
        row.version,
    )


def _line_data(line: Line) -> dict[str, Any]:
    return {
        "price": price_data(line.price),
        "count": line.count,
        "discount": line.discount,
        "net": line.net,
        "tax": line.tax,
    }


def _read_line(data: Mapping[str, Any]) -> Line:
    return Line(read_price(data["price"]), data["count"], data["discount"], data["net"], data["tax"])


def _discount_data(one: Discount) -> dict[str, Any]:
    return {
        "name": one.name,
        "reason": one.reason,
        "minor": None if one.amount is None else one.amount.minor,
        "currency": None if one.amount is None else one.amount.currency,
        "percent": None if one.percent is None else f"{one.percent:f}",
    }


def _read_discount(data: Mapping[str, Any]) -> Discount:
    amount = None if data["minor"] is None else Money(data["minor"], data["currency"])
    percent = None if data["percent"] is None else Decimal(data["percent"])
    return Discount(data["name"], data["reason"], amount, percent)
