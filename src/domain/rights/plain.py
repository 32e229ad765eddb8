"""Entities as plain JSON data: every field under its own name, secrets and bookkeeping left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Any
from uuid import UUID

LEFT_OUT = frozenset({"version", "password_hash", "calendar_hash", "digest", "secret"})
"""Versions tell writers apart and say nothing; the others would open something to whoever has the file."""


def plain(value: Any) -> Any:
    """Return the value as JSON data: days and times in ISO 8601, decimals as text, codes as their words.

    Raises TypeError for what has no such form, so that nothing is left out in silence.
    """
    for kinds, written in _FORMS:
        if isinstance(value, kinds):
            return written(value)
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value) if one.name not in LEFT_OUT}
    raise TypeError(f"{type(value).__name__} has no plain form")


def _word(value: Enum) -> str:
    if isinstance(value, StrEnum):
        return value.value
    return value.name.lower() if isinstance(value, IntEnum) else str(value.value)


def _same(value: Any) -> Any:
    return value


_FORMS: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    (Enum, _word),
    ((bool, int, str, type(None)), _same),
    ((date, time), lambda value: value.isoformat()),  # a datetime too
    (UUID, str),
    (Decimal, lambda value: f"{value:f}"),
    (Mapping, lambda value: {str(plain(key)): plain(part) for key, part in value.items()}),
    ((set, frozenset), lambda value: sorted(map(plain, value))),
    ((tuple, list), lambda value: [plain(part) for part in value]),
)
