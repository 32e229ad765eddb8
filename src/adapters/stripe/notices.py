"""Stripe's webhooks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import stripe

from ...domain.shared.errors import Invalid, Reason
from ...ports.delivery_reports import NotSigned, demand_fresh
from ...ports.payments import Notice

SIGNATURE = "stripe-signature"


def heard(client: stripe.StripeClient, secret: str, account: str, headers: Mapping[str, str], body: bytes) -> Notice:
    """Return what the request tells, its signature checked but not its age; raise NotSigned or Invalid.

    What happened at another connected account than ours is about no collection.
    """
    signature = _signature(headers)
    try:
        body.decode()
    except UnicodeDecodeError as error:  # Stripe signs text alone
        raise NotSigned from error
    try:
        client.construct_event(body, signature, secret, tolerance=0)
        told = json.loads(body)
        about = told["data"]["object"]
        ours = told.get("account") in (None, account or None)
        collection = _collection(about) if ours else ""
        return Notice(_text(told["id"]), _text(told["type"]), datetime.fromtimestamp(told["created"], UTC), collection)
    except stripe.SignatureVerificationError as error:
        raise NotSigned from error
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError, RecursionError) as error:
        raise Invalid(Reason("data.not_a_list_of_tables", {}, "body")) from error


def demand_lately(headers: Mapping[str, str], now: datetime) -> None:
    """Raise NotSigned unless the signature is of the last minutes, by our clock."""
    times = [part[2:] for part in _signature(headers).split(",") if part.startswith("t=")]
    if len(times) != 1 or not times[0].isdigit() or len(times[0]) > 10:
        raise NotSigned
    demand_fresh(datetime.fromtimestamp(int(times[0]), UTC), now)


def _signature(headers: Mapping[str, str]) -> str:
    found = next((value for name, value in headers.items() if name.lower() == SIGNATURE), "")
    if not found.isascii():
        raise NotSigned
    return found


def _collection(about: Mapping[str, Any]) -> str:
    """Return the session, or the intent of what only knows that; ``look`` takes both."""
    if about["object"] in ("checkout.session", "payment_intent"):
        return _text(about["id"])
    return str(about.get("payment_intent") or "") if about["object"] in ("charge", "refund", "dispute") else ""


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("an id is a text")
    return value
