"""What happens to grants."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import AccountId, GrantId, StudentId


@dataclass(frozen=True, slots=True)
class _GrantEvent(Event):
    """Something happened to a grant on a student's record; ``owner`` is her account."""

    aggregate: ClassVar[str] = "grant"
    grant_id: GrantId
    student_id: StudentId
    owner: AccountId

    @property
    def aggregate_id(self) -> UUID:
        return self.grant_id


@dataclass(frozen=True, slots=True)
class GrantOffered(_GrantEvent):
    """A student offered somebody a part in her record."""

    tag: ClassVar[str] = "grant.offered.v1"


@dataclass(frozen=True, slots=True)
class AccessTaken(_GrantEvent):
    """An administrator took access to a record, for a while and for a stated reason."""

    tag: ClassVar[str] = "grant.taken.v1"


@dataclass(frozen=True, slots=True)
class GrantAccepted(_GrantEvent):
    """The holder of the address accepted."""

    tag: ClassVar[str] = "grant.accepted.v1"


@dataclass(frozen=True, slots=True)
class GrantEnded(_GrantEvent):
    """It was ended before its time, by either side."""

    tag: ClassVar[str] = "grant.ended.v1"
