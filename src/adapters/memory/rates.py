"""Exchange rates in memory."""

from collections.abc import Iterable
from datetime import date

from ...domain.payments.rates import LONGEST, EuroRate


class MemoryRates:
    """The rates that it was given."""

    def __init__(self, rates: Iterable[EuroRate] = ()) -> None:
        self._rates = tuple(rates)

    def of(self, currency: str, on: date) -> EuroRate | None:
        fitting = [one for one in self._rates if one.currency == currency and on - LONGEST <= one.on <= on]
        return max(fitting, key=lambda one: one.on, default=None)
