"""What happens when catalogues are taken in."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import ImportId


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
