"""Where exchange rates come from."""

from datetime import date
from typing import Protocol, runtime_checkable

from ..domain.payments.rates import EuroRate


@runtime_checkable
class Rates(Protocol):
    """Exchange rates of days, each with its source."""

    def of(self, currency: str, on: date) -> EuroRate | None:
        """Return the last rate of the currency that is of the day or one of the ten before it; None without one, and
        for the euro. Raises Unreadable where rates are kept that cannot be read."""
        ...
