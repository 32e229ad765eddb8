"""What a fact says, for people."""

from __future__ import annotations

import re
from decimal import Decimal

from ...domain.rulebook.fact_words import fact_says, figure_of
from ...domain.rulebook.facts import Fact
from .locales import ENGLISH
from .messages import Messages

_CURRENCY = re.compile(r"[A-Z]{3}")
_SCORED = "points"  # which keep the digits of the certificate


def told_fact(fact: Fact, messages: Messages) -> str:
    """Return what the fact says and for how long."""
    return messages.reason(fact_says(fact, told_figure(fact, messages)))


def told_figure(fact: Fact, messages: Messages) -> str:
    """Return the fact's value with its unit: ``992 EUR/month``, or মাসে ৯৯২ ইউরো in Bangla.

    A value that is a text is told as the pack has it in the language; scores and grades keep Latin digits.
    """
    if messages.language == ENGLISH:
        return figure_of(fact)
    if isinstance(fact.value, bool):
        return messages.name("truth", str(fact.value).lower())
    unit, _, period = fact.unit.partition("/")
    if isinstance(fact.value, str):
        told = f"{messages.text(fact, 'value')}{_unit(unit, messages)}"
    elif _CURRENCY.fullmatch(unit):
        told = messages.locale.money(fact.value, unit, messages.name("currency", unit))
    else:
        told = f"{_number(fact.value, unit, messages)}{_unit(unit, messages)}"
    return f"{messages.name('period', period)} {told}" if period else told


def _number(value: Decimal, unit: str, messages: Messages) -> str:
    """Return the number; a score or a grade, which stands on a scale or alone, as on the certificate."""
    is_counted = unit != _SCORED and messages.name("unit", unit) != unit
    return messages.locale.number(value) if is_counted else f"{value:f}"


def _unit(unit: str, messages: Messages) -> str:
    """Return what follows the number: " মাস", "টি কার্ড", the name of a currency or of a grade scale, or nothing."""
    if _CURRENCY.fullmatch(unit):
        return f" {messages.name('currency', unit)}"
    name = messages.name("unit", unit)
    return name if name != unit or not unit else f" {messages.name('scale', unit)}"
