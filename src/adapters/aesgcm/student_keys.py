"""The unwrapped keys of one student, and what is sealed and opened with them."""

from collections.abc import AsyncIterator, Callable, Mapping
from uuid import UUID

from ...domain.shared.ids import StudentId
from ...ports.errors import Unavailable
from ...ports.vault import Place
from .segments import HEAD, Opening, Sealing, key_id_in


class AesGcmStudentKeys:
    """Seals under the newest of the keys, opens under any of them."""

    def __init__(self, student_id: StudentId, keys: Mapping[UUID, bytes], missing: Callable[[], None]) -> None:
        """``missing`` is called when content names a key that is not among these."""
        self._student_id = student_id
        self._keys = keys
        self._newest = max(keys)
        self._missing = missing

    def seal(self, place: Place, content: bytes) -> bytes:
        sealing = self._sealing(place)
        return b"".join((sealing.head, *sealing.feed(content), sealing.end()))

    def open(self, place: Place, sealed: bytes) -> bytes:
        opening = self._opening(place, sealed[:HEAD])
        return b"".join((*opening.feed(sealed[HEAD:]), opening.end()))

    async def sealing(self, place: Place, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        sealing = self._sealing(place)
        yield sealing.head
        async for piece in content:
            for segment in sealing.feed(piece):
                yield segment
        yield sealing.end()

    async def opening(self, place: Place, sealed: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        head, opening = b"", None
        async for piece in sealed:
            rest = piece
            if opening is None:
                head += piece
                if len(head) < HEAD:
                    continue
                opening, rest = self._opening(place, head[:HEAD]), head[HEAD:]
            for content in opening.feed(rest):
                yield content
        opening = opening or self._opening(place, head)
        if last := opening.end():
            yield last

    def _sealing(self, place: Place) -> Sealing:
        return Sealing(self._newest, self._keys[self._newest], self._bound_to(place))

    def _opening(self, place: Place, head: bytes) -> Opening:
        key = self._keys.get(key_id_in(head))
        if key is None:
            self._missing()
            raise Unavailable
        return Opening(head, key, self._bound_to(place))

    def _bound_to(self, place: Place) -> bytes:
        kind, which = place.kind.encode(), place.id.encode()
        sizes = len(kind).to_bytes(4, "big") + len(which).to_bytes(4, "big")
        return b"higherstudy sealed 1\0" + self._student_id.bytes + sizes + kind + which
