"""What any place must do where heads of the audit trail are noted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ...domain.audit.chain import Head
from ..anchors import Anchors

HEAD = Head(7, "ab" * 32, datetime(2026, 11, 3, 9, 30, 0, 123456, tzinfo=UTC), "cd" * 16, bytes(range(64)))


class AnchorsContract:
    """Override ``anchors`` with an empty place."""

    @pytest.fixture
    def anchors(self) -> Anchors:
        """Return a place where nothing was noted yet."""
        raise NotImplementedError

    async def test_a_head_is_found_as_it_was_put(self, anchors: Anchors) -> None:
        await anchors.put(HEAD)

        assert [head async for head in anchors.heads()] == [HEAD]

    async def test_an_equal_head_is_kept_once(self, anchors: Anchors) -> None:
        await anchors.put(HEAD)
        await anchors.put(HEAD)

        assert [head async for head in anchors.heads()] == [HEAD]

    async def test_another_head_of_the_same_number_stands_beside_the_first(self, anchors: Anchors) -> None:
        other = replace(HEAD, hash="ef" * 32)

        await anchors.put(HEAD)
        await anchors.put(other)

        assert {head.hash async for head in anchors.heads()} == {HEAD.hash, other.hash}

    async def test_heads_come_by_their_numbers_from_the_one_asked_for(self, anchors: Anchors) -> None:
        later = [replace(HEAD, number=number, sealed_at=HEAD.sealed_at + timedelta(1)) for number in (1000, 8, 99)]
        for head in (*later, HEAD):
            await anchors.put(head)

        assert [head.number async for head in anchors.heads()] == [7, 8, 99, 1000]
        assert [head.number async for head in anchors.heads(8)] == [8, 99, 1000]

    async def test_nothing_is_found_where_nothing_was_put(self, anchors: Anchors) -> None:
        assert [head async for head in anchors.heads()] == []
