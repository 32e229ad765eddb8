"""Finding everything that is wrong with a body, not only the first thing."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec

from ...domain.shared.errors import Invalid, Reason
from .expected import expected

_LARGEST_EXACT = 2**53


def refuse_misfit(kind: Any, data: Any) -> None:
    """Raise Invalid where the parsed JSON does not fit the type: a number is no yes, a text no number.

    The framework would turn one into the other, and takes a wrong field with a name of its own for its own mistake.
    """
    try:
        msgspec.convert(data, kind)
    except msgspec.ValidationError:
        wrong = wrong_fields(kind, _with_whole_numbers(data))
        if wrong:
            raise Invalid(*wrong) from None


def _with_whole_numbers(data: Any) -> Any:
    """The same with 3 for 3.0, which in JSON is the same number."""
    if isinstance(data, float) and data.is_integer() and abs(data) < _LARGEST_EXACT:
        return int(data)
    if isinstance(data, dict):
        return {key: _with_whole_numbers(value) for key, value in data.items()}
    return [_with_whole_numbers(one) for one in data] if isinstance(data, list) else data


def wrong_fields(kind: Any, data: Any, where: str = "") -> list[Reason]:
    """Return a reason for each place at which the parsed JSON does not fit the type, named like ``targets[0].term``."""
    shape = _bare(kind, data)
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct) and isinstance(data, dict):
        found = [*_of_struct(shape, data, where)]
    elif get_origin(shape) in (list, tuple) and isinstance(data, list):
        inner = get_args(shape)[0]
        found = [wrong for at, item in enumerate(data) for wrong in wrong_fields(inner, item, f"{where}[{at}]")]
    elif get_origin(shape) is dict and isinstance(data, dict):
        inner = get_args(shape)[1]
        found = [wrong for key, item in data.items() for wrong in wrong_fields(inner, item, _below(where, key))]
    else:
        found = []
    return found or [*_as_a_whole(kind, data, where)]


def _of_struct(shape: type[msgspec.Struct], data: dict[str, Any], where: str) -> Iterator[Reason]:
    hints = get_type_hints(shape, include_extras=True)
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    for name, field in fields.items():
        if name in data:
            yield from wrong_fields(hints[field.name], data[name], _below(where, name))
        elif field.required:
            yield Reason("data.missing", {}, _below(where, name))
    if shape.__struct_config__.forbid_unknown_fields:
        for name in data:
            if name not in fields:
                yield Reason("data.unknown_key", {}, _below(where, str(name)[:80]))


def _as_a_whole(kind: Any, data: Any, where: str) -> Iterator[Reason]:
    try:
        msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        told, _, place = str(error).partition(" - at `$")
        yield Reason("data.does_not_fit", {"expected": expected(told, kind)}, (where + place.rstrip("`")).lstrip("."))


def _bare(kind: Any, data: Any) -> Any:
    """The type without its annotations, and without None where something was given."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, types.UnionType) and data is not None:
        options = [one for one in get_args(kind) if one is not type(None)]
        return _bare(options[0], data) if len(options) == 1 else kind
    return kind


def _below(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
