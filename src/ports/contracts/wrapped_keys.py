"""What anything must do that keeps wrapped keys."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from ...domain.shared.errors import NotFound
from ...domain.shared.ids import StudentId
from ..master_key import Wrapped
from ..wrapped_keys import WrappedKey, WrappedKeys

AT = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)


class WrappedKeysContract:
    """Override ``wrapped_keys``."""

    @pytest.fixture
    def wrapped_keys(self) -> WrappedKeys:
        """Return where wrapped keys are kept."""
        raise NotImplementedError

    async def test_keys_come_back_in_the_order_of_their_ids(self, wrapped_keys: WrappedKeys) -> None:
        student, keys = _student(), [_key(2), _key(1), _key(3)]

        assert list(await wrapped_keys.of(student)) == []
        for key in keys:
            await wrapped_keys.keep(student, key)

        assert list(await wrapped_keys.of(student)) == [_key(1), _key(2), _key(3)]
        assert list(await wrapped_keys.of(_student())) == []

    async def test_a_key_is_replaced_by_the_one_with_its_id(self, wrapped_keys: WrappedKeys) -> None:
        student = _student()
        await wrapped_keys.keep(student, _key(1))

        await wrapped_keys.keep(student, _key(1, b"wrapped anew"))

        assert list(await wrapped_keys.of(student)) == [_key(1, b"wrapped anew")]

    async def test_two_that_are_kept_at_once_both_stay(self, wrapped_keys: WrappedKeys) -> None:
        student = _student()

        await asyncio.gather(*(wrapped_keys.keep(student, _key(number)) for number in range(1, 6)))

        assert list(await wrapped_keys.of(student)) == [_key(number) for number in range(1, 6)]

    async def test_destroyed_keys_are_gone_and_none_can_be_kept_again(self, wrapped_keys: WrappedKeys) -> None:
        student, without = _student(), _student()
        await wrapped_keys.keep(student, _key(1))

        for _ in range(2):
            await wrapped_keys.destroy(student)
        await wrapped_keys.destroy(without)

        for gone in (student, without):
            with pytest.raises(NotFound) as refused:
                await wrapped_keys.of(gone)
            assert [reason.code for reason in refused.value.reasons] == ["student.erased"]
            with pytest.raises(NotFound):
                await wrapped_keys.keep(gone, _key(2))

    async def test_no_key_outlives_the_end_that_came_at_the_same_time(self, wrapped_keys: WrappedKeys) -> None:
        for _ in range(5):
            student = _student()
            await wrapped_keys.keep(student, _key(1))

            await asyncio.gather(
                *(wrapped_keys.keep(student, _key(number)) for number in (2, 3)),
                wrapped_keys.destroy(student),
                return_exceptions=True,
            )

            assert student not in {one async for one in wrapped_keys.students()}
            with pytest.raises(NotFound):
                await wrapped_keys.of(student)

    async def test_students_are_known_by_whether_they_have_keys(self, wrapped_keys: WrappedKeys) -> None:
        has, had, never = _student(), _student(), _student()
        for student in (has, had):
            for number in (1, 2):
                await wrapped_keys.keep(student, _key(number))
        await wrapped_keys.destroy(had)

        students = [one async for one in wrapped_keys.students()]
        destroyed = [one async for one in wrapped_keys.destroyed()]

        assert [students.count(one) for one in (has, had, never)] == [1, 0, 0]
        assert [destroyed.count(one) for one in (has, had, never)] == [0, 1, 0]


def _student() -> StudentId:
    return StudentId(uuid4())


def _key(number: int, content: bytes = b"\x00wrapped\xff") -> WrappedKey:
    return WrappedKey(UUID(int=number << 80 | 7 << 76 | 2 << 62), AT, Wrapped("v1", content))
