"""What a student says about herself: shown, and changed a part at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta, timezone
from typing import Any

from ...ports.rule_packs import RulePacks
from ...ports.transactions import Transactions
from ...ports.vault import Place, Report, StudentKeys, Vault
from ...ports.zones import Zones
from ..identity.account import Asker
from ..identity.policies import admitted
from ..identity.scopes import Doing
from ..identity.use_cases.admitting import admit
from ..rulebook.pack import Rulebook
from ..shared.dataclass import dataclass
from ..shared.errors import Conflict, Invalid, NotFound, Reason, refuse_if_any
from ..shared.ids import StudentId
from ..shared.texts import data_problems
from ..shared.times import ZoneLookup, day_in
from ..shared.versions import demand_version
from .merging import merged
from .profile import Profile
from .reading import read_profile
from .results import results_to_come
from .sealed import has_plain_number, has_sealed_number, with_number_opened, with_number_sealed
from .student import Student
from .writing import profile_data

_LONGEST_NUMBER = 100
_AT_A_TIME = 200
_FIRST_TO_SEE_A_DAY = timezone(timedelta(hours=14))
"""Where no zone is ahead: a test may have been taken on the day that it is there already."""


@dataclass(frozen=True)
class GetProfile:
    """Show a student's record."""

    transactions: Transactions
    vault: Vault

    async def __call__(self, asker: Asker, student_id: StudentId) -> Student:
        """Return the record with the profile; raise NotFound for what is not the asker's."""
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.SEE_PROFILE)
            student = await work.students.get(student_id)
        return await opened(student, self.vault)


@dataclass(frozen=True)
class ChangeProfile:
    """Change the named parts of a profile and leave the others alone."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones
    vault: Vault

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
        keys = await self._keys(asker, student_id, merge_patch)
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.CHANGE_PROFILE)
            student = await work.students.get(student_id)
            demand_version(student.version, expected_version)
            before = student.profile if keys is None else opened_profile(student, keys)
            data = merged(profile_data(before), merge_patch)
            profile = _read(data, rulebook, self.zones.named, changed=merge_patch)
            if "tests" in merge_patch:
                refuse_if_any(results_to_come(profile.tests or (), day_in(work.now, _FIRST_TO_SEE_A_DAY)), Invalid)
            if "passport" in merge_patch:
                refuse_if_any(_number_problems(profile), Invalid)
            if keys is not None:
                profile = sealed_profile(student_id, profile, keys)
            event = student.change_profile(profile)
            await work.students.save(student)
            work.record(event, student.version)
        return await opened(student, self.vault)

    async def _keys(self, asker: Asker, student_id: StudentId, merge_patch: Mapping[str, Any]) -> StudentKeys | None:
        """Return her keys where they are needed to read or keep the number of a passport: had before anything changes,
        so that nobody is told of a failure after it was kept."""
        async with self.transactions(asker.origin) as work:
            student = await work.students.get(student_id)
        needed = "passport" in merge_patch or has_sealed_number(student.profile)
        return await self.vault.keys_of(student_id) if needed else None


@dataclass(frozen=True)
class SealPassports:
    """Seal the numbers of passports that an earlier release kept as they were given."""

    transactions: Transactions
    vault: Vault

    async def __call__(self, report: Report) -> int:
        """Return how many were sealed; may be repeated or cut short at any point."""
        done = 0
        while plain := await self._plain():
            before = done
            for student_id in plain:
                with suppress(NotFound, Conflict):  # erased, or changed by her, at this moment
                    done += await self._seal(student_id)
            await report(done)
            if done == before:  # those that are left are somebody else's at this moment
                break
        return done

    async def _plain(self) -> Sequence[StudentId]:
        async with self.transactions() as work:
            return [student.id for student in await work.students.unsealed(_AT_A_TIME)]

    async def _seal(self, student_id: StudentId) -> bool:
        keys = await self.vault.keys_of(student_id)
        async with self.transactions() as work:
            student = await work.students.get(student_id)
            if not has_plain_number(student.profile) or any(_number_problems(student.profile)):
                return False
            student.profile = sealed_profile(student_id, student.profile, keys)  # says the same, so nobody is told
            await work.students.save(student)
        return True


async def opened(student: Student, vault: Vault) -> Student:
    """Return the record with the passport's number as it was given; raise NotFound where the student was erased,
    Unavailable when her keys cannot be had."""
    if not has_sealed_number(student.profile):
        return student
    profile = opened_profile(student, await vault.keys_of(student.id))
    return Student(student.id, student.account_id, profile, student.version)


def opened_profile(student: Student, keys: StudentKeys) -> Profile:
    """Return the student's profile with the passport's number as it was given."""
    return with_number_opened(student.profile, lambda sealed: keys.open(_place_of(student.id), sealed))


def sealed_profile(student_id: StudentId, profile: Profile, keys: StudentKeys) -> Profile:
    """Return the profile as it is kept, with the passport's number sealed."""
    return with_number_sealed(profile, lambda number: keys.seal(_place_of(student_id), number))


def _place_of(student_id: StudentId) -> Place:
    return Place("passport number", str(student_id))


def _number_problems(profile: Profile) -> Iterator[Reason]:
    number = profile.passport and profile.passport.number
    if number and len(number) > _LONGEST_NUMBER:
        yield Reason("data.too_long", {"at_most": _LONGEST_NUMBER}, "passport.number")


def _read(data: Mapping[str, Any], rulebook: Rulebook, zones: ZoneLookup, changed: Mapping[str, Any]) -> Profile:
    """Return the profile in the data; what a newer pack or zone edition finds wrong with parts that are not being
    changed stands against nobody who corrects another part."""
    try:
        return read_profile(data, rulebook, zones)
    except Invalid as error:
        if any(re.split(r"[.\[]", reason.where)[0] in changed for reason in error.reasons):
            raise
    return read_profile(data)
