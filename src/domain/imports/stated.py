"""Numbers that stand for what programmes state, so that equal statements are stored, and judged, once."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from .rows import digest_of

NOTHING = 0
"""The number of what nobody has stated."""

_OF_THE_PAGE = frozenset({"source", "confidence", "text"})


class StatedNumbers(NamedTuple):
    """63 bits each that stand for the requirement and for the intakes, or NOTHING."""

    requirement: int
    schedule: int


def stated_numbers(details: str | None) -> StatedNumbers:
    """Return the numbers for a programme in the form in which it is kept whole.

    Pages, how far they can be trusted, and words that no machine judges do not count.
    """
    if details is None:
        return StatedNumbers(NOTHING, NOTHING)
    programme = json.loads(details)["programme"]
    return StatedNumbers(_number(programme.get("requirement")), _number(programme.get("intakes")))


def _number(stated: Any) -> int:
    if not stated:
        return NOTHING
    return digest_of(json.dumps(bare(stated), sort_keys=True).encode()) or 1


def bare(value: Any) -> Any:
    """Return what is stated, without pages, how far they can be trusted, and words that no machine judges."""
    if isinstance(value, dict):
        return {key: bare(content) for key, content in value.items() if key not in _OF_THE_PAGE}
    return [bare(one) for one in value] if isinstance(value, list) else value
