"""What counsellors' files say of applications, in memory."""

from collections.abc import Callable, Collection, Sequence

from ...domain.imports.filed import Filed
from ...domain.shared.ids import ApplicationId, ImportId, StudentId
from .tables import Table


class MemoryFiledApplications:
    """What rows said as the open unit sees it."""

    def __init__(self, rows: Table[tuple[ImportId, int], Filed]) -> None:
        self._rows = rows

    async def put(self, filed: Filed) -> None:
        self._rows.put((filed.import_id, filed.row), filed)

    async def of_application(self, application_id: ApplicationId) -> Sequence[Filed]:
        return self._those(lambda one: one.application_id == application_id)

    async def of_students(self, student_ids: Collection[StudentId]) -> Sequence[Filed]:
        return self._those(lambda one: one.student_id in student_ids)

    async def of_import(self, import_id: ImportId, after: int, limit: int) -> Sequence[Filed]:
        found = self._rows.rows(lambda one: one.import_id == import_id and one.row > after)
        return sorted(found, key=lambda one: one.row)[:limit]

    def _those(self, where: Callable[[Filed], bool]) -> Sequence[Filed]:
        return sorted(self._rows.rows(where), key=lambda one: (one.at, one.import_id, one.row))
