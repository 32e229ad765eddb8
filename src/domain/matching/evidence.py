"""What a student can show on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..profile.profile import Profile
from ..shared.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a case on which a test result has to count; what is not known yet is None."""

    application: date | None = None
    enrolment: date | None = None
    appointment: date | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The profile and the papers that are usable on the day; papers that nobody listed (None) are unknown.

    ``papers`` maps a kind of document to whether one is usable: yes, no, or not known. With ``days`` a test result is
    held against the days of the case; without, against ``on``. They belong to the question and are no evidence.
    """

    profile: Profile
    on: date
    papers: Mapping[str, bool | None] | None = None
    days: Days | None = None
