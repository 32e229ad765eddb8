"""Clearing away what nobody came back for: uploads never completed, bytes of decided ones, files that count nowhere.

Each returns how many it cleared away, tells how many as that grows, and may be repeated or cut short at any point.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

from ....ports.files import Files
from ....ports.incoming import Incoming
from ....ports.transactions import Transactions
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, RuleBroken
from ...shared.ids import UploadId
from ..upload import LIFE, Upload, UploadState

Report = Callable[[int], Awaitable[None]]
"""Hears how much is done, as that grows."""

_AT_A_TIME = 200
_UNDECIDED = (UploadState.REQUESTED, UploadState.RECEIVED)


@dataclass(frozen=True)
class ExpireUploads:
    """Give up uploads that were announced a day ago and never completed; their bytes go."""

    transactions: Transactions
    incoming: Incoming

    async def __call__(self, report: Report) -> int:
        """Return how many were given up; raise Unavailable when the store does not answer."""
        given_up = 0
        while overdue := await self._overdue():
            for upload in overdue:
                if await self._expire(upload.id):
                    given_up += 1
                    await self.incoming.drop(upload.name)
            await report(given_up)
        return given_up

    async def _overdue(self) -> Sequence[Upload]:
        async with self.transactions() as work:
            return await work.uploads.overdue(_AT_A_TIME)

    async def _expire(self, upload_id: UploadId) -> bool:
        try:
            async with self.transactions() as work:
                upload = await work.uploads.get(upload_id)
                event = upload.expire(work.now)
                await work.uploads.save(upload)
                work.record(event, upload.version)
        except (Conflict, RuleBroken):  # another sweep was first, or it was completed and its bytes are needed
            return False
        return True


@dataclass(frozen=True)
class DropLeftovers:
    """Remove incoming bytes that lie there since a day and that no undecided upload waits for."""

    transactions: Transactions
    incoming: Incoming

    async def __call__(self, report: Report) -> int:
        """Return how many were removed; raise Unavailable when the store does not answer."""
        dropped = 0
        moment = await _a_day_ago(self.transactions)
        async for names in _batches(self.incoming.left_before(moment)):
            waiting = await self._needed(names)
            for name in names:
                if name not in waiting:
                    await self.incoming.drop(name)
                    dropped += 1
            await report(dropped)
        return dropped

    async def _needed(self, names: Sequence[str]) -> set[str]:
        """Return those of the names that an undecided upload needs; a requested one may be completed any moment, and
        whoever gives it up takes its bytes away."""
        ids = [upload_id for name in names if (upload_id := _id_of(name)) is not None]
        async with self.transactions() as work:
            states = await work.uploads.states_of(ids)
        return {str(upload_id) for upload_id, state in states.items() if state in _UNDECIDED}


@dataclass(frozen=True)
class DropOrphans:
    """Remove kept files that were stored a day ago and that no paper, export, report or import counts on."""

    transactions: Transactions
    files: Files

    async def __call__(self, report: Report) -> int:
        """Return how many were removed; raise Unavailable when the store does not answer.

        Whoever begins to count on an equal file has stored it anew, and what was stored since stays: so a removal
        that is carried out late, or by two at once, never takes away what a version counts on.
        """
        dropped = 0
        moment = await _a_day_ago(self.transactions)
        async for hashes in _batches(self.files.kept_before(moment)):
            async with self.transactions() as work:
                unused = await work.documents.unused(hashes)
                unused = await work.reports.unused(sorted(await work.exports.unused(sorted(unused))))
                unused = await work.imports.unused(sorted(unused), work.now)
            for sha256 in unused:
                await self.files.delete(sha256, stored_before=moment)
                dropped += 1
            await report(dropped)
        return dropped


async def _a_day_ago(transactions: Transactions) -> datetime:
    async with transactions() as work:
        return work.now - LIFE


async def _batches(names: AsyncIterator[str]) -> AsyncIterator[Sequence[str]]:
    batch: list[str] = []
    async for name in names:
        batch.append(name)
        if len(batch) == _AT_A_TIME:
            yield batch
            batch = []
    if batch:
        yield batch


def _id_of(name: str) -> UploadId | None:
    try:
        return UploadId(UUID(name))
    except ValueError:
        return None
