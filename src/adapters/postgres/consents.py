"""What students have allowed, in PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.rights.consent import Consent, Said
from ...domain.shared.ids import AccountId, ConsentId, StudentId
from .engine import translated
from .locks import one_at_a_time
from .tables_rights import consents


class PostgresConsents:
    """The words of students as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, consent: Consent) -> None:
        row = {
            "id": consent.id,
            "student_id": consent.student_id,
            "purpose": consent.purpose,
            "said": consent.said.value,
            "wording": consent.wording,
            "at": consent.at,
            "by": consent.by,
        }
        with translated():
            await self._connection.execute(insert(consents).values(row))

    async def of_student(self, student_id: StudentId) -> Sequence[Consent]:
        await one_at_a_time(self._connection, f"consents of {student_id}")
        query = select(consents).where(consents.c.student_id == student_id).order_by(consents.c.at, consents.c.id)
        with translated():
            return [
                Consent(
                    id=ConsentId(row.id),
                    student_id=StudentId(row.student_id),
                    purpose=row.purpose,
                    said=Said(row.said),
                    wording=row.wording,
                    at=row.at,
                    by=AccountId(row.by),
                )
                for row in await self._connection.execute(query)
            ]
