"""Changing part of a profile by a JSON merge patch (RFC 7396)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..shared.errors import Invalid, Reason

_DEEPEST = 20


def merged(data: Mapping[str, Any], patch: Mapping[str, Any], *, depth: int = 0) -> dict[str, Any]:
    """Return the data with the patch laid over it: None takes a key away, a table goes into the table below it,
    everything else, lists too, replaces what was there.

    Raises Invalid for a patch nested deeper than any profile.
    """
    if depth > _DEEPEST:
        raise Invalid(Reason("data.nested_too_deep", {"at_most": _DEEPEST}))
    result = dict(data)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            below = result.get(key)
            result[key] = merged(below if isinstance(below, Mapping) else {}, value, depth=depth + 1)
        else:
            result[key] = value
    return result
