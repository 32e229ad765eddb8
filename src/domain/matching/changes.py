"""What a student could change, and how several changes become one list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .verdict import Change, Part, Standing

_ABOUT = ("test", "document", "field", "on", "currency")
_LISTS_PARTS_IN = {
    "raise_score": "by",
    "retake_test": "needed",
    "take_test": "needed",
    "state_score": "parts",
    "raise_budget": "amount",
}
_RAISE = 10
_TAKE = 20


def take_test(test: str, needed: tuple[Part, ...], effort: int = _TAKE) -> tuple[Change, ...]:
    """Return the change of taking a test for the first time and reaching what is needed."""
    return (Change("take_test", {"test": test, "needed": listed(needed)}, effort, needed),)


def retake_test(test: str, needed: tuple[Part, ...]) -> tuple[Change, ...]:
    """Return the change of taking a test again whose result has run out."""
    return (Change("retake_test", {"test": test, "needed": listed(needed)}, 15, needed),)


def raise_score(test: str, gaps: tuple[Part, ...]) -> tuple[Change, ...]:
    """Return the change of closing the gaps in a test's result; each part costs something."""
    return (Change("raise_score", {"test": test, "by": listed(gaps)}, _RAISE + len(gaps), gaps),)


def listed(parts: Iterable[Part]) -> str:
    """Return the parts as they are shown: the total first, then the sections."""
    return ", ".join(part.shown for part in sorted(parts, key=lambda part: part.name != "total"))


def flip_of_all(flips: Sequence[tuple[Change, ...] | None]) -> tuple[Change, ...] | None:
    """Return the changes that make all of it met, given those of each part; None where one of them has no way."""
    if not any(flips) and None not in flips:
        return ()
    return None if any(one is None for one in flips) else joined(one for one in flips if one is not None)


def flip_of_any(standing: Standing, flips: Sequence[tuple[Change, ...] | None]) -> tuple[Change, ...] | None:
    """Return the cheapest of the parts' changes, none where one of them is met already."""
    if standing is Standing.MET:
        return ()
    possible = [flip for flip in flips if flip is not None]
    return min(possible, key=lambda changes: sum(change.effort for change in changes), default=None)


def joined(flips: Iterable[tuple[Change, ...]]) -> tuple[Change, ...]:
    """Return all changes once: those about one test or the budget ask for the most of each part, others are alike."""
    found: dict[tuple[str, str], Change] = {}
    for change in (change for flip in flips for change in flip):
        about = next((str(change.params[name]) for name in _ABOUT if change.params.get(name)), "")
        key = (change.code, about)
        found[key] = _both(found[key], change) if key in found else change
    return tuple(found.values())


def _both(one: Change, other: Change) -> Change:
    effort = max(one.effort, other.effort)
    if not one.parts:
        return one if one.effort == effort else other
    most: dict[str, Part] = {}
    for part in (*one.parts, *other.parts):
        if part.name not in most or most[part.name].size < part.size:
            most[part.name] = part
    parts = tuple(most.values())
    if one.code == "raise_score":
        effort = _RAISE + len(parts)
    return replace(one, params={**one.params, _LISTS_PARTS_IN[one.code]: listed(parts)}, effort=effort, parts=parts)
