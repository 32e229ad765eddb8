"""Sets of places as the bits of one number: many are joined, or held against each other, at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_SET = ord("1")


def bits_of(places: Iterable[int]) -> int:
    """Return the number whose bits at these places are set."""
    digits = bytearray()
    for place in places:
        if place >= len(digits):
            digits.extend(b"0" * (place + 1 - len(digits)))
        digits[place] = _SET
    return int(digits[::-1] or b"0", 2)


def places_in(bits: int) -> Iterator[int]:
    """Yield the places of the bits that are set, ascending."""
    if not bits:
        return
    digits = bin(bits)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)
