"""What happens to a student's papers."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import DocumentId, StudentId


@dataclass(frozen=True, slots=True)
class DocumentAdded(Event):
    """A student made room for a paper."""

    tag: ClassVar[str] = "document.added.v1"
    aggregate: ClassVar[str] = "document"
    document_id: DocumentId
    student_id: StudentId
    kind: str

    @property
    def aggregate_id(self) -> UUID:
        return self.document_id


@dataclass(frozen=True, slots=True)
class VersionUploaded(Event):
    """A new version of a paper came in."""

    tag: ClassVar[str] = "document.version_uploaded.v1"
    aggregate: ClassVar[str] = "document"
    document_id: DocumentId
    student_id: StudentId
    number: int
    sha256: str

    @property
    def aggregate_id(self) -> UUID:
        return self.document_id


@dataclass(frozen=True, slots=True)
class DocumentAnswered(Event):
    """A student said that a paper does not apply or cannot be had; a blank answer takes that back."""

    tag: ClassVar[str] = "document.answered.v1"
    aggregate: ClassVar[str] = "document"
    document_id: DocumentId
    student_id: StudentId
    answer: str

    @property
    def aggregate_id(self) -> UUID:
        return self.document_id


@dataclass(frozen=True, slots=True)
class VersionChecked(Event):
    """Somebody compared a version with the original and verified or rejected it."""

    tag: ClassVar[str] = "document.version_checked.v1"
    aggregate: ClassVar[str] = "document"
    document_id: DocumentId
    student_id: StudentId
    number: int
    result: str

    @property
    def aggregate_id(self) -> UUID:
        return self.document_id


@dataclass(frozen=True, slots=True)
class VersionOpened(Event):
    """Somebody was given a link to a version."""

    tag: ClassVar[str] = "document.version_opened.v1"
    aggregate: ClassVar[str] = "document"
    document_id: DocumentId
    student_id: StudentId
    number: int

    @property
    def aggregate_id(self) -> UUID:
        return self.document_id
