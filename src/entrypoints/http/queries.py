"""What a query says of nothing: the parser takes the word null for it, which is not among what is wanted."""

from __future__ import annotations

import types
from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any, Union, get_args, get_origin
from urllib.parse import parse_qs

import msgspec

from ...domain.shared.errors import Invalid, Reason
from .expected import expected


def refuse_null(handler: Any, query: bytes) -> None:
    """Raise Invalid where a day, a number or the like is given as null, which would count as left out."""
    if b"=null" not in query:
        return
    given = parse_qs(query.decode("utf-8", "replace"))
    wrong = [*_wrong(handler, given)]
    if wrong:
        raise Invalid(*wrong)


def _wrong(handler: Any, given: dict[str, list[str]]) -> Iterator[Reason]:
    for known, parameter in handler.parsed_fn_signature.parameters.items():
        name = name_of(known, parameter)
        kinds = _without_none(parameter.annotation)
        if "null" not in given.get(name, ()) or kinds is None:
            continue
        values = given[name]
        try:
            msgspec.convert(values if get_origin(kinds) is list else values[-1], kinds, strict=False)
        except msgspec.ValidationError as error:
            told = str(error).partition(" - at `")[0]
            yield Reason("data.does_not_fit", {"expected": expected(told, kinds), "in": "query"}, name)


def name_of(known: str, parameter: Any) -> str:
    """Return what the address calls the parameter of the route."""
    return str(getattr(parameter.kwarg_definition, "query", None) or known)


def _without_none(kind: Any) -> Any:
    """The type of what may be left out, without None; None for any other."""
    if get_origin(kind) not in (Union, types.UnionType):
        return None
    return reduce(or_, (one for one in get_args(kind) if one is not type(None)))
