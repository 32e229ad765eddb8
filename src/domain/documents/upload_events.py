"""What happens to an upload."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import DocumentId, StudentId, UploadId


@dataclass(frozen=True, slots=True)
class _OfUpload(Event):
    """One upload, and where it belongs."""

    aggregate: ClassVar[str] = "upload"
    upload_id: UploadId
    document_id: DocumentId
    student_id: StudentId

    @property
    def aggregate_id(self) -> UUID:
        return self.upload_id


@dataclass(frozen=True, slots=True)
class UploadRequested(_OfUpload):
    """A student announced a file."""

    tag: ClassVar[str] = "upload.requested.v1"


@dataclass(frozen=True, slots=True)
class UploadReceived(_OfUpload):
    """All bytes are there, and nobody has looked at them yet."""

    tag: ClassVar[str] = "upload.received.v1"


@dataclass(frozen=True, slots=True)
class UploadAccepted(_OfUpload):
    """The file became a version of the paper."""

    tag: ClassVar[str] = "upload.accepted.v1"
    number: int


@dataclass(frozen=True, slots=True)
class UploadRefused(_OfUpload):
    """The file may not stay."""

    tag: ClassVar[str] = "upload.refused.v1"
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UploadExpired(_OfUpload):
    """Nobody completed it within its time."""

    tag: ClassVar[str] = "upload.expired.v1"
