"""What SendGrid reports of mails, by its signed Event Webhook."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ...domain.shared.errors import Invalid, Reason
from ...ports.clock import Clock
from ...ports.delivery_reports import DeliveryReport, Heard, NotSigned, demand_fresh
from .written import OUR_ID

if TYPE_CHECKING:
    from sendgrid.helpers.eventwebhook import EventWebhook  # type: ignore[import-untyped]

SIGNATURE = "x-twilio-email-event-webhook-signature"
SIGNED_AT = "x-twilio-email-event-webhook-timestamp"

_HEARD = {
    "delivered": Heard.DELIVERED,
    "deferred": Heard.DEFERRED,
    "spamreport": Heard.COMPLAINED,
    "unsubscribe": Heard.UNSUBSCRIBED,
    "group_unsubscribe": Heard.UNSUBSCRIBED,
}
# Why SendGrid never tried: it remembers what became of earlier mails to the address.
_DROPPED = {
    "Bounced Address": Heard.BOUNCED,
    "Invalid": Heard.BOUNCED,
    "Spam Reporting Address": Heard.COMPLAINED,
    "Unsubscribed Address": Heard.UNSUBSCRIBED,
}
_AFTER_OURS = re.compile(r"\.(filter|recvd)")  # what SendGrid's own machines add to the id that sending returned
_CODE = re.compile(r"[A-Za-z0-9._ /-]{1,60}")


class SendGridDeliveryReports:
    """Believes what is signed with the key of our account there."""

    def __init__(self, public_key: str, clock: Clock) -> None:
        """``public_key`` is the verification key as SendGrid shows it, in base64."""
        self._public_key = public_key
        self._clock = clock
        self._webhook: EventWebhook | None = None

    def read(self, url: str, headers: Mapping[str, str], body: bytes) -> Sequence[DeliveryReport]:
        del url  # what is signed is the body and the time
        given = {name.lower(): value for name, value in headers.items()}
        signed_at = given.get(SIGNED_AT, "")
        if not self._is_signed(body, given.get(SIGNATURE, ""), signed_at):
            raise NotSigned
        demand_fresh(_moment(int(signed_at)), self._clock.now())
        try:
            events = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Invalid(Reason("data.not_a_list_of_tables", {}, "body")) from error
        if not isinstance(events, list) or not all(
            isinstance(one, dict) and isinstance(one.get("event"), str) for one in events
        ):
            raise Invalid(Reason("data.not_a_list_of_tables", {}, "body"))
        return [
            _report(place, event, heard) for place, event in enumerate(events) if (heard := _heard(event)) is not None
        ]

    def _is_signed(self, body: bytes, signature: str, signed_at: str) -> bool:
        if not (signed_at.isascii() and signed_at.isdigit() and len(signed_at) <= 10):
            return False
        try:
            return bool(self._verifier().verify_signature(body.decode(), signature, signed_at))
        except ValueError:  # no base64, or no text: then SendGrid did not sign it
            return False

    def _verifier(self) -> EventWebhook:
        if self._webhook is None:
            from sendgrid.helpers.eventwebhook import EventWebhook  # noqa: PLC0415 - loaded by the first report

            self._webhook = EventWebhook(self._public_key)
        return self._webhook


def _heard(event: Mapping[str, Any]) -> Heard | None:
    """Return what it says, None where it is no news of ours."""
    match event["event"]:
        case "bounce":
            return Heard.BLOCKED if event.get("type") == "blocked" else Heard.BOUNCED
        case "dropped":
            return _DROPPED.get(str(event.get("reason")), Heard.FAILED)
        case kind:
            return _HEARD.get(kind)


def _report(place: int, event: Mapping[str, Any], heard: Heard) -> DeliveryReport:
    timestamp = event.get("timestamp")
    if type(timestamp) is not int or not 0 <= timestamp < 10**10:
        raise Invalid(Reason("data.missing", {}, f"[{place}].timestamp"))
    known = event.get("sg_event_id")
    told = json.dumps(event, sort_keys=True, ensure_ascii=True).encode()
    return DeliveryReport(
        event_id=known if isinstance(known, str) and known else hashlib.sha256(told).hexdigest(),
        message_id=str(event.get(OUR_ID) or ""),
        provider_id=_AFTER_OURS.split(str(event.get("sg_message_id") or ""))[0],
        heard=heard,
        at=_moment(timestamp),
        detail=_detail(event),
    )


def _detail(event: Mapping[str, Any]) -> str:
    """Return the codes that it gives, and nothing of what the other side said: that may name the person."""
    said = (str(event[name]) for name in ("status", "bounce_classification", "type") if event.get(name))
    return "; ".join(one for one in said if _CODE.fullmatch(one))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
