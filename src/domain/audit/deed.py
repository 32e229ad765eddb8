"""What is noted in the audit trail beside events: what was seen, tried and refused, or done in somebody's name."""

from collections.abc import Mapping
from dataclasses import field
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.ids import AccountId, StudentId


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing done or seen: ``action`` is a code such as ``document.opened``, ``subject`` the kind of what it was
    done to. Neither holds personal data, and ``details`` holds codes and ids only.

    ``student_id`` is whose record it concerns: she sees the entry. ``on_behalf_of`` is for whom it was done, where that
    is somebody else than the actor; ``reason`` is what the actor stated.
    """

    action: str
    subject: str = ""
    subject_id: UUID | None = None
    student_id: StudentId | None = None
    on_behalf_of: AccountId | None = None
    reason: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
