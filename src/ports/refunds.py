"""Where refunds are kept."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from ..domain.payments.refund import RefundCase
from ..domain.shared.ids import OrderId, RefundId


class Refunds(Protocol):
    """All refunds. Whoever changes one has locked its order first."""

    async def add(self, case: RefundCase) -> None:
        """Keep a new case at version 1; raise Conflict where the id is taken."""
        ...

    async def save(self, case: RefundCase) -> None:
        """Keep the changed case and count its version up; raise Conflict when another writer was first."""
        ...

    async def get(self, refund_id: RefundId) -> RefundCase:
        """Return the case; raise NotFound where there is none."""
        ...

    async def of_order(self, order_id: OrderId) -> Sequence[RefundCase]:
        """Return the cases of the order, in the order of their ids."""
        ...

    async def running(self, limit: int) -> Sequence[RefundCase]:
        """Return at most so many that have not ended, those first whose day comes first; of one day, by id."""
        ...

    async def to_send(self, before: datetime, limit: int) -> Sequence[RefundCase]:
        """Return at most so many that were asked for before then, are approved or sent, and have not ended; by id."""
        ...

    async def count_late(self, today: date) -> int:
        """Return how many have not ended although their day has passed."""
        ...
