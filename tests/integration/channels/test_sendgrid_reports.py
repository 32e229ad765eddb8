"""What SendGrid reports is believed where it has signed it, and means what it says."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.sendgrid.delivery_reports import SendGridDeliveryReports
from higherstudy.domain.shared.errors import Invalid
from higherstudy.ports.contracts.delivery_reports import NOW, DeliveryReportsContract, Event, Request, Service
from higherstudy.ports.delivery_reports import DeliveryReports, Heard, NotSigned
from servers.fake_sendgrid import FakeSendGrid

# As the reference of the Event Webhook writes them.
WRITTEN: Mapping[Heard | None, Mapping[str, Any]] = {
    Heard.DELIVERED: {"event": "delivered", "response": "250 OK for student@example.org"},
    Heard.DEFERRED: {"event": "deferred", "response": "400 try again later", "attempt": "5"},
    Heard.BOUNCED: {
        "event": "bounce",
        "type": "bounce",
        "status": "5.1.1",
        "reason": "550 student@example.org unknown",
    },
    Heard.BLOCKED: {"event": "bounce", "type": "blocked", "status": "5.7.1", "bounce_classification": "Reputation"},
    Heard.COMPLAINED: {"event": "spamreport"},
    Heard.UNSUBSCRIBED: {"event": "group_unsubscribe", "asm_group_id": 10},
    Heard.FAILED: {"event": "dropped", "reason": "Spam Content"},
    None: {"event": "open", "useragent": "Mozilla/5.0", "ip": "203.0.113.7"},
}


def written(event: Event) -> dict[str, Any]:
    ours = {"higherstudy_message": event.message_id} if event.message_id else {}
    return {
        "email": "student@example.org",
        "timestamp": int(event.at.timestamp()),
        "smtp-id": f"<{event.provider_id}@geopod-ismtpd-1>",
        "sg_event_id": f"{event.heard}-{event.message_id}",
        "sg_message_id": f"{event.provider_id}.recvd-6f54bd-bx2bf-1-6512345A-12.0",
        **WRITTEN[event.heard],
        **ours,
    }


@pytest.fixture(scope="module")
def sender() -> FakeSendGrid:
    return FakeSendGrid()


@pytest.fixture
def reports(sender: FakeSendGrid) -> DeliveryReports:
    return SendGridDeliveryReports(sender.public_key, MemoryClock(NOW))


class TestSendGridDeliveryReports(DeliveryReportsContract):
    @pytest.fixture
    def reports(self, sender: FakeSendGrid) -> DeliveryReports:
        return SendGridDeliveryReports(sender.public_key, MemoryClock(NOW))

    @pytest.fixture
    def service(self, sender: FakeSendGrid) -> Service:
        another = FakeSendGrid()
        return Service(
            lambda events, at: Request(*sender.signed([written(one) for one in events], at)),
            lambda body, at: Request(*sender.signed_body(body, at)),
            lambda events, at: Request(*another.signed([written(one) for one in events], at)),
            frozenset(Heard),
        )


@pytest.mark.parametrize(
    ("event", "heard", "detail"),
    [
        ({"event": "dropped", "reason": "Bounced Address"}, Heard.BOUNCED, ""),
        ({"event": "dropped", "reason": "Invalid"}, Heard.BOUNCED, ""),
        ({"event": "dropped", "reason": "Spam Reporting Address"}, Heard.COMPLAINED, ""),
        ({"event": "dropped", "reason": "Unsubscribed Address"}, Heard.UNSUBSCRIBED, ""),
        ({"event": "dropped"}, Heard.FAILED, ""),
        ({"event": "unsubscribe"}, Heard.UNSUBSCRIBED, ""),
        ({"event": "bounce", "status": "5.0.0", "bounce_classification": "Invalid Address"}, Heard.BOUNCED, None),
        ({"event": "bounce", "status": "5.1.1 <student@example.org>"}, Heard.BOUNCED, ""),
    ],
)
def test_each_event_means_one_thing_and_names_nobody(
    sender: FakeSendGrid, reports: DeliveryReports, event: dict[str, Any], heard: Heard, detail: str | None
) -> None:
    whole = {**written(Event(Heard.DELIVERED)), **event}

    [report] = reports.read(*sender.signed([whole], NOW))

    assert report.heard is heard
    assert report.detail == ("5.0.0; Invalid Address" if detail is None else detail)


@pytest.mark.parametrize("kind", ["processed", "open", "click", "group_resubscribe", "account_status_change", ""])
def test_other_kinds_are_passed_over_among_those_that_count(
    sender: FakeSendGrid, reports: DeliveryReports, kind: str
) -> None:
    other = {**written(Event(Heard.DELIVERED)), "event": kind, "timestamp": "none"}

    found = reports.read(*sender.signed([other, written(Event(Heard.BOUNCED)), other], NOW))

    assert [one.heard for one in found] == [Heard.BOUNCED]


def test_an_event_without_an_id_is_known_by_what_it_says(sender: FakeSendGrid, reports: DeliveryReports) -> None:
    first, second = ({**written(Event(heard)), "sg_event_id": ""} for heard in (Heard.DELIVERED, Heard.BOUNCED))

    found = reports.read(*sender.signed([first, second, first], NOW))

    assert found[0].event_id == found[2].event_id != found[1].event_id


@pytest.mark.parametrize("timestamp", [None, "1800000000", True, -1, 10**12, 1.5])
def test_an_event_of_no_time_is_invalid_and_its_place_is_named(
    sender: FakeSendGrid, reports: DeliveryReports, timestamp: object
) -> None:
    good = written(Event(Heard.DELIVERED))

    with pytest.raises(Invalid) as invalid:
        reports.read(*sender.signed([good, {**good, "timestamp": timestamp}], NOW))

    assert [reason.where for reason in invalid.value.reasons] == ["[1].timestamp"]


@pytest.mark.parametrize("sent_as", ["14c5d75ce93.dfd.64b469", "X0OGgvG_Tmaj6fUmgDX-Lw"])
@pytest.mark.parametrize("more", [".filter0001.16648.5515E0B88.0", ".recvd-canary-7d8", ""])
def test_the_id_is_the_one_that_sending_returned(
    sender: FakeSendGrid, reports: DeliveryReports, sent_as: str, more: str
) -> None:
    event = {**written(Event(Heard.DELIVERED)), "sg_message_id": f"{sent_as}{more}"}

    [report] = reports.read(*sender.signed([event], NOW))

    assert report.provider_id == sent_as


async def test_a_signature_of_a_moment_with_signs_is_none(sender: FakeSendGrid, reports: DeliveryReports) -> None:
    url, headers, body = sender.signed([written(Event(Heard.DELIVERED))], NOW)
    name = "X-Twilio-Email-Event-Webhook-Timestamp"

    for timestamp in (f"+{headers[name]}", f" {headers[name]}", "1_800_000_000", "1e9", "²"):
        with pytest.raises(NotSigned):
            reports.read(url, {**headers, name: timestamp}, body)


def test_times_are_those_of_the_events(sender: FakeSendGrid, reports: DeliveryReports) -> None:
    event = {**written(Event(Heard.DELIVERED)), "timestamp": 1800000000}

    [report] = reports.read(*sender.signed([event], NOW))

    assert report.at == datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
