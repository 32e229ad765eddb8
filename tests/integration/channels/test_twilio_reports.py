"""What Twilio reports is believed where it has signed it for us, whatever proxies make of the address."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.twilio.delivery_reports import TwilioDeliveryReports
from higherstudy.adapters.twilio.text_messages import TwilioAccount
from higherstudy.domain.shared.errors import Invalid
from higherstudy.ports.contracts.delivery_reports import NOW, DeliveryReportsContract, Event, Request, Service
from higherstudy.ports.delivery_reports import DeliveryReports, Heard, NotSigned
from servers.fake_twilio import ACCOUNT, PUBLIC, SENDER, TOKEN, FakeTwilio, signed_body, signed_form

OURS = TwilioAccount(ACCOUNT, TOKEN, PUBLIC)
STATUS: dict[Heard | None, dict[str, str]] = {
    Heard.DELIVERED: {"MessageStatus": "delivered"},
    Heard.BOUNCED: {"MessageStatus": "undelivered", "ErrorCode": "30005"},
    Heard.BLOCKED: {"MessageStatus": "undelivered", "ErrorCode": "30007"},
    Heard.UNSUBSCRIBED: {"MessageStatus": "failed", "ErrorCode": "21610"},
    Heard.FAILED: {"MessageStatus": "failed", "ErrorCode": "30008"},
    None: {"MessageStatus": "sent"},
}


def form(**more: str) -> dict[str, str]:
    return {"AccountSid": ACCOUNT, "MessageSid": "SM7", "From": SENDER, "To": "+8801712345678", "SmsSid": "SM7", **more}


def told(event: Event, token: str = TOKEN) -> Request:
    url = f"{PUBLIC}?{urlencode({'message': event.message_id})}" if event.message_id else PUBLIC
    return Request(*signed_form(url, form(**{**STATUS[event.heard], "MessageSid": event.provider_id}), token))


@pytest.fixture
def reports() -> DeliveryReports:
    return TwilioDeliveryReports(OURS, MemoryClock(NOW))


class TestTwilioDeliveryReports(DeliveryReportsContract):
    dates_its_signatures = False
    tells_of_several = False
    tells_when = False

    @pytest.fixture
    def reports(self) -> DeliveryReports:
        return TwilioDeliveryReports(OURS, MemoryClock(NOW))

    @pytest.fixture
    def service(self) -> Service:
        def tell(events: list[Event], at: datetime, token: str = TOKEN) -> Request:
            [event] = events
            return told(event, token)

        return Service(
            tell,
            lambda body, at: Request(*signed_body(PUBLIC, body)),
            lambda events, at: tell(events, at, "another"),
            [heard for heard in STATUS if heard is not None],
        )


def test_a_message_is_told_of_by_both_its_ids(reports: DeliveryReports) -> None:
    twilio = FakeTwilio()
    twilio.taken["SM9"] = {"To": "+8801712345678", "StatusCallback": f"{PUBLIC}?message=window%267%3D%C3%BC"}

    [report] = reports.read(*twilio.callback("SM9", "delivered"))

    assert (report.message_id, report.provider_id, report.event_id) == ("window&7=ü", "SM9", "SM9:delivered")


@pytest.mark.parametrize(
    "asked",
    ["http://10.0.0.7:8000/v1/webhooks/twilio?message=1", "/v1/webhooks/twilio?message=1", "/behind/a/proxy?message=1"],
)
def test_what_counts_is_the_address_that_twilio_was_given(reports: DeliveryReports, asked: str) -> None:
    _, headers, body = signed_form(f"{PUBLIC}?message=1", form(MessageStatus="delivered"))

    [report] = reports.read(asked, headers, body)

    assert report.message_id == "1"


@pytest.mark.parametrize("asked", [f"{PUBLIC}?message=2", PUBLIC, f"{PUBLIC}?message=1&message=2", "http://[", ""])
def test_another_message_in_the_address_is_another_signature(reports: DeliveryReports, asked: str) -> None:
    _, headers, body = signed_form(f"{PUBLIC}?message=1", form(MessageStatus="delivered"))

    with pytest.raises(NotSigned):
        reports.read(asked, headers, body)


def test_no_part_of_the_form_can_be_moved_into_the_address(reports: DeliveryReports) -> None:
    _, headers, _ = signed_form(f"{PUBLIC}?message=1", form(MessageStatus="delivered"))
    rest = {name: value for name, value in form(MessageStatus="delivered").items() if name != "AccountSid"}

    with pytest.raises(NotSigned):
        reports.read(f"{PUBLIC}?message=1AccountSid{ACCOUNT}", headers, urlencode(rest).encode())


@pytest.mark.parametrize("status", ["accepted", "queued", "sending", "sent", "scheduled", "receiving", "unheard-of"])
def test_a_message_that_is_on_its_way_is_no_news(reports: DeliveryReports, status: str) -> None:
    assert reports.read(*signed_form(PUBLIC, form(MessageStatus=status))) == []


@pytest.mark.parametrize(
    ("status", "code", "heard"),
    [
        ("read", "", Heard.DELIVERED),
        ("undelivered", "30003", Heard.BLOCKED),
        ("undelivered", "30006", Heard.BOUNCED),
        ("failed", "63024", Heard.BOUNCED),
        ("failed", "30034", Heard.FAILED),
        ("failed", "", Heard.FAILED),
        ("failed", "9" * 400, Heard.FAILED),
        ("failed", "৭", Heard.FAILED),
        ("canceled", "", Heard.FAILED),
    ],
)
def test_each_end_means_one_thing(reports: DeliveryReports, status: str, code: str, heard: Heard) -> None:
    more = {"ErrorCode": code} if code else {}

    [report] = reports.read(*signed_form(PUBLIC, form(MessageStatus=status, **more)))

    assert report.heard is heard


@pytest.mark.parametrize("left_out", ["MessageSid", "MessageStatus"])
def test_what_is_missing_is_named(reports: DeliveryReports, left_out: str) -> None:
    given = {name: value for name, value in form(MessageStatus="sent").items() if name != left_out}

    with pytest.raises(Invalid) as invalid:
        reports.read(*signed_form(PUBLIC, given))

    assert [reason.where for reason in invalid.value.reasons] == [left_out]


@pytest.mark.parametrize("body", [b"&" * 300, b"MessageSid=%", b"%ff=%ff", b"=", b"a=1&a=2"])
def test_no_form_whatever_it_is_raises_anything_else(reports: DeliveryReports, body: bytes) -> None:
    for headers in ({}, {"X-Twilio-Signature": "a"}, signed_body(PUBLIC, body)[1]):
        given: dict[str, Any] = headers
        with pytest.raises((NotSigned, Invalid)):
            reports.read(PUBLIC, given, body)
