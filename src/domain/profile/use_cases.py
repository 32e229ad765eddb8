"""What a student says about herself: shown, and changed a part at a time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta, timezone
from typing import Any

from ...ports.rule_packs import RulePacks
from ...ports.transactions import Transactions
from ...ports.zones import Zones
from ..identity.account import Asker
from ..identity.policies import admitted
from ..identity.scopes import Doing
from ..identity.use_cases.admitting import admit
from ..rulebook.pack import Rulebook
from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, refuse_if_any
from ..shared.ids import StudentId
from ..shared.texts import data_problems
from ..shared.times import ZoneLookup, day_in
from ..shared.versions import demand_version
from .merging import merged
from .profile import Profile
from .reading import read_profile
from .results import results_to_come
from .student import Student
from .writing import profile_data

_FIRST_TO_SEE_A_DAY = timezone(timedelta(hours=14))
"""Where no zone is ahead: a test may have been taken on the day that it is there already."""


@dataclass(frozen=True)
class GetProfile:
    """Show a student's record."""

    transactions: Transactions

    async def __call__(self, asker: Asker, student_id: StudentId) -> Student:
        """Return the record with the profile; raise NotFound for what is not the asker's."""
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.SEE_PROFILE)
            return await work.students.get(student_id)


@dataclass(frozen=True)
class ChangeProfile:
    """Change the named parts of a profile and leave the others alone."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones

    async def __call__(
        self,
        asker: Asker,
        student_id: StudentId,
        merge_patch: Mapping[str, Any],
        expected_version: int | None = None,
    ) -> Student:
        """Return the record with the new profile; ``merge_patch`` is read by RFC 7396 over ``profile_data``.

        Raises Invalid with every wrong field, tests among them that are still to come, Conflict for a stale version,
        NotFound for what is not the asker's.
        """
        admitted(asker, student_id, Doing.CHANGE_PROFILE)
        refuse_if_any(data_problems(merge_patch), Invalid)
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.CHANGE_PROFILE)
            student = await work.students.get(student_id)
            demand_version(student.version, expected_version)
            data = merged(profile_data(student.profile), merge_patch)
            profile = _read(data, rulebook, self.zones.named, changed=merge_patch)
            if "tests" in merge_patch:
                refuse_if_any(results_to_come(profile.tests or (), day_in(work.now, _FIRST_TO_SEE_A_DAY)), Invalid)
            event = student.change_profile(profile)
            await work.students.save(student)
            work.record(event, student.version)
        return student


def _read(data: Mapping[str, Any], rulebook: Rulebook, zones: ZoneLookup, changed: Mapping[str, Any]) -> Profile:
    """Return the profile in the data; what a newer pack or zone edition finds wrong with parts that are not being
    changed stands against nobody who corrects another part."""
    try:
        return read_profile(data, rulebook, zones)
    except Invalid as error:
        if any(re.split(r"[.\[]", reason.where)[0] in changed for reason in error.reasons):
            raise
    return read_profile(data)
