"""What any keeper of uploads must do."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.documents.upload import LIFE, UploadState
from ...domain.shared.errors import Conflict, NotFound, Reason
from ...domain.shared.ids import StudentId, UploadId
from ..transactions import Transactions
from .samples import AT, an_upload


class UploadsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_an_upload_comes_back_as_it_was_kept(self, transactions: Transactions) -> None:
        upload = an_upload()

        async with transactions() as work:
            await work.uploads.add(upload)
        async with transactions() as work:
            found = await work.uploads.get(upload.id)

        assert found == upload
        assert found.version == 1

    async def test_an_upload_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.uploads.get(UploadId(uuid4()))

    async def test_how_it_was_decided_is_kept(self, transactions: Transactions) -> None:
        refused, accepted = an_upload(), an_upload()
        async with transactions() as work:
            for upload in (refused, accepted):
                await work.uploads.add(upload)

        async with transactions() as work:
            for upload in (refused, accepted):
                upload.receive(AT + timedelta(minutes=1))
            refused.refuse((Reason("file.harmful", {"found": "A worm"}, "file"), Reason("file.empty")), AT)
            accepted.accept(3, AT + timedelta(minutes=2))
            for upload in (refused, accepted):
                await work.uploads.save(upload)
        async with transactions() as work:
            found = [await work.uploads.get(upload.id) for upload in (refused, accepted)]

        assert found == [refused, accepted]

    async def test_of_two_writers_the_second_gets_a_conflict(self, transactions: Transactions) -> None:
        upload = an_upload()
        async with transactions() as work:
            await work.uploads.add(upload)
        async with transactions() as work:
            first, second = await work.uploads.get(upload.id), await work.uploads.get(upload.id)
        first.receive(AT)
        second.expire(AT)

        async with transactions() as work:
            await work.uploads.save(first)
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.uploads.save(second)
        async with transactions() as work:
            found = await work.uploads.get(upload.id)

        assert found.state is UploadState.RECEIVED

    async def test_only_what_is_not_decided_counts_as_waiting(self, transactions: Transactions) -> None:
        student = StudentId(uuid4())
        requested, received, expired, others = an_upload(student), an_upload(student), an_upload(student), an_upload()
        received.receive(AT)
        expired.expire(AT)
        async with transactions() as work:
            for upload in (requested, received, expired, others):
                await work.uploads.add(upload)

        async with transactions() as work:
            assert await work.uploads.count_waiting(student) == 2

    async def test_a_limit_holds_for_many_at_once(self, transactions: Transactions) -> None:
        student = StudentId(uuid4())

        async def add_unless_there_are_three() -> None:
            async with transactions() as work:
                if await work.uploads.count_waiting(student) < 3:
                    await work.uploads.add(an_upload(student))

        await asyncio.gather(*(add_unless_there_are_three() for _ in range(8)))

        async with transactions() as work:
            assert await work.uploads.count_waiting(student) == 3

    async def test_what_was_never_completed_is_overdue_a_day_later(self, transactions: Transactions) -> None:
        async with transactions() as work:
            now = work.now
        older, old, received, new = (an_upload(requested_at=now - LIFE) for _ in range(4))
        older.requested_at -= timedelta(seconds=1)
        new.requested_at += timedelta(minutes=5)
        received.receive(now)
        async with transactions() as work:
            for upload in (old, older, received, new):
                await work.uploads.add(upload)

        async with transactions() as work:
            overdue = [upload.id for upload in await work.uploads.overdue(1000)]

        ours = [upload_id for upload_id in overdue if upload_id in {one.id for one in (older, old, received, new)}]
        assert ours == [older.id, old.id]

    async def test_what_nobody_has_looked_at_is_found_by_its_age(self, transactions: Transactions) -> None:
        older, old, new, decided, requested = (an_upload() for _ in range(5))
        for upload, minutes in ((older, 3), (old, 2), (new, 0), (decided, 3)):
            upload.receive(AT - timedelta(minutes=minutes))
        decided.accept(1, AT)
        async with transactions() as work:
            for upload in (old, older, new, decided, requested):
                await work.uploads.add(upload)

        async with transactions() as work:
            found = [upload.id for upload in await work.uploads.not_looked_at(AT - timedelta(minutes=1), 1000)]

        ours = {one.id for one in (older, old, new, decided, requested)}
        assert [upload_id for upload_id in found if upload_id in ours] == [older.id, old.id]

    async def test_states_are_told_of_those_that_are_known(self, transactions: Transactions) -> None:
        requested, received = an_upload(), an_upload()
        received.receive(AT)
        async with transactions() as work:
            for upload in (requested, received):
                await work.uploads.add(upload)

        async with transactions() as work:
            states = await work.uploads.states_of([requested.id, UploadId(uuid4()), received.id])

        assert states == {requested.id: UploadState.REQUESTED, received.id: UploadState.RECEIVED}

    async def test_all_uploads_of_a_student_are_had_by_id(self, transactions: Transactions) -> None:
        student_id = StudentId(uuid4())
        hers, another = [replace(an_upload(), student_id=student_id) for _ in range(3)], an_upload()
        async with transactions() as work:
            for upload in (*hers, another):
                await work.uploads.add(upload)

        async with transactions() as work:
            found = await work.uploads.of_student(student_id)

        assert list(found) == sorted(hers, key=lambda upload: upload.id)
