"""One attempt to reach a person on one way, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import Reason, RuleBroken
from ..shared.ids import DeliveryId, MessageId
from .channel import Channel


class State(StrEnum):
    """How far a delivery is."""

    WAITING = "waiting"
    SENDING = "sending"
    """An attempt has begun of which it is not noted how it ended."""
    GATHERED = "gathered"
    """It went out with others, in a digest."""
    TAKEN = "taken"
    """A provider has taken it over and has not said more yet."""
    DELIVERED = "delivered"
    BLOCKED = "blocked"
    """Turned away this time; the address may live."""
    FAILED = "failed"
    BOUNCED = "bounced"
    """The address is dead."""
    COMPLAINED = "complained"
    """Marked as unwanted by whoever got it."""
    REFUSED = "refused"
    """The provider has never taken it over."""
    GIVEN_UP = "given_up"
    """Nobody took it over for too long."""
    SILENCED = "silenced"
    """Its recipient had said meanwhile that she does not want it."""
    WITHDRAWN = "withdrawn"
    """It was true no more when it was to go out."""


_STEPS: Mapping[State, frozenset[State]] = {
    State.WAITING: frozenset({State.SENDING, State.SILENCED, State.WITHDRAWN}),
    State.SENDING: frozenset({State.SENDING, State.WAITING, State.TAKEN, State.GATHERED, State.REFUSED, State.GIVEN_UP}
                             | {State.SILENCED, State.WITHDRAWN}),
}  # fmt: skip
"""What may follow what, before a provider has it."""

_NEWS = (State.TAKEN, State.GATHERED, State.DELIVERED, State.BLOCKED, State.FAILED, State.BOUNCED, State.COMPLAINED)
"""What providers say afterwards, in any order: the one that stands further behind holds, whichever came last."""

FAILURES = frozenset({State.BLOCKED, State.FAILED, State.BOUNCED, State.COMPLAINED, State.REFUSED, State.GIVEN_UP})
OVER = FAILURES | {State.DELIVERED, State.SILENCED, State.WITHDRAWN, State.GATHERED}


@dataclass(slots=True)
class Delivery:
    """A message on its way on one channel; ``id`` is what the provider knows it by too.

    ``unsure`` counts the attempts that ended without a note, as after a crash: each may have reached her once.
    """

    id: DeliveryId
    message_id: MessageId
    channel: Channel
    due_at: datetime
    state: State = State.WAITING
    attempts: int = 0
    unsure: int = 0
    gathered: bool = False
    """Whether it goes out with others, in a digest."""
    provider_id: str = ""
    detail: str = ""
    changed_at: datetime | None = None
    version: int = 0

    def begin(self, now: datetime) -> None:
        """Note that an attempt begins; raise RuleBroken where it is over already."""
        if self.state is State.SENDING:
            self.unsure += 1
        self._become(State.SENDING, now)
        self.attempts += 1

    def taken(self, provider_id: str, now: datetime) -> None:
        """Note that a provider has it, unless one has said more meanwhile."""
        self.provider_id = self.provider_id or provider_id
        if self.state is State.SENDING:
            self._become(State.TAKEN, now)

    def put_back(self, detail: str, now: datetime) -> None:
        """Let it wait for another attempt: this one ended, and nobody took it over."""
        self._become(State.WAITING, now, detail)

    def end(self, state: State, now: datetime, detail: str = "") -> None:
        """Let it be over before a provider has it; raise RuleBroken where it is over already."""
        self._become(state, now, detail)

    def hear(self, state: State, now: datetime, detail: str = "") -> bool:
        """Take what a provider says; return whether it is news.

        Reports come in any order and more than once, and may come before it is noted that the message was taken over.
        """
        if self.state in _STEPS:
            self.state = State.TAKEN
        if self.state not in _NEWS or _NEWS.index(state) <= _NEWS.index(self.state):
            return False
        self.state, self.changed_at, self.detail = state, now, detail
        return True

    @property
    def is_over(self) -> bool:
        """Whether nothing more is done about it."""
        return self.state in OVER

    @property
    def has_failed(self) -> bool:
        """Whether it did not reach her."""
        return self.state in FAILURES

    def _become(self, state: State, now: datetime, detail: str = "") -> None:
        if state not in _STEPS.get(self.state, frozenset()):
            raise RuleBroken(Reason("delivery.is_over", {"state": self.state.value}))
        self.state, self.changed_at, self.detail = state, now, detail
