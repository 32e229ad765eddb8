"""What happens to exports, erasures and consents."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import AccountId, ConsentId, ErasureId, ExportId, StudentId


@dataclass(frozen=True, slots=True)
class ExportReady(Event):
    """Everything about a student lies ready for her."""

    tag: ClassVar[str] = "export.ready.v1"
    aggregate: ClassVar[str] = "export"
    export_id: ExportId
    student_id: StudentId

    @property
    def aggregate_id(self) -> UUID:
        return self.export_id


@dataclass(frozen=True, slots=True)
class _OfErasure(Event):
    aggregate: ClassVar[str] = "erasure"
    erasure_id: ErasureId
    student_id: StudentId
    account_id: AccountId

    @property
    def aggregate_id(self) -> UUID:
        return self.erasure_id


@dataclass(frozen=True, slots=True)
class ErasureAsked(_OfErasure):
    """A record is to be erased on a day that the holder of the account is told."""

    tag: ClassVar[str] = "erasure.asked.v1"


@dataclass(frozen=True, slots=True)
class ErasureCancelled(_OfErasure):
    """A record is not erased after all."""

    tag: ClassVar[str] = "erasure.cancelled.v1"


@dataclass(frozen=True, slots=True)
class StudentErased(_OfErasure):
    """Nothing personal is left of a record."""

    tag: ClassVar[str] = "student.erased.v1"


@dataclass(frozen=True, slots=True)
class ConsentSaid(Event):
    """A student allowed a use of her data, or withdrew that."""

    tag: ClassVar[str] = "consent.said.v1"
    aggregate: ClassVar[str] = "consent"
    consent_id: ConsentId
    student_id: StudentId
    purpose: str
    said: str

    @property
    def aggregate_id(self) -> UUID:
        return self.consent_id
