"""What Stripe keeps, as we say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ...ports.payments import (
    Collection,
    Dispute,
    DisputeStage,
    Movement,
    MovementKind,
    Repayment,
    RepaymentStage,
    Stage,
)
from .amounts import from_stripe

KEY = "higherstudy_key"
"""Under this name our key stands in the metadata of what it has caused."""
Thing = Mapping[str, Any]

_REPAYMENTS = {"succeeded": RepaymentStage.DONE, "failed": RepaymentStage.FAILED, "canceled": RepaymentStage.FAILED}
_DISPUTES = {"won": DisputeStage.WON, "warning_closed": DisputeStage.WON, "lost": DisputeStage.LOST}
_MOVEMENTS = {
    "charge": MovementKind.TAKEN,
    "payment": MovementKind.TAKEN,
    "refund": MovementKind.REPAID,
    "payment_refund": MovementKind.REPAID,
    "refund_failure": MovementKind.REPAYMENT_FAILED,
    "payment_failure_refund": MovementKind.REPAYMENT_FAILED,
    "stripe_fee": MovementKind.FEE,
    "payout": MovementKind.PAID_OUT,
}
_CATEGORIES = {"dispute": MovementKind.DISPUTED, "dispute_reversal": MovementKind.DISPUTE_WON}
_CAUSED = (
    MovementKind.REPAID,
    MovementKind.REPAYMENT_FAILED,
    MovementKind.DISPUTED,
    MovementKind.DISPUTE_WON,
)


def collection_of(session: Thing, refunds: Sequence[Thing] = (), disputes: Sequence[Thing] = ()) -> Collection:
    """Return the session with its intent, which is expanded, and with what was sent back and objected to."""
    intent, currency = session.get("payment_intent") or {}, session["currency"]
    stage = _stage(session, intent)
    charge = intent.get("latest_charge") or {}
    paid = stage in (Stage.TAKEN, Stage.HELD)
    return Collection(
        id=session["id"],
        key=(session.get("metadata") or {}).get(KEY, ""),
        asked=from_stripe(session["amount_total"], currency),
        stage=stage,
        page=(session.get("url") or "") if stage in (Stage.WAITING, Stage.ASKED_BACK) else "",
        held=from_stripe(intent["amount_capturable"], currency) if stage is Stage.HELD else None,
        taken=from_stripe(intent["amount_received"], currency) if stage is Stage.TAKEN else None,
        taken_at=moment(charge["created"]) if paid and charge else None,
        declined="" if paid else _declined(intent.get("last_payment_error") or {}),
        repayments=tuple(repayment_of(one, session["id"]) for one in refunds),
        disputes=tuple(_dispute_of(one, session["id"]) for one in disputes),
    )


def _stage(session: Thing, intent: Thing) -> Stage:
    match intent.get("status"):
        case "succeeded":
            return Stage.TAKEN
        case "requires_capture":
            return Stage.HELD
        case "processing":
            return Stage.UNDER_WAY
        case "canceled":
            return Stage.CLOSED
    if session["status"] != "open":  # expired, or the bank has said no after the page was left for good
        return Stage.CLOSED
    return Stage.ASKED_BACK if intent.get("status") == "requires_action" else Stage.WAITING


def _declined(error: Thing) -> str:
    return str(error.get("decline_code") or error.get("code") or error.get("type") or "")


def repayment_of(refund: Thing, collection: str) -> Repayment:
    """Return the refund as a repayment of that collection."""
    return Repayment(
        id=refund["id"],
        key=(refund.get("metadata") or {}).get(KEY, ""),
        collection=collection,
        amount=from_stripe(refund["amount"], refund["currency"]),
        stage=_REPAYMENTS.get(refund["status"], RepaymentStage.UNDER_WAY),
        at=moment(refund["created"]),
        reason=refund.get("failure_reason") or "",
    )


def _dispute_of(dispute: Thing, collection: str) -> Dispute:
    due_by = (dispute.get("evidence_details") or {}).get("due_by")
    return Dispute(
        id=dispute["id"],
        collection=collection,
        amount=from_stripe(dispute["amount"], dispute["currency"]),
        stage=_DISPUTES.get(dispute["status"], DisputeStage.OPEN),
        at=moment(dispute["created"]),
        answer_by=moment(due_by) if due_by else None,
        reason=dispute.get("reason") or "",
    )


def intent_of(line: Thing) -> str:
    """Return the intent that the line of Stripe's books is about, blank for none; its source is expanded."""
    source = line.get("source")
    return str(source.get("payment_intent") or "") if isinstance(source, Mapping) else ""


def movement_of(line: Thing, collection: str) -> Movement:
    """Return the line of Stripe's books; its currency is the one in which Stripe keeps our balance."""
    kind = _CATEGORIES.get(line.get("reporting_category") or "") or _MOVEMENTS.get(line["type"], MovementKind.OTHER)
    source = line.get("source")
    cause = source["id"] if isinstance(source, Mapping) and kind in _CAUSED else ""
    amount, fee = (from_stripe(line[name], line["currency"]) for name in ("amount", "fee"))
    return Movement(line["id"], moment(line["created"]), kind, amount, fee, collection, cause)


def moment(seconds: int) -> datetime:
    """Return the moment that Stripe gives as a number of seconds."""
    return datetime.fromtimestamp(seconds, UTC)
