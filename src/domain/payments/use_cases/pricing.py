"""Setting prices, and showing those in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ....ports.ids import Ids
from ....ports.transactions import Transactions
from ...audit.deed import Deed
from ...identity.account import Asker
from ...identity.policies import demand_bookkeeper
from ...shared.dataclass import dataclass
from ...shared.errors import Invalid, NotFound, Reason
from ...shared.ids import PriceListId
from ..price_list import Price, PriceList, demand_free


@dataclass(frozen=True)
class SetPrices:
    """Put a price list in force from a moment on."""

    transactions: Transactions
    ids: Ids

    async def __call__(
        self,
        asker: Asker,
        *,
        currency: str,
        prices: Sequence[Price],
        valid_from: datetime | None = None,
        valid_until: datetime | None = None,
    ) -> PriceList:
        """Return the list, which holds from now where no moment is given; the one without an end that holds by then
        ends with it.

        Raises RoleRefused for all but administrators, Invalid for a list that is not sound or begins in the past,
        Conflict where another list of the currency stands in the way.
        """
        demand_bookkeeper(asker)
        async with self.transactions(asker.origin) as work:
            begins = valid_from or work.now
            if begins < work.now:
                raise Invalid(Reason("price.begins_in_the_past", {}, "valid_from"))
            made = PriceList(PriceListId(self.ids.new()), currency, begins, valid_until, tuple(prices))
            made.demand_sound()
            known = list(await work.prices.of_currency(currency))
            for one in list(known):
                if one.valid_until is None and one.valid_from < begins:
                    await work.prices.end(one.id, begins)
                    known.remove(one)
            demand_free(made, known)
            await work.prices.add(made)
            work.note(Deed("prices.set", "price_list", made.id))
        return made


@dataclass(frozen=True)
class GetPrices:
    """Show what services cost now."""

    transactions: Transactions

    async def __call__(self, asker: Asker, currency: str | None = None) -> Sequence[PriceList]:
        """Return the list of each currency that holds now, or of the one; raise NotFound where that has none."""
        async with self.transactions(asker.origin) as work:
            if currency is not None:
                return [await work.prices.in_force(currency, work.now)]
            return [await work.prices.in_force(one, work.now) for one in await work.prices.currencies(work.now)]


@dataclass(frozen=True)
class ListPrices:
    """Show every price list of a currency, those to come and those that are over among them."""

    transactions: Transactions

    async def __call__(self, asker: Asker, currency: str) -> Sequence[PriceList]:
        """Return the lists, the latest first; raise RoleRefused for all but administrators, NotFound without any."""
        demand_bookkeeper(asker)
        async with self.transactions(asker.origin) as work:
            found = await work.prices.of_currency(currency)
        if not found:
            raise NotFound
        return found
