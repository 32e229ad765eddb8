"""Who is let at an order: the student, whom she lets, and the office."""

from __future__ import annotations

from ....ports.transactions import UnitOfWork
from ...audit.deed import Deed
from ...identity.account import Asker
from ...identity.policies import keeps_books, owns_record
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...shared.ids import OrderId
from ..order import Order


async def order_for(
    work: UnitOfWork, asker: Asker, order_id: OrderId, doing: Doing, *, office: bool = False, locked: bool = False
) -> Order:
    """Return the order; with ``office`` whoever looks after the books may do it too, which is noted where the student
    sees it. Raises AccessRefused, which is a NotFound, for anybody else."""
    order = await work.orders.get(order_id)
    if office and keeps_books(asker) and not owns_record(asker, order.student_id):
        work.note(Deed(doing.value, "order", order.id, order.student_id))
    else:
        admit(work, asker, order.student_id, doing)
    return await work.orders.lock(order_id) if locked else order
