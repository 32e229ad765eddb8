"""Writing values back into the plain data that ``reading`` takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .money import Money
from .sources import Source


def without_unknown(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data without values that are None or blank, in nested tables too; empty lists stay."""
    kept: dict[str, Any] = {}
    for key, value in data.items():
        clean = without_unknown(value) if isinstance(value, Mapping) else value
        if clean is None or clean == "" or (isinstance(value, Mapping) and value and not clean):
            continue
        kept[key] = clean
    return kept


def money_data(money: Money | None) -> dict[str, str] | None:
    """Return the money as ``{amount, currency}`` with the amount as text, or None."""
    return None if money is None else {"amount": f"{money.amount:f}", "currency": money.currency}


def source_data(source: Source) -> dict[str, str]:
    """Return the source in the form of a pack's or catalogue's ``[[sources]]`` entry."""
    return without_unknown(
        {
            "id": source.id,
            "title": source.title,
            "kind": source.kind.value,
            "retrieved_on": source.retrieved_on.isoformat(),
            "url": source.url,
            "published": source.published,
        }
    )
