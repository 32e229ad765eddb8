"""Attempts to pay an order: each is one collection at the provider, asked for by a key that is never made anew."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.ids import AttemptId, OrderId
from ..shared.money import Money


class State(StrEnum):
    """How far an attempt has come here."""

    ASKED = "asked"
    """The provider was asked, or is about to be; nobody knows yet whether it has heard."""
    OPEN = "open"
    UNDER_WAY = "under_way"
    HELD = "held"
    TAKEN = "taken"
    SURPLUS = "surplus"
    """Its money came although the order was not to be paid by it any more; it goes back."""
    CLOSED = "closed"


DONE = frozenset({State.SURPLUS, State.CLOSED})
"""Beside these an order may have another attempt; of all others it has one at most."""
HAS_MONEY = frozenset({State.TAKEN, State.SURPLUS})
FAR: dict[State, int] = {state: place for place, state in enumerate(State)}
"""How far each state is: what was looked up earlier and is written later never leads back."""

_KEY = re.compile(r"order:([0-9a-f-]{36}):([0-9]{1,6})")


class KeyOfOrder(NamedTuple):
    """What the key of an attempt says."""

    order_id: OrderId
    number: int


def key_of(order_id: OrderId, number: int) -> str:
    """Return the key of an attempt: whoever asks again, from wherever, asks for the same collection."""
    return f"order:{order_id}:{number}"


def read_key(key: str) -> KeyOfOrder | None:
    """Return what a key of ours says, None for any other."""
    found = _KEY.fullmatch(key)
    try:
        return KeyOfOrder(OrderId(UUID(found[1])), int(found[2])) if found else None
    except ValueError:
        return None


@dataclass(slots=True)
class Attempt:
    """One attempt to pay an order. ``number`` rises only once the one before is closed at the provider."""

    id: AttemptId
    order_id: OrderId
    number: int
    amount: Money
    asked_at: datetime
    collection: str = ""
    """The provider's id, once that is known."""
    state: State = State.ASKED
    page: str = ""
    declined: str = ""
    """The provider's code of the last no."""
    waits_for_payer: bool = False
    """Whether the payer's bank wants to hear from the payer."""
    taken: Money | None = None
    taken_at: datetime | None = None
    looked_at: datetime | None = None
    version: int = 0

    @property
    def key(self) -> str:
        """By which the provider knows it."""
        return key_of(self.order_id, self.number)

    @property
    def is_done(self) -> bool:
        """Whether the order may have another attempt beside it."""
        return self.state in DONE

    def go(self, state: State) -> bool:
        """Move on to the state; return whether that is news. Nothing leads back: what was seen stays so, only a bank
        that takes its time may end in another try."""
        back = (self.state, state) == (State.UNDER_WAY, State.OPEN)
        if (FAR[state] <= FAR[self.state] and not back) or self.state in HAS_MONEY:
            return False
        self.state = state
        return True
