"""What a student is told of an order: where it stands, what happens next, who does it and by when. Always something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from ..shared.dataclass import dataclass
from ..shared.errors import Params
from .attempt import Attempt
from .attempt import State as AttemptState
from .dispute import DisputeCase, Stage
from .order import Order
from .order import State as OrderState
from .refund import ENDED, RefundCase
from .refund import State as RefundState


@dataclass(frozen=True, slots=True)
class Standing:
    """A code with its parameters, for a sentence; ``by`` is until when the next thing happens, where that is known."""

    code: str
    params: Params
    by: date | datetime | None = None


def standing_of(
    order: Order,
    attempts: Sequence[Attempt],
    refunds: Sequence[RefundCase] = (),
    disputes: Sequence[DisputeCase] = (),
) -> Standing:
    """Return where the order stands; ``attempts`` in the order of their numbers."""
    contested = next((one for one in disputes if one.stage is Stage.OPEN), None)
    if contested is not None:
        return Standing("payment.state_disputed", {"amount": str(contested.amount)}, contested.answer_by)
    running = [one for one in refunds if one.state not in ENDED]
    if running:
        case = min(running, key=lambda one: one.expected_by)
        params = {"amount": str(case.amount), "by": case.expected_by.isoformat()}
        return Standing(f"payment.state_refund_{case.state.value}", params, case.expected_by)
    if order.state is OrderState.OPEN:
        return _waiting(order, attempts)
    params = {"amount": str(order.total), "order": order.number}
    return Standing(f"payment.state_{order.state.value}", params)


def _waiting(order: Order, attempts: Sequence[Attempt]) -> Standing:
    params = {"amount": str(order.total), "order": order.number}
    last = attempts[-1] if attempts else None
    if last is None or last.is_done:
        return Standing("payment.state_to_pay", params, order.due_at)
    match last.state:
        case AttemptState.UNDER_WAY | AttemptState.HELD:
            return Standing("payment.state_under_way", params)
        case AttemptState.ASKED:
            return Standing("payment.state_preparing", params, order.due_at)
    if last.waits_for_payer:
        return Standing("payment.state_bank_asks", params, order.due_at)
    return Standing("payment.state_declined" if last.declined else "payment.state_page_open", params, order.due_at)


def sentences() -> frozenset[str]:
    """Return every code that a standing may have."""
    waiting = ("to_pay", "under_way", "preparing", "bank_asks", "declined", "page_open", "disputed")
    ended = (one.value for one in OrderState if one is not OrderState.OPEN)
    refunds = (RefundState.ASKED, RefundState.APPROVED, RefundState.SENT, RefundState.FAILED)
    return frozenset(
        f"payment.state_{one}" for one in (*waiting, *ended, *(f"refund_{state.value}" for state in refunds))
    )
