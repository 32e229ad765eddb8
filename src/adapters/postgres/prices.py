"""Price lists, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, or_, select, update
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.payments.price_list import Price, PriceList
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import PriceListId
from ...domain.shared.money import Money
from .engine import translated
from .locks import one_at_a_time
from .tables_payments import price_lists


class PostgresPrices:
    """The price lists as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, prices: PriceList) -> None:
        row = {
            "id": prices.id,
            "currency": prices.currency,
            "valid_from": prices.valid_from,
            "valid_until": prices.valid_until,
            "prices": [price_data(one) for one in prices.prices],
        }
        with translated():
            await self._connection.execute(insert(price_lists).values(row))

    async def of_currency(self, currency: str) -> Sequence[PriceList]:
        await one_at_a_time(self._connection, f"prices {currency}")
        return await self._find(price_lists.c.currency == currency)

    async def end(self, list_id: PriceListId, at: datetime) -> None:
        statement = update(price_lists).where(price_lists.c.id == list_id).values(valid_until=at)
        with translated():
            if (await self._connection.execute(statement)).rowcount != 1:
                raise NotFound

    async def in_force(self, currency: str, at: datetime) -> PriceList:
        found = await self._find((price_lists.c.currency == currency) & _holds(at))
        if not found:
            raise NotFound
        return found[0]

    async def currencies(self, at: datetime) -> Sequence[str]:
        query = select(price_lists.c.currency).where(_holds(at)).distinct().order_by(price_lists.c.currency)
        with translated():
            return list((await self._connection.execute(query)).scalars())

    async def _find(self, which: ColumnElement[bool]) -> list[PriceList]:
        query = select(price_lists).where(which).order_by(price_lists.c.valid_from.desc())
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]


def _holds(at: datetime) -> ColumnElement[bool]:
    return (price_lists.c.valid_from <= at) & or_(price_lists.c.valid_until.is_(None), price_lists.c.valid_until > at)


def _read(row: Row[Any]) -> PriceList:
    prices = tuple(read_price(one) for one in row.prices)
    return PriceList(PriceListId(row.id), row.currency, row.valid_from, row.valid_until, prices)


def price_data(price: Price) -> dict[str, Any]:
    """Return the price as JSON values."""
    return {
        "code": price.code,
        "title": price.title,
        "title_bn": price.title_bn,
        "minor": price.unit.minor,
        "currency": price.unit.currency,
        "tax_rate": f"{price.tax_rate:f}",
        "tax_included": price.tax_included,
    }


def read_price(data: Mapping[str, Any]) -> Price:
    """Return the price of these values."""
    return Price(
        data["code"],
        data["title"],
        data["title_bn"],
        Money(data["minor"], data["currency"]),
        Decimal(data["tax_rate"]),
        data["tax_included"],
    )
