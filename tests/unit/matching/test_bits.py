"""Sets of places as the bits of a number."""

from hypothesis import given
from hypothesis import strategies as st

from higherstudy.domain.matching.bits import bits_of, places_in

PLACES = st.sets(st.integers(0, 300))


@given(PLACES, PLACES)
def test_places_come_back_ascending_and_join_as_sets_do(some: set[int], others: set[int]) -> None:
    assert list(places_in(bits_of(some))) == sorted(some)
    assert bits_of(some) | bits_of(others) == bits_of(some | others)
    assert bits_of(some) & bits_of(others) == bits_of(some & others)
