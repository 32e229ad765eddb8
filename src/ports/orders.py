"""Where orders are kept, with the attempts to pay them, the disputes about them, and what providers told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ..domain.payments.attempt import Attempt
from ..domain.payments.dispute import DisputeCase
from ..domain.payments.order import Order
from ..domain.shared.ids import OrderId, StudentId
from .payments import Notice


class Orders(Protocol):
    """All orders. Whoever changes anything of an order has locked it first, so that two never do at once."""

    async def add(self, order: Order) -> None:
        """Keep a new order at version 1; raise Conflict where the id is taken."""
        ...

    async def save(self, order: Order) -> None:
        """Keep the changed order and count its version up; raise Conflict when another writer was first."""
        ...

    async def get(self, order_id: OrderId) -> Order:
        """Return the order; raise NotFound where there is none."""
        ...

    async def lock(self, order_id: OrderId) -> Order:
        """Return the order once it is ours alone until the transaction ends; raise NotFound where there is none."""
        ...

    async def of_student(self, student_id: StudentId, limit: int, after: OrderId | None = None) -> Sequence[Order]:
        """Return at most so many of the student's orders, by falling id (the newest first), behind ``after``."""
        ...

    async def over(self, now: datetime, limit: int) -> Sequence[OrderId]:
        """Return at most so many open orders whose day has come, oldest day first."""
        ...

    async def add_attempt(self, attempt: Attempt) -> None:
        """Keep a new attempt at version 1; raise Conflict where the order has one of the number, or one that is not
        done."""
        ...

    async def save_attempt(self, attempt: Attempt) -> None:
        """Keep the changed attempt and count its version up; raise Conflict when another writer was first."""
        ...

    async def attempts_of(self, order_id: OrderId) -> Sequence[Attempt]:
        """Return the attempts to pay the order, by number."""
        ...

    async def attempt_of(self, collection: str) -> Attempt | None:
        """Return the attempt that the provider knows by the id, None where nobody has noted it."""
        ...

    async def unlooked(self, before: datetime, limit: int) -> Sequence[Attempt]:
        """Return at most so many attempts without money that are not done, and were neither asked for nor looked at
        since then; the longest ago first."""
        ...

    async def put_dispute(self, dispute: DisputeCase) -> None:
        """Keep the dispute in place of what was known of it."""
        ...

    async def disputes_of(self, order_id: OrderId) -> Sequence[DisputeCase]:
        """Return the disputes about the order, in the order of their ids."""
        ...

    async def open_disputes(self, limit: int) -> Sequence[DisputeCase]:
        """Return at most so many that the bank has not decided, the soonest to be answered first, those without a day
        last."""
        ...

    async def is_disputed(self, student_id: StudentId) -> bool:
        """Return whether a bank has not decided yet on a payment of the student's."""
        ...

    async def hear(self, notice: Notice, now: datetime) -> bool:
        """Keep the notice; return False and change nothing where it was kept before."""
        ...

    async def settled(self, collection: str, until: datetime) -> None:
        """Note that what was told of the collection, and was heard by then, has been followed up."""
        ...

    async def unsettled(self, heard_from: datetime, heard_before: datetime, limit: int) -> Sequence[str]:
        """Return at most so many collections of which something was told in that time that nobody has followed up,
        sorted."""
        ...

    async def count_unsettled(self, heard_before: datetime) -> int:
        """Return of how many collections something was told before then that nobody has followed up."""
        ...
