"""Applications in memory, with exactly what was sent."""

from collections.abc import Collection, Sequence
from itertools import islice

from ...domain.applications.application import Application
from ...domain.shared.errors import Conflict, NotFound, Reason
from ...domain.shared.ids import ApplicationId, StudentId
from ...ports.vault import is_sealed
from .tables import Entities, Table


class MemoryApplications:
    """The applications as the open unit sees them."""

    def __init__(self, rows: Entities[Application], snapshots: Table[ApplicationId, bytes]) -> None:
        self._rows = rows
        self._snapshots = snapshots

    async def add(self, application: Application) -> None:
        if self._rows.any(lambda other: other.id == application.id or (other.is_live and _same(application, other))):
            raise Conflict(Reason("application.exists"))
        self._rows.add(application.id, application)

    async def get(self, application_id: ApplicationId) -> Application:
        return self._rows.found(application_id)

    async def save(self, application: Application) -> None:
        self._rows.save(application.id, application)

    async def of_student(
        self, student_id: StudentId, after: ApplicationId | None = None, limit: int = 100
    ) -> Sequence[Application]:
        owned = self._rows.rows(lambda one: one.student_id == student_id and (after is None or one.id > after))
        return sorted(owned, key=lambda one: one.id)[:limit]

    async def of_students(self, student_ids: Collection[StudentId]) -> Sequence[Application]:
        wanted = frozenset(student_ids)
        return sorted(self._rows.rows(lambda one: one.student_id in wanted), key=lambda one: one.id)

    async def keep_snapshot(self, application_id: ApplicationId, content: bytes) -> None:
        if self._snapshots.get(application_id) is not None:
            raise Conflict(Reason("application.submitted_already"))
        self._snapshots.put(application_id, content)

    async def unsealed_snapshots(self, limit: int) -> Sequence[tuple[StudentId, ApplicationId]]:
        applications = sorted(self._rows.rows(), key=lambda one: one.id)
        plain = ((one.student_id, one.id) for one in applications if self._is_plain(one.id))
        return list(islice(plain, limit))

    async def seal_snapshot(self, application_id: ApplicationId, sealed: bytes) -> None:
        if self._is_plain(application_id):
            self._snapshots.put(application_id, sealed)

    def _is_plain(self, application_id: ApplicationId) -> bool:
        content = self._snapshots.get(application_id)
        return content is not None and not is_sealed(content)

    async def snapshot(self, application_id: ApplicationId) -> bytes:
        content = self._snapshots.get(application_id)
        if content is None:
            raise NotFound(Reason("application.nothing_sent"))
        return content


def _same(one: Application, other: Application) -> bool:
    return (one.student_id, one.programme_id, one.term, one.starts_on) == (
        other.student_id,
        other.programme_id,
        other.term,
        other.starts_on,
    )
