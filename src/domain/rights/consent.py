"""What a student has allowed her data to be used for: every word is added, none is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import NotFound, Reason, RuleBroken
from ..shared.ids import AccountId, ConsentId, StudentId


class Said(StrEnum):
    """What was said to a purpose."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Wording:
    """The text that is shown for a purpose from a day on; another text is another version."""

    version: str
    since: date
    text: str
    text_bn: str = ""


@dataclass(frozen=True, slots=True)
class Purpose:
    """One use of personal data. A needed one goes with the service: it is told, and not asked for."""

    id: str
    needed: bool
    title: str
    wordings: tuple[Wording, ...]
    title_bn: str = ""

    @property
    def wording(self) -> Wording:
        """The newest wording: the one that is shown, and may be agreed to."""
        return self.wordings[-1]

    def demand_choice(self) -> None:
        """Raise RuleBroken where there is nothing to choose."""
        if self.needed:
            raise RuleBroken(Reason("consent.needed", {"purpose": self.id}, "purpose"))

    def demand_current(self, version: str) -> None:
        """Raise RuleBroken for an older wording, or an unknown one: what was not read is not agreed to."""
        if version != self.wording.version:
            raise RuleBroken(Reason("consent.other_wording", {"current": self.wording.version}, "wording"))


Purposes = Mapping[str, Purpose]


@dataclass(frozen=True, slots=True)
class Consent:
    """One word of a student on one purpose: to which wording, when, and by whom."""

    id: ConsentId
    student_id: StudentId
    purpose: str
    said: Said
    wording: str
    at: datetime
    by: AccountId


@dataclass(frozen=True, slots=True)
class Standing:
    """How a purpose stands for a student; ``last`` is her last word on it."""

    purpose: Purpose
    last: Consent | None = None

    @property
    def holds(self) -> bool:
        """Whether the data may be used for it now."""
        return self.purpose.needed or (self.last is not None and self.last.said is Said.GIVEN)

    @property
    def is_outdated(self) -> bool:
        """Whether she agreed to an earlier wording than the one that is shown now: it holds, and she may be asked."""
        return self.last is not None and self.holds and self.last.wording != self.purpose.wording.version


def standings(purposes: Purposes, said: Iterable[Consent]) -> Sequence[Standing]:
    """Return how each purpose stands, given everything that the student ever said, the oldest first."""
    last = {one.purpose: one for one in said}
    return [Standing(purpose, last.get(purpose.id)) for purpose in purposes.values()]


def purpose_named(purposes: Purposes, purpose_id: str) -> Purpose:
    """Return the purpose; raise NotFound where there is none of that id."""
    if purpose_id not in purposes:
        raise NotFound(Reason("consent.no_such_purpose", {"given": purpose_id[:60]}, "purpose"))
    return purposes[purpose_id]
