"""What happens to verdicts."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import OverrideId, ProgrammeId, StudentId


@dataclass(frozen=True, slots=True)
class FindingOverridden(Event):
    """A counsellor said that a requirement stands otherwise than the rules say."""

    tag: ClassVar[str] = "override.given.v1"
    aggregate: ClassVar[str] = "override"
    override_id: OverrideId
    student_id: StudentId
    programme_id: ProgrammeId

    @property
    def aggregate_id(self) -> UUID:
        return self.override_id


@dataclass(frozen=True, slots=True)
class OverrideTakenBack(Event):
    """A counsellor took an override back."""

    tag: ClassVar[str] = "override.taken_back.v1"
    aggregate: ClassVar[str] = "override"
    override_id: OverrideId
    student_id: StudentId
    programme_id: ProgrammeId

    @property
    def aggregate_id(self) -> UUID:
        return self.override_id
