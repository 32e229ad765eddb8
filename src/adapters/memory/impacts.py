"""Impact reports in memory."""

from collections.abc import Sequence

from ...domain.impacts.changes import StudentImpact
from ...domain.impacts.impact import Impact
from ...domain.shared.errors import Conflict
from ...domain.shared.ids import ImpactId, StudentId
from .tables import Entities, Table


class ImpactStore:
    """What impact reports keep between units of work."""

    def __init__(self) -> None:
        self.reports: Entities[Impact] = Entities()
        self.students: Table[tuple[ImpactId, StudentId], StudentImpact] = Table()
        self.by_report: Table[ImpactId, tuple[StudentId, ...]] = Table()

    def keep(self) -> None:
        """Let the changes of the unit count."""
        for part in (self.reports, self.students, self.by_report):
            part.keep()

    def discard(self) -> None:
        """Forget the changes of the unit."""
        for part in (self.reports, self.students, self.by_report):
            part.discard()


class MemoryImpacts:
    """The reports as the open unit sees them."""

    def __init__(self, store: ImpactStore) -> None:
        self._store = store

    async def add(self, impact: Impact) -> None:
        self._store.reports.add(impact.id, impact)

    async def get(self, impact_id: ImpactId) -> Impact:
        return self._store.reports.found(impact_id)

    async def save(self, impact: Impact) -> None:
        self._store.reports.save(impact.id, impact)

    async def add_students(self, impact_id: ImpactId, found: Sequence[StudentImpact]) -> None:
        for one in found:
            if self._store.students.get((impact_id, one.student_id)) is not None:
                raise Conflict
            self._store.students.put((impact_id, one.student_id), one)
        known = self._store.by_report.get(impact_id) or ()
        self._store.by_report.put(impact_id, (*known, *(one.student_id for one in found)))

    async def students(
        self, impact_id: ImpactId, after: tuple[int, StudentId] | None, limit: int
    ) -> Sequence[StudentImpact]:
        ids = self._store.by_report.get(impact_id) or ()
        found = [one for id_ in ids if (one := self._store.students.get((impact_id, id_))) is not None]
        found.sort(key=_place)
        if after is not None:
            found = [one for one in found if _place(one) > (-after[0], after[1])]
        return found[:limit]

    async def of_student(self, student_id: StudentId) -> Sequence[tuple[ImpactId, StudentImpact]]:
        reports = sorted(report.id for report in self._store.reports.rows())
        found = ((one, self._store.students.get((one, student_id))) for one in reports)
        return [(impact_id, said) for impact_id, said in found if said is not None]

    async def student(self, impact_id: ImpactId, student_id: StudentId) -> StudentImpact | None:
        return self._store.students.get((impact_id, student_id))


def _place(one: StudentImpact) -> tuple[int, StudentId]:
    return -one.badness, one.student_id
