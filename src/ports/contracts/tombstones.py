"""What any place must do that remembers who was erased."""

from uuid import uuid4

import pytest

from ...domain.rights.erasure import Tombstone
from ...domain.shared.ids import AccountId, StudentId
from ..tombstones import Tombstones
from .samples import AT


class TombstonesContract:
    """Override ``tombstones``; the place need not be empty."""

    @pytest.fixture
    def tombstones(self) -> Tombstones:
        """Return the place."""
        raise NotImplementedError

    async def test_each_is_remembered_once(self, tombstones: Tombstones) -> None:
        given = [Tombstone(StudentId(uuid4()), AccountId(uuid4()), AT) for _ in range(3)]

        for one in (*given, given[0]):
            await tombstones.keep(one)
        found = [one async for one in tombstones.every() if one in given]

        assert sorted(found, key=lambda one: one.student_id) == sorted(given, key=lambda one: one.student_id)
