"""Writing a record out as named texts, so that two of them can be held against one another field by field."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from ..shared.sources import Source
from .conditions import AllOf, AnyOf, Condition, Is, Not

_NAMES = ("code", "id", "name", "step", "from_score", "at_least")
_SPREAD = "terms"  # what a money rule of one kind says; a pack writes it beside what all kinds say


def flat(record: object) -> dict[str, str]:
    """Return each field of the record as text by its place, such as ``steps[DE4].duration.typical``; what is not said
    is left out. A list of parts is there by the names of its parts too."""
    return dict(_flat(record, ""))


def _flat(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if value is None or value == "" or value == ():
        return
    if isinstance(value, Condition):
        yield place, _condition(value)
    elif isinstance(value, Source):
        yield place, _source(value)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            inside = f"{place}.{field.name}" if place else field.name
            yield from _flat(getattr(value, field.name), place if field.name == _SPREAD else inside)
    elif isinstance(value, tuple) and any(dataclasses.is_dataclass(part) for part in value):
        names = _names(value)
        yield place, ", ".join(names)
        for name, part in zip(names, value, strict=True):
            yield from _flat(part, f"{place}[{name}]")
    else:
        yield place, _text(value)


def _names(parts: tuple[Any, ...]) -> list[str]:
    """Name each part by what names it in its record, else by its number; the number too where two would be one."""
    found: list[str] = []
    for number, part in enumerate(parts, start=1):
        name = next((_text(getattr(part, key)) for key in _NAMES if getattr(part, key, None) is not None), str(number))
        found.append(f"{name}#{number}" if name in found else name)
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "-".join(f"{n:02}" for n in value) if isinstance(value[0], int) else ", ".join(map(_text, value))
    return str(value)


def _source(source: Source) -> str:
    said = (source.title, source.url, source.published, f"read on {source.retrieved_on.isoformat()}")
    return ", ".join(filter(None, said))


def _condition(condition: Condition) -> str:
    match condition:
        case Is(circumstance, values):
            return f"{circumstance} is {' or '.join(map(_text, values))}"
        case AllOf(parts):
            return f"all of ({'; '.join(map(_condition, parts))})"
        case AnyOf(parts):
            return f"any of ({'; '.join(map(_condition, parts))})"
        case Not(part):
            return f"not ({_condition(part)})"
    raise TypeError(f"{condition!r} is no condition that there is")
