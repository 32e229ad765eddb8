"""Erasure: from the wish, over the days in which it can be taken back, to a shell without personal data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from ..identity.account import Account, Role
from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason, RuleBroken
from ..shared.ids import AccountId, ErasureId, HoldId, StudentId
from ..shared.texts import demand_texts
from .events import ErasureAsked, ErasureCancelled, StudentErased

LONGEST_REASON = 1000
LONGEST_HOLD = timedelta(days=3660)
SHELL_HOST = "erased.invalid"
"""RFC 2606: no mail ever reaches such a host. The address of an erased account is a random one there."""


class State(StrEnum):
    """How far an erasure is."""

    WAITING = "waiting"
    """Until its day: it can be cancelled."""
    CANCELLED = "cancelled"
    ERASING = "erasing"
    """From here on there is no way back, and nothing new about the student is kept or published."""
    ERASED = "erased"


STATES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.WAITING: frozenset({State.CANCELLED, State.ERASING}),
        State.CANCELLED: frozenset(),
        State.ERASING: frozenset({State.ERASED}),
        State.ERASED: frozenset(),
    }
)


class Because(StrEnum):
    """Why a record is erased."""

    ASKED = "asked"
    """She asked for it."""
    DUTY = "duty"
    """An administrator had to, and stated why."""
    DORMANT = "dormant"
    """Nobody had used the account for years, and nobody answered the notice."""
    RESTORED = "restored"
    """It had been erased, and a backup brought it back."""


@dataclass(slots=True)
class Erasure:
    """That a student's record is to be erased: since when, why, and from when on it is done.

    ``reason`` is what an administrator stated; it is emptied with everything else.
    """

    id: ErasureId
    student_id: StudentId
    account_id: AccountId
    because: Because
    asked_by: AccountId | None
    asked_at: datetime
    due_at: datetime
    reason: str = ""
    state: State = State.WAITING
    ended_at: datetime | None = None
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its day."""
        return self.state is State.WAITING

    def asked(self) -> ErasureAsked:
        """Return what asking for it means to others."""
        return ErasureAsked(self.id, self.student_id, self.account_id)

    def postpone(self, until: datetime) -> None:
        """Let it not be done before then; it never becomes earlier by this."""
        self.due_at = max(self.due_at, until)

    def cancel(self, at: datetime) -> ErasureCancelled:
        """Let nothing be erased; raise RuleBroken where it has begun or was cancelled."""
        self._go(State.CANCELLED, at)
        return ErasureCancelled(self.id, self.student_id, self.account_id)

    def begin(self, at: datetime) -> None:
        """Go where there is no way back; raise RuleBroken unless it waits."""
        self._go(State.ERASING, at)

    def finish(self, at: datetime) -> StudentErased:
        """Note that nothing is left; raise RuleBroken unless it had begun."""
        self._go(State.ERASED, at)
        self.reason = ""
        return StudentErased(self.id, self.student_id, self.account_id)

    def _go(self, state: State, at: datetime) -> None:
        if state not in STATES[self.state]:
            raise RuleBroken(Reason("erasure.not_possible", {"state": self.state.value}))
        self.state = state
        self.ended_at = None if state is State.ERASING else at


@dataclass(slots=True)
class Hold:
    """A legal duty to keep a record until a moment, such as a payment in dispute (GDPR, article 17(3)(e))."""

    id: HoldId
    student_id: StudentId
    reason: str
    placed_by: AccountId
    placed_at: datetime
    until: datetime
    lifted_by: AccountId | None = None
    lifted_at: datetime | None = None
    version: int = 0

    def demand_sound(self) -> None:
        """Raise Invalid without a reason, and for an end that is past or beyond any limitation of actions."""
        demand_reason(self.reason)
        if not self.placed_at < self.until <= self.placed_at + LONGEST_HOLD:
            raise Invalid(Reason("hold.wrong_end", {"at_most": LONGEST_HOLD.days}, "until"))

    def is_in_force(self, now: datetime) -> bool:
        """Whether the record has to be kept for it now."""
        return self.lifted_at is None and now < self.until

    def lift(self, by: AccountId, at: datetime) -> None:
        """End it before its time; one that was lifted stays as it was."""
        if self.lifted_at is None:
            self.lifted_by, self.lifted_at = by, at


def held_until(holds: Iterable[Hold], now: datetime) -> datetime | None:
    """Return when the last hold in force ends, None where there is none."""
    return max((hold.until for hold in holds if hold.is_in_force(now)), default=None)


def demand_reason(reason: str) -> None:
    """Raise Invalid for a reason that is none, or no text."""
    if not reason.strip():
        raise Invalid(Reason("erasure.needs_reason", {}, "reason"))
    demand_texts((reason, "reason", LONGEST_REASON))


def demand_erasable(account: Account) -> None:
    """Raise RuleBroken for who works here: what such an account did for others must keep its doer."""
    if works_here(account):
        raise RuleBroken(Reason("erasure.of_staff"))


def works_here(account: Account) -> bool:
    """Whether the account has a role in the office."""
    return bool(account.roles - {Role.STUDENT})


def is_shell(email: str) -> bool:
    """Whether the address is that of an account that was erased."""
    return email.endswith(f"@{SHELL_HOST}")


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That a record was erased: all that is kept of it outside the database, so that no backup brings it back."""

    student_id: StudentId
    account_id: AccountId
    erased_at: datetime
