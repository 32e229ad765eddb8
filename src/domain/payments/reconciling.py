"""Holding the provider's books beside ours: each difference by its name, with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.money import Money


class What(StrEnum):
    """How the books differ. ``difference.<value>`` is the sentence that says what to do."""

    TAKEN_THERE_ONLY = "taken_there_only"
    TAKEN_HERE_ONLY = "taken_here_only"
    REPAID_THERE_ONLY = "repaid_there_only"
    REPAID_HERE_ONLY = "repaid_here_only"
    DISPUTED_THERE_ONLY = "disputed_there_only"
    DISPUTED_HERE_ONLY = "disputed_here_only"
    AMOUNTS_DIFFER = "amounts_differ"
    FEE_UNKNOWN = "fee_unknown"
    """A fee for a collection of which nobody here knows."""
    MOVEMENT_UNKNOWN = "movement_unknown"
    """The provider's books moved for a reason that is not known here."""


class Side(StrEnum):
    """What a line of either book is about; a cause is unique within one."""

    TAKEN = "taken"
    REPAID = "repaid"
    REPAYMENT_FAILED = "repayment_failed"
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute_won"


@dataclass(frozen=True, slots=True)
class Booked:
    """One line of a book: by how much the money at the provider rose, when by the provider's clock, for which cause."""

    side: Side
    cause: str
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """One difference: of what, and what either book says, where it says anything."""

    what: What
    subject: str
    there: Money | None
    here: Money | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference that was found: since which look, in which last, and when it was over."""

    found: Found
    first_seen: datetime
    last_seen: datetime
    gone_at: datetime | None = None


_THERE: Mapping[Side, What] = {
    Side.TAKEN: What.TAKEN_THERE_ONLY,
    Side.REPAID: What.REPAID_THERE_ONLY,
    Side.REPAYMENT_FAILED: What.REPAID_THERE_ONLY,
    Side.DISPUTED: What.DISPUTED_THERE_ONLY,
    Side.DISPUTE_WON: What.DISPUTED_THERE_ONLY,
}
_HERE: Mapping[Side, What] = {
    Side.TAKEN: What.TAKEN_HERE_ONLY,
    Side.REPAID: What.REPAID_HERE_ONLY,
    Side.REPAYMENT_FAILED: What.REPAID_HERE_ONLY,
    Side.DISPUTED: What.DISPUTED_HERE_ONLY,
    Side.DISPUTE_WON: What.DISPUTED_HERE_ONLY,
}


def compared(there: Iterable[Booked], here: Iterable[Booked], since: datetime, until: datetime) -> tuple[Found, ...]:
    """Return how the provider's lines and ours differ over what happened from ``since`` to before ``until``.

    Both are given somewhat beyond these moments: clocks differ, and what one side has at the edge must be found on the
    other. By side and cause, sorted.
    """
    theirs, ours = _by_cause(there), _by_cause(here)
    found = (
        one
        for key in sorted(theirs.keys() | ours.keys())
        if (one := _differs(theirs.get(key), ours.get(key))) is not None and since <= one.at < until
    )
    return tuple(found)


def _by_cause(lines: Iterable[Booked]) -> dict[tuple[str, str], Booked]:
    return {(one.side.value, one.cause): one for one in lines}


def _differs(there: Booked | None, here: Booked | None) -> Found | None:
    if there is None and here is not None:
        return Found(_HERE[here.side], here.cause, None, here.amount, here.at)
    if there is not None and here is None:
        return Found(_THERE[there.side], there.cause, there.amount, None, there.at)
    if there is not None and here is not None and there.amount != here.amount:
        return Found(What.AMOUNTS_DIFFER, there.cause, there.amount, here.amount, there.at)
    return None


def what_to_do() -> Iterator[str]:
    """Yield the codes of the sentences that say what to do, one for each kind of difference."""
    return (f"difference.{one.value}" for one in What)
