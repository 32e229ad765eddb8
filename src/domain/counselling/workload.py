"""How much lies with somebody, and how long what comes to her takes."""

from __future__ import annotations

from collections.abc import Sequence

from ..shared.dataclass import dataclass
from ..shared.ids import AccountId


@dataclass(frozen=True, slots=True)
class Counted:
    """Things that somebody has: how many are open, how many of them late, and in how many seconds others were done."""

    open: int = 0
    late: int = 0
    seconds: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Workload:
    """What lies with one who counsels.

    Times go by the clock, nights and holidays in them, for so long does a student wait: of ``tasks`` from when one was
    given until it was done, of ``papers`` from the upload until somebody first said how it compares with the original.
    """

    account_id: AccountId
    students: int
    tasks: Counted
    papers_waiting: int
    papers: Counted


def share_of(seconds: Sequence[float], share: float) -> float | None:
    """Return in how many seconds so large a share was done: the smallest of them that is not less; None for none."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * len(ordered) * 1000) // 1000) - 1))]
