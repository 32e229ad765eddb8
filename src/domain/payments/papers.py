"""Numbered papers: invoices, receipts and credit notes, each series of a year without a gap."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.ids import OrderId, RefundId
from ..shared.money import Money


class Series(StrEnum):
    """What is numbered by itself; the value begins the number."""

    INVOICE = "INV"
    RECEIPT = "RC"
    CREDIT_NOTE = "CN"


@dataclass(frozen=True, slots=True)
class Paper:
    """One numbered paper: what it is about stands in the order or the refund. The year is that of UTC."""

    series: Series
    year: int
    place: int
    at: datetime
    order_id: OrderId
    amount: Money
    refund_id: RefundId | None = None

    @property
    def number(self) -> str:
        """The number that people know, such as ``INV-2027-000001``."""
        return f"{self.series.value}-{self.year}-{self.place:06d}"
