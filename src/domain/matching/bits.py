"""Sets of places as the bits of one number: many are joined, or held against each other, at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def bits_of(places: Iterable[int]) -> int:
    """Return the number whose bits at these places are set."""
    found = bytearray()
    for place in places:
        byte, bit = divmod(place, 8)
        if byte >= len(found):
            found.extend(bytes(byte + 1 - len(found)))
        found[byte] |= 1 << bit
    return int.from_bytes(found, "little")


def places_in(bits: int) -> Iterator[int]:
    """Yield the places of the bits that are set, ascending."""
    if not bits:
        return
    digits = bin(bits)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)
