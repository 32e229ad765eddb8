"""A document: one paper of a student, in versions that never change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import Conflict, Invalid, NotFound, Reason, RuleBroken, refuse_if_any
from ..shared.ids import AccountId, DocumentId, StudentId
from ..shared.states import Move, move_for
from ..shared.texts import demand_texts
from .events import DocumentAdded, DocumentAnswered, VersionChecked, VersionUploaded

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)
MOST_VERSIONS = 100


class Verification(StrEnum):
    """How far a version has been compared with the original."""

    PENDING = "pending"
    VERIFIED = "verified"
    REJECTED = "rejected"


class Check(StrEnum):
    """What somebody who compared it says."""

    VERIFY = "verify"
    REJECT = "reject"


class Checker(StrEnum):
    """Who compares papers: never the student whose paper it is."""

    STAFF = "staff"


CHECKS = (
    Move(Check.VERIFY, (Verification.PENDING,), Verification.VERIFIED, Checker.STAFF),
    Move(Check.REJECT, (Verification.PENDING, Verification.VERIFIED), Verification.REJECTED, Checker.STAFF),
)


class Answer(StrEnum):
    """What a student may say instead of giving the paper."""

    DOES_NOT_APPLY = "does_not_apply"
    CANNOT_OBTAIN = "cannot_obtain"


@dataclass(frozen=True, slots=True)
class StandingAnswer:
    """An answer that stands until a version is uploaded or the answer is taken back."""

    answer: Answer
    reason: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Stated:
    """What the student reads off the paper: its dates and the name on it; what she does not say is unknown."""

    issued_on: date | None = None
    expires_on: date | None = None
    name_on_document: str = ""

    def __post_init__(self) -> None:
        days = ((self.issued_on, "issued_on"), (self.expires_on, "expires_on"))
        refuse_if_any([day_problem(where) for day, where in days if day and not is_usual_day(day)], Invalid)
        if self.issued_on and self.expires_on and self.expires_on < self.issued_on:
            raise Invalid(Reason("document.expires_before_issue", {}, "expires_on"))
        demand_texts((self.name_on_document, "name_on_document", 200))


def is_usual_day(day: date) -> bool:
    """Whether a paper may name the day at all; beyond lies what somebody mistyped."""
    return FIRST_DAY <= day <= LAST_DAY


def day_problem(where: str) -> Reason:
    """Return the reason that refuses any other day."""
    params = {"first": FIRST_DAY.isoformat(), "last": LAST_DAY.isoformat()}
    return Reason("document.day_out_of_range", params, where)


@dataclass(frozen=True, slots=True)
class Version:
    """One upload. Its content never changes; only what a check found is added to it, once."""

    number: int
    sha256: str
    size: int
    content_type: str
    file_name: str
    uploaded_at: datetime
    uploaded_by: AccountId
    stated: Stated = Stated()
    verification: Verification = Verification.PENDING
    rejected_because: str = ""
    sealed_as: str = ""
    """Under which name its bytes are kept, sealed; blank for what was kept as it came, under ``sha256``."""
    first_verified_by: AccountId | None = None
    checked_at: datetime | None = None
    """When somebody first said how it compares with the original, and who: that is when the student had an answer."""
    checked_by: AccountId | None = None
    """Who verified it first where two have to; None where nobody has, or where one was enough."""

    @property
    def is_half_verified(self) -> bool:
        """Whether one has verified it, and it waits for a second person."""
        return self.first_verified_by is not None and self.verification is Verification.PENDING

    @property
    def stored_as(self) -> str:
        """The name of its file."""
        return self.sealed_as or self.sha256


@dataclass(slots=True)
class Document:
    """One paper of one student; ``kind`` is the code of a kind that a rule pack describes."""

    id: DocumentId
    student_id: StudentId
    kind: str
    label: str = ""
    versions: tuple[Version, ...] = ()
    answer: StandingAnswer | None = None
    version: int = 0

    @property
    def newest(self) -> Version | None:
        """The version that counts, or None when nothing was uploaded yet."""
        return self.versions[-1] if self.versions else None

    def version_numbered(self, number: int) -> Version:
        """Return the version; raise NotFound where there is none of that number."""
        found = next((version for version in self.versions if version.number == number), None)
        if found is None:
            raise NotFound(Reason("document.no_such_version", {"number": number}))
        return found

    def demand_room(self) -> None:
        """Raise RuleBroken when no further version may come in."""
        if len(self.versions) >= MOST_VERSIONS:
            raise RuleBroken(Reason("document.too_many_versions", {"at_most": MOST_VERSIONS}))

    def added(self) -> DocumentAdded:
        """Return what adding this document means to others."""
        return DocumentAdded(self.id, self.student_id, self.kind)

    def upload(self, version: Version) -> VersionUploaded:
        """Take the version as the newest one; a standing answer ends with it.

        Raises Conflict for a wrong number, RuleBroken when there are MOST_VERSIONS already.
        """
        self.demand_room()
        if version.number != len(self.versions) + 1:
            raise Conflict(Reason("document.version_number_taken", {"number": version.number}))
        self.versions = (*self.versions, version)
        self.answer = None
        return VersionUploaded(self.id, self.student_id, version.number, version.sha256)

    def seal(self, number: int, sealed_as: str) -> None:
        """Note under which name the version's bytes are kept now, sealed; raise NotFound for no such version."""
        sealed = replace(self.version_numbered(number), sealed_as=sealed_as)
        self.versions = tuple(sealed if one.number == number else one for one in self.versions)

    def give_answer(self, answer: Answer, reason: str, at: datetime) -> DocumentAnswered:
        """Let the answer stand in place of the paper; raise RuleBroken without a reason."""
        said = reason.strip()
        if not said:
            raise RuleBroken(Reason("document.answer_needs_reason", {"answer": answer.value}, "reason"))
        demand_texts((said, "reason", 1000))
        self.answer = StandingAnswer(answer, said, at)
        return DocumentAnswered(self.id, self.student_id, answer.value)

    def take_answer_back(self) -> DocumentAnswered:
        """Let no answer stand any more."""
        self.answer = None
        return DocumentAnswered(self.id, self.student_id, "")

    def check(
        self,
        number: int,
        check: Check,
        by: AccountId,
        because: str = "",
        *,
        by_two: bool = False,
        at: datetime | None = None,
    ) -> VersionChecked:
        """Add to the version what comparing it with the original found.

        Where two people have to verify it, the first leaves it pending; a rejection by either counts at once. Raises
        RuleBroken when it was decided already, when a rejection names no reason, and for who verifies what she uploaded
        herself or has verified before.
        """
        version = self.version_numbered(number)
        move = move_for(CHECKS, check, version.verification)
        if move is None:
            state = {"check": check.value, "verification": version.verification.value}
            raise RuleBroken(Reason("document.check_not_possible", state))
        if check is Check.REJECT and not because.strip():
            raise RuleBroken(Reason("document.rejection_needs_reason", {}, "because"))
        demand_texts((because, "because", 1000))
        if check is Check.VERIFY:
            _demand_other_eyes(version, by)
        if check is Check.VERIFY and by_two and version.first_verified_by is None:
            checked = replace(version, first_verified_by=by)
        else:
            checked = replace(version, verification=move.target, rejected_because=because.strip())
        if version.checked_at is None:
            checked = replace(checked, checked_at=at, checked_by=by)
        self.versions = tuple(checked if one.number == number else one for one in self.versions)
        return VersionChecked(self.id, self.student_id, number, checked.verification.value)


def _demand_other_eyes(version: Version, by: AccountId) -> None:
    if by == version.uploaded_by:
        raise RuleBroken(Reason("document.verified_by_uploader", {}, "check"))
    if by == version.first_verified_by:
        raise RuleBroken(Reason("document.verified_by_same", {}, "check"))
