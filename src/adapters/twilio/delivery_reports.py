"""What Twilio reports of messages, by its signed status callbacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, urlsplit

from ...domain.shared.errors import Invalid, Reason
from ...ports.clock import Clock
from ...ports.delivery_reports import DeliveryReport, Heard, NotSigned
from .answers import HEARD
from .text_messages import OUR_ID, TwilioAccount

if TYPE_CHECKING:
    from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

SIGNATURE = "x-twilio-signature"
_DELIVERED = frozenset({"delivered", "read"})
_NOT_DELIVERED = frozenset({"undelivered", "failed", "canceled"})


class TwilioDeliveryReports:
    """Believes what is signed with the token of our account. No time is signed: a request that comes again says the
    same again, which whoever hears it knows by its id."""

    def __init__(self, account: TwilioAccount, clock: Clock) -> None:
        """``account.reports_to`` is the address that Twilio signs, whatever proxies have made of it on its way here."""
        self._account = account
        self._clock = clock
        self._validator: RequestValidator | None = None

    def read(self, url: str, headers: Mapping[str, str], body: bytes) -> Sequence[DeliveryReport]:
        given = {name.lower(): value for name, value in headers.items()}
        query = _query_of(url)
        try:
            form = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=200))
        except ValueError as error:  # no text, or no form of theirs
            raise NotSigned from error
        signed = f"{self._account.reports_to}?{query}" if query else self._account.reports_to
        if not self._is_signed(signed, form, given.get(SIGNATURE, "")):
            raise NotSigned
        sid, status = form.get("MessageSid", ""), form.get("MessageStatus", "")
        if not sid or not status:
            raise Invalid(Reason("data.missing", {}, "MessageStatus" if sid else "MessageSid"))
        if form.get("AccountSid") != self._account.sid:
            raise NotSigned  # what is signed has no bounds between its parts: this keeps the query whole
        heard = _heard(status, form.get("ErrorCode", ""))
        if heard is None:
            return []
        message_id = parse_qs(query).get(OUR_ID, [""])[0]
        code = form.get("ErrorCode", "")
        detail = code if code.isascii() and code.isdigit() else ""
        return [DeliveryReport(f"{sid}:{status}", message_id, sid, heard, self._clock.now(), detail)]

    def _is_signed(self, url: str, form: Mapping[str, str], signature: str) -> bool:
        if self._validator is None:
            from twilio.request_validator import RequestValidator  # noqa: PLC0415 - loaded by the first report

            self._validator = RequestValidator(self._account.token)
        try:
            return bool(self._validator.validate(url, form, signature))
        except ValueError:  # letters that cannot be written
            return False


def _query_of(url: str) -> str:
    try:
        return urlsplit(url).query
    except ValueError:
        return ""


def _heard(status: str, code: str) -> Heard | None:
    """Return what the status says, None while the message is on its way."""
    if status in _DELIVERED:
        return Heard.DELIVERED
    if status not in _NOT_DELIVERED:
        return None
    return HEARD.get(int(code), Heard.FAILED) if code.isascii() and code.isdigit() and len(code) <= 9 else Heard.FAILED
