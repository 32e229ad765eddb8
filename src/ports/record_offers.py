"""Where records that were prepared for students are kept until they answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ..domain.imports.offer import RecordOffer
from ..domain.shared.ids import AccountId, ImportId, RecordOfferId, StudentId


class RecordOffers(Protocol):
    """All offers of records."""

    async def add(self, offer: RecordOffer) -> None:
        """Keep a new offer at version 1; raise Conflict where its import has one of the same row."""
        ...

    async def get(self, offer_id: RecordOfferId) -> RecordOffer:
        """Return the offer; raise NotFound where there is none."""
        ...

    async def save(self, offer: RecordOffer) -> None:
        """Keep the changed offer and count its version up; raise Conflict when another writer was first."""
        ...

    async def open_to(self, email: str, now: datetime) -> Sequence[RecordOffer]:
        """Return what is open for the address in its normal form, the newest first, those of one moment by id."""
        ...

    async def of_student(self, student_id: StudentId) -> Sequence[RecordOffer]:
        """Return what the student has answered, in the same order."""
        ...

    async def last_to(self, by: AccountId, email: str) -> RecordOffer | None:
        """Return the newest offer of that sender to the address which was neither replaced nor withdrawn, or None."""
        ...

    async def of_import(self, import_id: ImportId, after: int, limit: int) -> Sequence[RecordOffer]:
        """Return the offers of an import by their rows, from just after that row on, at most ``limit``."""
        ...
