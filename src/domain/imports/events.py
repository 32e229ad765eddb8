"""What happens when catalogues are taken in."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import ImportId, PlanId, ProgrammeId, StudentId


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
