"""Records that somebody prepares for a student by a file: offered to an address, and hers only once she takes them.

An offer is no consent and opens nothing. Whoever made it sees what he brought himself, whether it was accepted, and
nothing else: while she has not accepted he cannot tell whether she has an account, has read it or has declined.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from ..identity.account import Account
from ..profile.profile import Profile
from ..profile.reading import read_profile
from ..profile.writing import profile_data
from ..shared.canonical import sha256_of
from ..shared.dataclass import dataclass
from ..shared.errors import Conflict, Invalid, NotFound, Reason, RuleBroken
from ..shared.ids import AccountId, ImportId, RecordOfferId, StudentId
from .events import RecordOfferAnswered, RecordOffered

OPEN_FOR = timedelta(days=60)
"""So long an offer can be accepted; retention.toml says when what nobody accepted is erased."""
PARTS = (
    "name", "birth_date", "citizenships", "residence", "qualifications", "tests", "languages", "preferred_language",
    "target",
)  # fmt: skip
"""The parts of a profile that a file can offer, each of which is taken or refused as a whole."""


class OfferState(StrEnum):
    """How far an offer is."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"  # by a later file of the same sender; it stands again when that one is undone
    WITHDRAWN = "withdrawn"  # its import was undone


class Outcome(StrEnum):
    """What became of one value."""

    TAKEN = "taken"
    REFUSED = "refused"
    STATED = "stated"
    """She has stated something else herself, which stays as it is."""


@dataclass(frozen=True, slots=True)
class OfferedValue:
    """One part of a profile in the form of ``profile_data``, and the columns of the file that it came from."""

    part: str
    value: Any
    columns: tuple[str, ...]
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class BesideHers:
    """A value that is offered, and what she states herself, None where that is nothing."""

    offered: OfferedValue
    stated: Any

    @property
    def can_be_taken(self) -> bool:
        """Whether nothing that she stated stands against it."""
        return self.stated is None or self.stated == self.offered.value


@dataclass(slots=True)
class RecordOffer:
    """What one row of a file offers to the holder of an address.

    ``digest`` stands for the values, of which only those that she takes outlast her answer. ``replaces`` is an earlier
    open offer of the same sender to the same address. ``student_id`` is set once she has answered.
    """

    id: RecordOfferId
    import_id: ImportId
    row: int
    by: AccountId
    email: str
    values: tuple[OfferedValue, ...]
    digest: str
    offered_at: datetime
    until: datetime
    state: OfferState = OfferState.OPEN
    replaces: RecordOfferId | None = None
    student_id: StudentId | None = None
    ended_at: datetime | None = None
    version: int = 0

    def is_open(self, now: datetime) -> bool:
        """Whether it can be answered."""
        return self.state is OfferState.OPEN and now < self.until

    @property
    def looks_open(self) -> bool:
        """Whether its sender is told that it is open: one that was declined looks like one that nobody has read."""
        return self.state in (OfferState.OPEN, OfferState.DECLINED)

    def offered(self) -> RecordOffered:
        """Return what making it means to others."""
        return RecordOffered(self.id, self.import_id)

    def demand_for(self, account: Account, now: datetime) -> StudentId:
        """Return the student whose account may answer it.

        Raises NotFound where it went to another address or is over, RuleBroken while nobody has shown that the mail of
        the address is read by the account's holder or where the account has no record, Conflict where it was answered.
        """
        if account.email != self.email or not (self.is_open(now) or self.student_id == account.student_id is not None):
            raise NotFound
        if account.email_confirmed_at is None:
            raise RuleBroken(Reason("grant.confirm_address_first"))
        if account.student_id is None:
            raise RuleBroken(Reason("record_offer.no_record"))
        if self.state is not OfferState.OPEN:
            raise Conflict(Reason("record_offer.answered_already"))
        return account.student_id

    def beside(self, profile: Profile) -> tuple[BesideHers, ...]:
        """Return each value beside what the profile states itself."""
        hers = profile_data(profile)
        return tuple(BesideHers(one, stated(hers, one.part)) for one in self.values)

    def accept(
        self, student_id: StudentId, profile: Profile, take: frozenset[str], now: datetime
    ) -> tuple[Profile, RecordOfferAnswered]:
        """Return the profile with the values of these parts in it, except where she has stated something herself.

        Raises Invalid for a part that is not offered, RuleBroken where none is named.
        """
        known = {one.part for one in self.values}
        if wrong := sorted(take - known):
            params = {"known": ", ".join(sorted(known))}
            raise Invalid(*(Reason("record_offer.not_offered", {**params, "given": one[:40]}, "take") for one in wrong))
        if not take:
            raise RuleBroken(Reason("record_offer.nothing_taken", {}, "take"))
        beside = {one.offered.part: one for one in self.beside(profile)}
        outcomes = {part: _outcome(one, part in take) for part, one in beside.items()}
        taken = {part: beside[part].offered.value for part, one in outcomes.items() if one is Outcome.TAKEN}
        read = read_profile(taken)
        self.values = tuple(_answered(one, outcomes[one.part]) for one in self.values)
        self._end(OfferState.ACCEPTED, student_id, now)
        changed = replace(profile, **{part: getattr(read, part) for part in taken})
        return changed, RecordOfferAnswered(self.id, student_id, len(taken))

    def decline(self, student_id: StudentId, now: datetime) -> RecordOfferAnswered:
        """Let none of it be taken; what was offered is forgotten."""
        self._end(OfferState.DECLINED, student_id, now)
        self.values = ()
        return RecordOfferAnswered(self.id, student_id, 0)

    def replace_by(self, now: datetime) -> None:
        """Let a later one stand in its place."""
        self.state, self.ended_at = OfferState.REPLACED, now

    def stand_again(self) -> None:
        """Let it be open as it was before it was replaced."""
        self.state, self.ended_at = OfferState.OPEN, None

    def withdraw(self, now: datetime) -> None:
        """Take it back; what was offered is forgotten."""
        self.state, self.ended_at, self.values = OfferState.WITHDRAWN, now, ()

    def _end(self, state: OfferState, student_id: StudentId, now: datetime) -> None:
        self.state, self.student_id, self.ended_at = state, student_id, now


def digest_of(values: Sequence[OfferedValue]) -> str:
    """Return what stands for the values: equal for equal ones, whatever columns they came from."""
    return sha256_of(json.dumps({one.part: one.value for one in values}, sort_keys=True).encode())


def _answered(one: OfferedValue, outcome: Outcome) -> OfferedValue:
    return replace(one, outcome=outcome, value=one.value if outcome is Outcome.TAKEN else None)


def _outcome(one: BesideHers, wanted: bool) -> Outcome:
    if not wanted:
        return Outcome.REFUSED
    return Outcome.TAKEN if one.can_be_taken else Outcome.STATED


def stated(data: Mapping[str, Any], part: str) -> Any:
    """Return what the data of a profile says in that part, None where it says nothing."""
    found = data.get(part)
    return None if found in (None, "", {}, []) else found


@dataclass(frozen=True, slots=True)
class ImportedFrom:
    """Where an imported value comes from: the import, the row of its file, and the columns of that row."""

    import_id: ImportId
    row: int
    columns: tuple[str, ...]


def origins_in(profile: Profile, accepted: Sequence[RecordOffer]) -> dict[str, ImportedFrom]:
    """Return for each part of the profile that is still what she took from an offer, where it comes from; of several
    offers the last one counts."""
    hers = profile_data(profile)
    found: dict[str, ImportedFrom] = {}
    for offer in sorted(accepted, key=lambda one: (one.ended_at or one.offered_at, one.id)):
        for one in offer.values:
            if one.outcome is Outcome.TAKEN and stated(hers, one.part) == one.value:
                found[one.part] = ImportedFrom(offer.import_id, offer.row, one.columns)
    return found
