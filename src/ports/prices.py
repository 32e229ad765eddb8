"""Where price lists are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ..domain.payments.price_list import PriceList
from ..domain.shared.ids import PriceListId


class Prices(Protocol):
    """All price lists. They are added to; only the end of one may be moved."""

    async def add(self, prices: PriceList) -> None:
        """Keep a new list; until the transaction ends nobody else adds one. Raises Conflict where the id is taken."""
        ...

    async def of_currency(self, currency: str) -> Sequence[PriceList]:
        """Return the lists in the currency, the latest first. Where this comes before ``add``, nobody else adds one
        in between."""
        ...

    async def end(self, list_id: PriceListId, at: datetime) -> None:
        """Let the list end then; raise NotFound where there is none."""
        ...

    async def in_force(self, currency: str, at: datetime) -> PriceList:
        """Return the list that holds then; raise NotFound where none does."""
        ...

    async def currencies(self, at: datetime) -> Sequence[str]:
        """Return the currencies in which there is a list that holds then, sorted."""
        ...
