"""What happens to the rules."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import EditionId


@dataclass(frozen=True, slots=True)
class EditionActivated(Event):
    """Other packs are in force; ``before`` and ``after`` name the editions."""

    tag: ClassVar[str] = "rulebook.edition_activated.v1"
    aggregate: ClassVar[str] = "rulebook"
    edition_id: EditionId
    number: int
    before: str
    after: str

    @property
    def aggregate_id(self) -> UUID:
        return self.edition_id
