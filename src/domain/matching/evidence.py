"""What a student can show on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..profile.profile import Profile
from ..shared.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """The profile and the papers that are usable on the day; papers that nobody listed (None) are unknown.

    ``papers`` maps a kind of document to whether one is usable: yes, no, or not known.
    """

    profile: Profile
    on: date
    papers: Mapping[str, bool | None] | None = None
