"""Steps over uploads on their way to becoming versions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from differential.steps import Memo, New, Numbers, Step, id_of, step
from hypothesis import strategies as st

from higherstudy.domain.documents.document import Stated
from higherstudy.domain.documents.upload import Announced, Upload
from higherstudy.domain.shared.errors import Reason
from higherstudy.domain.shared.ids import AccountId, DocumentId, StudentId, UploadId
from higherstudy.ports.transactions import UnitOfWork

ACCOUNT, STUDENT, DOCUMENT, UPLOAD = 1, 2, 3, 10
HOUR = timedelta(hours=1)
REASON = Reason("file.not_as_announced", {"what": "size", "announced": 1, "came": None}, "size")


async def add_upload(work: UnitOfWork, memo: Memo, n: int, student: int, hours_ago: int, name: str) -> Any:
    upload = Upload(
        UploadId(id_of(UPLOAD, n)),
        DocumentId(id_of(DOCUMENT, n)),
        StudentId(id_of(STUDENT, student)),
        AccountId(id_of(ACCOUNT, student)),
        Announced(10**10, "application/pdf", "a" * 64),
        name,
        Stated(None, date(2199, 12, 31), name),
        work.now - hours_ago * HOUR,
    )
    await work.uploads.add(upload)
    return upload.version


async def get_upload(work: UnitOfWork, memo: Memo, n: int) -> Any:
    return await work.uploads.get(UploadId(id_of(UPLOAD, n)))


async def move_upload(work: UnitOfWork, memo: Memo, n: int, how: str, hours_ago: int, stale: int) -> Any:
    upload = await work.uploads.get(UploadId(id_of(UPLOAD, n)))
    at = work.now - hours_ago * HOUR
    if how == "receive":
        upload.receive(at)
    elif how == "accept":
        upload.accept(3, at)
    elif how == "refuse":
        upload.refuse((REASON, Reason("file.empty")), at)
    else:
        upload.expire(at)
    upload.version -= stale
    await work.uploads.save(upload)
    return upload.version


async def count_waiting(work: UnitOfWork, memo: Memo, student: int) -> Any:
    return await work.uploads.count_waiting(StudentId(id_of(STUDENT, student)))


async def overdue(work: UnitOfWork, memo: Memo, limit: int) -> Any:
    return await work.uploads.overdue(limit)


async def not_looked_at(work: UnitOfWork, memo: Memo, hours_ago: int, limit: int) -> Any:
    return await work.uploads.not_looked_at(work.now - hours_ago * HOUR, limit)


async def states_of(work: UnitOfWork, memo: Memo, numbers: list[int]) -> Any:
    found = await work.uploads.states_of([UploadId(id_of(UPLOAD, n)) for n in numbers])
    return {str(upload_id): state for upload_id, state in sorted(found.items())}


Hours = st.sampled_from((1, 23, 30))
Limits = st.integers(1, 3)
Moves = st.sampled_from(("receive", "receive", "accept", "refuse", "expire"))

UPLOADS = (
    step(add_upload, New, st.integers(0, 1), Hours, st.sampled_from(("", "paper.pdf", "রেজাল্ট.pdf"))),
    step(get_upload, Numbers),
    step(move_upload, Numbers, Moves, Hours, st.sampled_from((0, 0, 0, 1))),
    step(move_upload, Numbers, Moves, Hours, st.just(0)),
    step(count_waiting, st.integers(0, 1)),
    step(overdue, Limits),
    step(not_looked_at, st.sampled_from((2, 25)), Limits),
    step(states_of, st.lists(Numbers, max_size=3)),
)

SOME_UPLOADS = (
    Step(add_upload, (0, 0, 30, "")),
    Step(add_upload, (1, 0, 23, "paper.pdf")),
    Step(move_upload, (1, "receive", 23, 0)),
)
