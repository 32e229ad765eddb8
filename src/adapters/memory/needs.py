"""Needs that were found before, in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from ...domain.counselling.kept import KeptNeeds, Standing
from ...domain.profile.student import Student
from ...domain.shared.ids import StudentId

if TYPE_CHECKING:
    from .transactions import Store


class MemoryNeeds:
    """What is kept, as the open unit sees it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def standings(self, student_ids: Collection[StudentId]) -> Sequence[Standing]:
        wanted = frozenset(student_ids)
        found = sorted(self._store.students.rows(lambda one: one.id in wanted), key=lambda one: one.id)
        return [self._standing(one) for one in found]

    async def keep(self, found: Sequence[KeptNeeds]) -> None:
        for one in found:
            student = self._store.students.get(one.student_id)
            if student is not None and student.version == one.record_version:
                self._store.needs.put(one.student_id, one)

    def _standing(self, student: Student) -> Standing:
        profile = student.profile
        return Standing(
            student_id=student.id,
            record_version=student.version,
            name=profile.name or "",
            language=profile.preferred_language,
            zone=profile.residence.zone if profile.residence else "UTC",
            versions=self._versions(student),
            kept=self._store.needs.get(student.id),
        )

    def _versions(self, student: Student) -> str:
        plans = self._store.plans.rows(lambda one: one.student_id == student.id)
        papers = self._store.documents.rows(lambda one: one.student_id == student.id)
        sent = self._store.applications.rows(lambda one: one.student_id == student.id)
        parts = [f"{one.id}.{one.version}" for several in (plans, papers, sent) for one in several]
        return " ".join([str(student.version), *sorted(parts)])
