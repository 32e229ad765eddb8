"""What happens to profiles."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import StudentId


@dataclass(frozen=True, slots=True)
class ProfileChanged(Event):
    """A student said something new about herself."""

    tag: ClassVar[str] = "profile.changed.v1"
    aggregate: ClassVar[str] = "student"
    student_id: StudentId

    @property
    def aggregate_id(self) -> UUID:
        return self.student_id
