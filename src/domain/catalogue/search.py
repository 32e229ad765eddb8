"""What one may look for in the catalogue."""

from ..shared.dataclass import dataclass
from ..shared.ids import ProgrammeId
from .programme import Level


@dataclass(frozen=True, slots=True)
class ProgrammeQuery:
    """What a programme must fit; what is left out fits all. ``fields`` are ISCED-F 2013 prefixes."""

    text: str = ""
    countries: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    fields: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    include_expired: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of programmes ended: they are ordered by name, then id."""

    name: str
    id: ProgrammeId
