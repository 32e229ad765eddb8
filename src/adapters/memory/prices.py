"""Price lists in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ...domain.payments.price_list import PriceList
from ...domain.shared.errors import Conflict, NotFound, Reason
from ...domain.shared.ids import PriceListId
from .tables import Table


class MemoryPrices:
    """The price lists as the open unit sees them."""

    def __init__(self, rows: Table[PriceListId, PriceList]) -> None:
        self._rows = rows

    async def add(self, prices: PriceList) -> None:
        if self._rows.get(prices.id) is not None:
            raise Conflict(Reason("id.taken"))
        self._rows.put(prices.id, prices)

    async def of_currency(self, currency: str) -> Sequence[PriceList]:
        found = self._rows.rows(lambda one: one.currency == currency)
        return sorted(found, key=lambda one: one.valid_from, reverse=True)

    async def end(self, list_id: PriceListId, at: datetime) -> None:
        known = self._rows.get(list_id)
        if known is None:
            raise NotFound
        self._rows.put(list_id, replace(known, valid_until=at))

    async def in_force(self, currency: str, at: datetime) -> PriceList:
        for one in self._rows.rows(lambda one: one.currency == currency and one.holds_at(at)):
            return one
        raise NotFound

    async def currencies(self, at: datetime) -> Sequence[str]:
        return sorted({one.currency for one in self._rows.rows(lambda one: one.holds_at(at))})
