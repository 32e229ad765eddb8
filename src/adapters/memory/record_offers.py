"""Records that were prepared for students, in memory."""

from collections.abc import Callable, Sequence
from datetime import datetime

from ...domain.imports.offer import OfferState, RecordOffer
from ...domain.shared.errors import Conflict
from ...domain.shared.ids import AccountId, ImportId, RecordOfferId, StudentId
from .tables import Entities

_GONE = (OfferState.REPLACED, OfferState.WITHDRAWN)


class MemoryRecordOffers:
    """The offers as the open unit sees them."""

    def __init__(self, rows: Entities[RecordOffer]) -> None:
        self._rows = rows

    async def add(self, offer: RecordOffer) -> None:
        if self._rows.any(lambda one: (one.import_id, one.row) == (offer.import_id, offer.row)):
            raise Conflict
        self._rows.add(offer.id, offer)

    async def get(self, offer_id: RecordOfferId) -> RecordOffer:
        return self._rows.found(offer_id)

    async def save(self, offer: RecordOffer) -> None:
        self._rows.save(offer.id, offer)

    async def open_to(self, email: str, now: datetime) -> Sequence[RecordOffer]:
        return self._those(lambda one: one.email == email and one.is_open(now))

    async def of_student(self, student_id: StudentId) -> Sequence[RecordOffer]:
        return self._those(lambda one: one.student_id == student_id)

    async def last_to(self, by: AccountId, email: str) -> RecordOffer | None:
        found = self._those(lambda one: (one.by, one.email) == (by, email) and one.state not in _GONE)
        return found[0] if found else None

    async def of_import(self, import_id: ImportId, after: int, limit: int) -> Sequence[RecordOffer]:
        found = self._rows.rows(lambda one: one.import_id == import_id and one.row > after)
        return sorted(found, key=lambda one: one.row)[:limit]

    def _those(self, where: Callable[[RecordOffer], bool]) -> Sequence[RecordOffer]:
        return sorted(self._rows.rows(where), key=lambda one: (one.offered_at, one.id), reverse=True)
