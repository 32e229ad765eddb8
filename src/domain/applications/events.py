"""What happens to applications."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import ApplicationId, ProgrammeId, StudentId


@dataclass(frozen=True, slots=True)
class ApplicationStarted(Event):
    """A student began an application."""

    tag: ClassVar[str] = "application.started.v1"
    aggregate: ClassVar[str] = "application"
    application_id: ApplicationId
    student_id: StudentId
    programme_id: ProgrammeId
    term: str

    @property
    def aggregate_id(self) -> UUID:
        return self.application_id


@dataclass(frozen=True, slots=True)
class ApplicationSubmitted(Event):
    """A student submitted an application; the receipt's number names what was sent."""

    tag: ClassVar[str] = "application.submitted.v1"
    aggregate: ClassVar[str] = "application"
    application_id: ApplicationId
    student_id: StudentId
    receipt: str
    snapshot_sha256: str

    @property
    def aggregate_id(self) -> UUID:
        return self.application_id


@dataclass(frozen=True, slots=True)
class ApplicationMoved(Event):
    """Either side did something after the submission, or the student withdrew before it."""

    tag: ClassVar[str] = "application.moved.v1"
    aggregate: ClassVar[str] = "application"
    application_id: ApplicationId
    student_id: StudentId
    action: str
    state: str

    @property
    def aggregate_id(self) -> UUID:
        return self.application_id
