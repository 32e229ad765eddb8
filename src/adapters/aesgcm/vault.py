"""The keys of students: random ones, wrapped by the master key wherever they are kept."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from ...domain.shared.errors import NotFound
from ...domain.shared.ids import StudentId
from ...ports.clock import Clock
from ...ports.errors import Unavailable, Unreadable
from ...ports.ids import Ids
from ...ports.master_key import MasterKey
from ...ports.vault import Report
from ...ports.wrapped_keys import WrappedKey, WrappedKeys

if TYPE_CHECKING:
    from .student_keys import AesGcmStudentKeys

_KEY = 32
_MOST_AT_HAND = 10_000


@dataclass(frozen=True)
class _AtHand:
    keys: AesGcmStudentKeys
    until: datetime


class AesGcmVault:
    """Unwraps the keys of a student when they are asked for, and keeps them at hand for a moment."""

    def __init__(
        self,
        kept: WrappedKeys,
        master: MasterKey,
        clock: Clock,
        ids: Ids,
        *,
        renewed_after: timedelta = timedelta(days=365),
        at_hand: timedelta = timedelta(seconds=60),
    ) -> None:
        """New content gets a new key when the last is older than ``renewed_after``. A process reads on for ``at_hand``
        after keys were destroyed by another one."""
        self._kept = kept
        self._master = master
        self._clock = clock
        self._ids = ids
        self._renewed_after = renewed_after
        self._lasting = at_hand
        self._at_hand: OrderedDict[StudentId, _AtHand] = OrderedDict()

    async def keys_of(self, student_id: StudentId) -> AesGcmStudentKeys:
        found = self._at_hand.get(student_id)
        if found is None or found.until <= self._clock.now():
            found = _AtHand(await self._unwrapped(student_id), self._clock.now() + self._lasting)
            self._at_hand[student_id] = found
            if len(self._at_hand) > _MOST_AT_HAND:
                self._at_hand.popitem(last=False)
        return found.keys

    async def rotate(self, student_id: StudentId) -> None:
        await self._kept.of(student_id)
        await self._make(student_id)
        self._put_away(student_id)

    async def destroy(self, student_id: StudentId) -> None:
        self._put_away(student_id)
        await self._kept.destroy(student_id)
        self._put_away(student_id)  # somebody may have asked for them meanwhile

    async def destroyed(self) -> AsyncIterator[StudentId]:
        async for student_id in self._kept.destroyed():
            yield student_id

    async def rewrap(self, report: Report) -> int:
        done, left = 0, None
        async for student_id in self._kept.students():
            try:
                done += await self._rewrap(student_id)
            except NotFound:  # her keys have just been destroyed
                continue
            except Unavailable as error:
                if not (isinstance(error, Unreadable) or error.reasons):  # nobody answers: nor would they for the next
                    raise
                left = error
            await report(done)
        if left is not None:  # whose turn came after hers are wrapped anew all the same
            raise left
        return done

    async def _rewrap(self, student_id: StudentId) -> int:
        old = [one for one in await self._kept.of(student_id) if one.wrapped.version != self._master.version]
        for one in old:
            bound_to = _bound_to(student_id, one.id)
            secret = await self._master.unwrap(one.wrapped, bound_to)
            wrapped = await self._master.wrap(secret, bound_to)
            await self._kept.keep(student_id, WrappedKey(one.id, one.made_at, wrapped))
        return len(old)

    async def _unwrapped(self, student_id: StudentId) -> AesGcmStudentKeys:
        from .student_keys import AesGcmStudentKeys  # noqa: PLC0415 - loads the ciphers, which few requests need

        kept = await self._kept.of(student_id)
        if not kept or max(one.made_at for one in kept) + self._renewed_after <= self._clock.now():
            await self._make(student_id)
            kept = await self._kept.of(student_id)  # with one that another process has made at the same moment
        keys = {one.id: await self._master.unwrap(one.wrapped, _bound_to(student_id, one.id)) for one in kept}
        return AesGcmStudentKeys(student_id, keys, lambda: self._put_away(student_id))

    async def _make(self, student_id: StudentId) -> None:
        key_id = self._ids.new()
        wrapped = await self._master.wrap(os.urandom(_KEY), _bound_to(student_id, key_id))
        await self._kept.keep(student_id, WrappedKey(key_id, self._clock.now(), wrapped))

    def _put_away(self, student_id: StudentId) -> None:
        self._at_hand.pop(student_id, None)


def _bound_to(student_id: StudentId, key_id: UUID) -> bytes:
    """Return what a wrapped key belongs to: in the place of another student's, or of another key, it opens nothing."""
    return b"higherstudy student key 1\0" + student_id.bytes + key_id.bytes
