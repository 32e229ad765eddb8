"""What any reader of a service's reports must do."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from ...domain.shared.errors import Invalid
from ..delivery_reports import LASTING, OFF, DeliveryReports, Heard, NotSigned

NOW = datetime(2027, 1, 14, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Request(NamedTuple):
    """A request as it comes from a service."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class Event(NamedTuple):
    """What the service has to tell; ``heard`` is None for what is no news of ours, such as that a mail was opened."""

    heard: Heard | None
    message_id: str = "receipt-7"
    provider_id: str = "service-7"
    at: datetime = NOW - timedelta(minutes=2)


class Service(NamedTuple):
    """Does what the service does: ``tell`` signs these events at that time, ``sign`` whatever it is given."""

    tell: Callable[[list[Event], datetime], Request]
    sign: Callable[[bytes, datetime], Request]
    forge: Callable[[list[Event], datetime], Request]
    """Signs like the service, with a key that is not the service's."""
    hears: Collection[Heard]
    """What it can tell of."""


class DeliveryReportsContract:
    """Override ``reports`` with what reads them at ``NOW``, and ``service`` with what signs them."""

    dates_its_signatures = True
    """False for a service whose signatures do not say when they were made."""
    tells_of_several = True
    """False for a service that makes a request of each event."""
    tells_when = True
    """False for a service that does not say when something happened."""

    @pytest.fixture
    def reports(self) -> DeliveryReports:
        """Return what reads the reports of one service."""
        raise NotImplementedError

    @pytest.fixture
    def service(self) -> Service:
        """Return what does what the service does."""
        raise NotImplementedError

    def test_what_became_of_a_message_is_read(self, reports: DeliveryReports, service: Service) -> None:
        for heard in service.hears:
            event = Event(heard)

            [report] = reports.read(*service.tell([event], NOW))

            assert (report.heard, report.message_id, report.provider_id) == (heard, "receipt-7", "service-7")
            assert report.at == (event.at if self.tells_when else NOW)
            assert report.at.utcoffset() == timedelta(0)
            assert report.event_id

    def test_several_are_read_in_their_order(self, reports: DeliveryReports, service: Service) -> None:
        if not self.tells_of_several:
            pytest.skip("tells_of_several is False: each event is a request of its own")
        events = [Event(Heard.DELIVERED, f"receipt-{number}", f"service-{number}") for number in (3, 1, 2)]

        found = reports.read(*service.tell(events, NOW))

        assert [one.message_id for one in found] == ["receipt-3", "receipt-1", "receipt-2"]
        assert len({one.event_id for one in found}) == 3

    def test_the_same_again_is_known_by_its_id_and_another_event_has_another(
        self, reports: DeliveryReports, service: Service
    ) -> None:
        delivered, failed = (service.tell([Event(heard)], NOW) for heard in (Heard.DELIVERED, Heard.FAILED))

        again = [reports.read(*request)[0] for request in (delivered, delivered, failed)]

        assert again[0] == again[1]
        assert again[0].event_id != again[2].event_id

    def test_a_message_of_somebody_else_may_be_told_of(self, reports: DeliveryReports, service: Service) -> None:
        [report] = reports.read(*service.tell([Event(Heard.DELIVERED, "")], NOW))

        assert (report.message_id, report.provider_id) == ("", "service-7")

    def test_what_is_no_news_of_ours_is_passed_over(self, reports: DeliveryReports, service: Service) -> None:
        assert list(reports.read(*service.tell([Event(None)], NOW))) == []

    def test_names_of_headers_come_in_any_case(self, reports: DeliveryReports, service: Service) -> None:
        url, headers, body = service.tell([Event(Heard.DELIVERED)], NOW)

        for written in (str.upper, str.lower):
            assert reports.read(url, {written(name): value for name, value in headers.items()}, body)

    def test_what_was_signed_with_another_key_is_refused(self, reports: DeliveryReports, service: Service) -> None:
        with pytest.raises(NotSigned):
            reports.read(*service.forge([Event(Heard.BOUNCED)], NOW))

    def test_whatever_was_changed_on_its_way_is_refused(self, reports: DeliveryReports, service: Service) -> None:
        url, headers, body = service.tell([Event(Heard.DELIVERED)], NOW)

        for place in range(0, len(body), 7):
            changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
            with pytest.raises(NotSigned):
                reports.read(url, headers, changed)
        with pytest.raises(NotSigned):
            reports.read(url, headers, b"")

    def test_without_the_whole_signature_nothing_is_believed(self, reports: DeliveryReports, service: Service) -> None:
        url, headers, body = service.tell([Event(Heard.DELIVERED)], NOW)

        for name in headers:
            rest = {other: value for other, value in headers.items() if other != name}
            for given in (
                rest,
                {**rest, name: ""},
                {**rest, name: "!"},
                {**rest, name: "১২৩"},
                {**rest, name: "9" * 400},
            ):
                with pytest.raises(NotSigned):
                    reports.read(url, given, body)

    def test_what_was_signed_long_ago_or_is_to_come_is_refused(
        self, reports: DeliveryReports, service: Service
    ) -> None:
        if not self.dates_its_signatures:
            pytest.skip("dates_its_signatures is False: a signature is as good tomorrow as today")
        for at in (NOW - LASTING, NOW + OFF):
            assert reports.read(*service.tell([Event(Heard.DELIVERED)], at))

        for at in (NOW - LASTING - SECOND, NOW + OFF + SECOND, NOW - timedelta(days=4000)):
            with pytest.raises(NotSigned):
                reports.read(*service.tell([Event(Heard.DELIVERED)], at))

    @pytest.mark.parametrize(
        "body", [b"", b"null", b"{}", b"[1]", b"[{}]", b'[{"event": 7}]', b"\xff\xfe", b"[" * 100_000, b"\x00"]
    )
    def test_garbage_that_is_signed_is_invalid(self, reports: DeliveryReports, service: Service, body: bytes) -> None:
        with pytest.raises((Invalid, NotSigned)) as refused:
            reports.read(*service.sign(body, NOW))

        assert refused.type is Invalid or not _is_text(body)


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except ValueError:
        return False
    return True
