"""A student: whose record it is, and the profile in it."""

from __future__ import annotations

from ..shared.dataclass import dataclass
from ..shared.ids import AccountId, StudentId
from .events import ProfileChanged
from .profile import Profile


@dataclass(slots=True)
class Student:
    """The record of one student, which she owns."""

    id: StudentId
    account_id: AccountId
    profile: Profile
    version: int = 0

    def change_profile(self, profile: Profile) -> ProfileChanged:
        """Take the new profile in place of the old one."""
        self.profile = profile
        return ProfileChanged(self.id)
