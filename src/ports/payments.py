"""Where people pay, and from where they get their money back: a provider such as Stripe."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from ..domain.shared.dataclass import dataclass
from ..domain.shared.money import Money


class Stage(StrEnum):
    """How far a collection has come at the provider."""

    WAITING = "waiting"
    """Nobody has paid yet; the page is open, or the last try was declined and another may follow."""
    ASKED_BACK = "asked_back"
    """The payer's bank wants to hear from the payer before it decides."""
    UNDER_WAY = "under_way"
    """Paid, as far as the payer can do; the bank takes its time."""
    HELD = "held"
    """The bank keeps the amount for us until it is taken, in whole or in part, or let go."""
    TAKEN = "taken"
    """The money is ours."""
    CLOSED = "closed"
    """Given up by us or by the provider: nothing can be paid by it any more."""


class RepaymentStage(StrEnum):
    """How far a repayment has come at the provider."""

    UNDER_WAY = "under_way"
    DONE = "done"
    """Sent to the payer's bank, which may take some days to show it."""
    FAILED = "failed"
    """It came back; the money is ours again, and has to reach the payer by another way."""


class DisputeStage(StrEnum):
    """Where a payer's objection at the bank stands."""

    OPEN = "open"
    """The bank has taken the amount from us until it decides."""
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Demand:
    """What somebody is asked to pay."""

    key: str
    """Ours, of up to 100 letters, digits, ``-``, ``_`` and ``:``: one key is one collection, however often asked."""
    amount: Money
    reference: str
    """Shown to the payer beside the amount, such as the number of an order. Never a name."""
    back_to: str
    """Address of the page to which the payer comes back, paid or not."""
    hold: bool = False
    """Whether the amount is only held, to be taken later with ``take``."""


@dataclass(frozen=True, slots=True)
class Repayment:
    """What was sent back of a collection."""

    id: str
    """The provider's."""
    key: str
    """Ours, by which it was asked for; blank where somebody sent it back at the provider itself."""
    collection: str
    amount: Money
    stage: RepaymentStage
    at: datetime
    reason: str = ""
    """The provider's code of why it failed, never its words."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A payer's objection to a collection, at the payer's bank."""

    id: str
    collection: str
    amount: Money
    stage: DisputeStage
    at: datetime
    answer_by: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """One amount that the provider collects for us, as it stands there now."""

    id: str
    """The provider's."""
    key: str
    asked: Money
    stage: Stage
    page: str = ""
    """Address at which the payer pays, while that is possible."""
    held: Money | None = None
    """What is held for us and can still be taken."""
    taken: Money | None = None
    taken_at: datetime | None = None
    """When the payer paid, by the provider's clock: what counts against a day by which to pay."""
    declined: str = ""
    """The provider's code of why the last try failed; blank where none did."""
    repayments: tuple[Repayment, ...] = ()
    disputes: tuple[Dispute, ...] = ()


class MovementKind(StrEnum):
    """Why the provider's books moved."""

    TAKEN = "taken"
    REPAID = "repaid"
    REPAYMENT_FAILED = "repayment_failed"
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute_won"
    FEE = "fee"
    """What the provider keeps for its service, where that is a line of its own."""
    PAID_OUT = "paid_out"
    """To the organisation's own bank account."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the provider's own books."""

    id: str
    at: datetime
    kind: MovementKind
    amount: Money
    """What our balance there rose by, before the fee; negative where it fell."""
    fee: Money
    """What the provider kept of it; zero where nothing."""
    collection: str = ""
    cause: str = ""
    """The provider's id of the repayment or dispute."""


@dataclass(frozen=True, slots=True)
class Notice:
    """That something happened at the provider; what, is asked there with ``look``."""

    id: str
    """By which the same notice is known when it comes again."""
    kind: str
    """The provider's own name of what happened."""
    at: datetime
    collection: str = ""
    """Whose state has changed; blank where the notice is about nothing that we keep."""


@runtime_checkable
class Payments(Protocol):
    """Collects money and sends it back.

    Whatever raises Unavailable may have happened or not: asking again with the same key tells. Amounts are of the
    currency that was asked for. An id that the provider does not know raises NotFound.
    """

    async def ask(self, demand: Demand) -> Collection:
        """Open a collection and return it, or return the one that the key has opened before, as it stands now.

        That holds for ever, and for fifty that ask at once, whatever the provider itself remembers of keys and for
        how long. Raises Conflict where the key was used for another amount, Refused where the provider will not
        collect this, such as less than its smallest amount, and Unavailable.
        """
        ...

    async def look(self, collection: str) -> Collection:
        """Return how the collection stands now, with all of its repayments and disputes. Raises Unavailable."""
        ...

    async def take(self, collection: str, amount: Money) -> Collection:
        """Take the amount of what is held, let the rest go, and return how it stands; again changes nothing.

        Raises RuleBroken where nothing is held or less than the amount, and Unavailable.
        """
        ...

    async def close(self, collection: str) -> Collection:
        """See to it that nothing can be paid any more, let go of what is held, and return how it stands.

        Whoever paid a moment earlier has paid: the stage tells, and nothing is sent back by this. Again changes
        nothing. Raises Unavailable.
        """
        ...

    async def repay(self, key: str, collection: str, amount: Money) -> Repayment:
        """Send the amount back to whoever paid, or return the repayment that the key has caused before, as it stands.

        Raises RuleBroken where less than the amount is left of what was taken, Conflict where the key was used for
        another amount or collection, and Unavailable.
        """
        ...

    def movements(self, since: datetime, until: datetime) -> AsyncIterator[Movement]:
        """Return what moved the provider's books from ``since`` to before ``until``, in the order of their times.

        Raises Unavailable while it is read.
        """
        ...

    def hear(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        """Return what the request tells, once its signature over these very bytes fits and is of the last minutes.

        Remembers nothing, and trusts nothing else of the body. Raises NotSigned, and Invalid for a request that is
        signed and cannot be understood.
        """
        ...
