"""What happens when files are taken in."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import ImportId, PlanId, ProgrammeId, RecordOfferId, StudentId


@dataclass(frozen=True, slots=True)
class CatalogueImported(Event):
    """A catalogue file was compared with what stood, and kept unless it was a dry run."""

    tag: ClassVar[str] = "catalogue.imported.v1"
    aggregate: ClassVar[str] = "import"
    import_id: ImportId
    dry_run: bool

    @property
    def aggregate_id(self) -> UUID:
        return self.import_id


@dataclass(frozen=True, slots=True)
class CatalogueReverted(Event):
    """What an import had changed was taken back, unless that was a dry run."""

    tag: ClassVar[str] = "catalogue.reverted.v1"
    aggregate: ClassVar[str] = "import"
    import_id: ImportId
    undone: ImportId
    dry_run: bool

    @property
    def aggregate_id(self) -> UUID:
        return self.import_id


@dataclass(frozen=True, slots=True)
class PeopleImported(Event):
    """The rows of a file about students, or about their applications, were taken, unless it was a dry run."""

    tag: ClassVar[str] = "import.finished.v1"
    aggregate: ClassVar[str] = "import"
    import_id: ImportId
    dry_run: bool

    @property
    def aggregate_id(self) -> UUID:
        return self.import_id


@dataclass(frozen=True, slots=True)
class PeopleReverted(Event):
    """What such a file had brought was taken back, unless that was a dry run."""

    tag: ClassVar[str] = "import.reverted.v1"
    aggregate: ClassVar[str] = "import"
    import_id: ImportId
    undone: ImportId
    dry_run: bool

    @property
    def aggregate_id(self) -> UUID:
        return self.import_id


@dataclass(frozen=True, slots=True)
class ImportFailed(Event):
    """A file could not be used, or what was to be done with it failed again and again."""

    tag: ClassVar[str] = "import.failed.v1"
    aggregate: ClassVar[str] = "import"
    import_id: ImportId

    @property
    def aggregate_id(self) -> UUID:
        return self.import_id


@dataclass(frozen=True, slots=True)
class RecordOffered(Event):
    """Somebody prepared a record for a student, and invites her to look at it."""

    tag: ClassVar[str] = "record_offer.made.v1"
    aggregate: ClassVar[str] = "record_offer"
    offer_id: RecordOfferId
    import_id: ImportId

    @property
    def aggregate_id(self) -> UUID:
        return self.offer_id


@dataclass(frozen=True, slots=True)
class RecordOfferAnswered(Event):
    """A student took some or none of what somebody had prepared for her."""

    tag: ClassVar[str] = "record_offer.answered.v1"
    aggregate: ClassVar[str] = "record_offer"
    offer_id: RecordOfferId
    student_id: StudentId
    taken: int

    @property
    def aggregate_id(self) -> UUID:
        return self.offer_id


@dataclass(frozen=True, slots=True)
class ProgrammeChanged(Event):
    """An import changed a programme in something that counts for a plan that aims at it."""

    tag: ClassVar[str] = "plan.programme_changed.v1"
    aggregate: ClassVar[str] = "plan"
    plan_id: PlanId
    student_id: StudentId
    programme_id: ProgrammeId
    import_id: ImportId

    @property
    def aggregate_id(self) -> UUID:
        return self.plan_id
