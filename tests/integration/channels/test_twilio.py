"""Short messages by Twilio: what it takes, what it refuses, and what becomes of one when it does neither."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from higherstudy.adapters.twilio.text_messages import TwilioAccount, TwilioTextMessages
from higherstudy.ports.contracts.text_messages import TextMessagesContract, Told
from higherstudy.ports.errors import Refusal, Refused, Unavailable
from higherstudy.ports.text_messages import Text, TextMessages
from servers.fake_http import CLOSES, DRIPS, SILENT, TAKES_AND_CLOSES, TAKES_AND_IS_SILENT, Fault, says
from servers.fake_twilio import ACCOUNT, PUBLIC, SENDER, TOKEN, FakeTwilio

SHORT = timedelta(seconds=1)
HERS = "+8801712345678"
TEXT = Text("window-7", HERS, "Your embassy's window opens tomorrow.")


@asynccontextmanager
async def at(
    url: str,
    *,
    token: str = TOKEN,
    sender: str = SENDER,
    reports_to: str = PUBLIC,
    patience: timedelta = SHORT,
    **more: Any,
) -> AsyncIterator[TwilioTextMessages]:
    account = TwilioAccount(ACCOUNT, token, reports_to, url)
    service = TwilioTextMessages(account, sender, patience=patience, **more)
    await service._made()  # loading the client takes longer than these tests wait
    try:
        yield service
    finally:
        await service.close()


def as_text(form: dict[str, str]) -> Text:
    [message_id] = parse_qs(urlsplit(form["StatusCallback"]).query)["message"]
    return Text(message_id, form["To"].removeprefix("whatsapp:"), form["Body"])


class TwilioContract(TextMessagesContract):
    knows_our_ids = False
    whatsapp = False

    @pytest.fixture
    async def text_messages(self, twilio: FakeTwilio) -> AsyncIterator[TextMessages]:
        async with at(twilio.url, patience=timedelta(seconds=10), whatsapp=self.whatsapp) as service:
            yield service

    @pytest.fixture
    def told(self, twilio: FakeTwilio) -> Told:
        return lambda: [as_text(form) for form in twilio.taken.values()]

    @pytest.fixture
    async def away(self) -> AsyncIterator[TextMessages]:
        async with at("http://127.0.0.1:9", whatsapp=self.whatsapp) as service:
            yield service


class TestTwilioTextMessages(TwilioContract, TextMessagesContract):
    pass


class TestTwilioTextMessagesOverWhatsApp(TwilioContract, TextMessagesContract):
    whatsapp = True


async def test_our_id_goes_along_where_it_comes_back(twilio: FakeTwilio) -> None:
    async with at(twilio.url) as service:
        sid = await service.send(Text("window&7=ü/?#", HERS, "text"))

    [(known, form)] = twilio.taken.items()
    assert sid == known
    assert form["From"] == SENDER
    assert form["StatusCallback"].startswith(f"{PUBLIC}?message=")
    assert as_text(form).id == "window&7=ü/?#"


async def test_without_an_address_nothing_is_reported(twilio: FakeTwilio) -> None:
    async with at(twilio.url, reports_to="") as service:
        await service.send(TEXT)

    assert "StatusCallback" not in next(iter(twilio.taken.values()))


async def test_a_messaging_service_chooses_the_number(twilio: FakeTwilio) -> None:
    async with at(twilio.url, sender="MG" + "1" * 32) as service:
        await service.send(TEXT)

    [form] = twilio.taken.values()
    assert (form["MessagingServiceSid"], form.get("From")) == ("MG" + "1" * 32, None)


async def test_over_whatsapp_both_numbers_say_so(twilio: FakeTwilio) -> None:
    async with at(twilio.url, whatsapp=True) as service:
        await service.send(TEXT)

    [form] = twilio.taken.values()
    assert (form["From"], form["To"]) == (f"whatsapp:{SENDER}", f"whatsapp:{HERS}")


@pytest.mark.parametrize("fault", [SILENT, CLOSES, TAKES_AND_CLOSES, TAKES_AND_IS_SILENT, DRIPS])
async def test_where_no_answer_comes_nobody_knows_and_the_next_message_goes(twilio: FakeTwilio, fault: Fault) -> None:
    twilio.faults.append(fault)
    async with at(twilio.url) as service:
        with pytest.raises(Unavailable):
            await service.send(TEXT)
        before = len(twilio.taken)
        again = await service.send(TEXT)

    assert before == int(fault.takes)
    assert list(twilio.taken)[-1] == again
    assert len(twilio.asked) == 2


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        (
            says(429, b'{"code": 20429, "message": "Too Many Requests", "status": 429}', Retry_After="3"),
            timedelta(seconds=3),
        ),
        (says(429, b"", Retry_After="9999999999"), timedelta(days=1)),
        (says(429, b"", Retry_After="Wed, 21 Oct 2027 07:28:00 GMT"), None),
        (says(400, b'{"code": 20429, "message": "Too Many Requests", "status": 400}'), None),
        (says(503, b"<html>away", Retry_After="5"), timedelta(seconds=5)),
        (says(500, b"\xff"), None),
    ],
)
async def test_a_service_that_has_no_time_says_how_long_to_wait(
    twilio: FakeTwilio, fault: Fault, wait: timedelta | None
) -> None:
    twilio.faults.append(fault)
    async with at(twilio.url) as service:
        with pytest.raises(Unavailable) as away:
            await service.send(TEXT)

    assert away.value.again_after == wait
    assert away.value.reasons == ()


@pytest.mark.parametrize(
    "fault",
    [
        says(200, b"<html>Sign in to this network</html>"),
        says(201, b"[]"),
        says(201, b"null"),
        says(201, b'{"sid": null}'),
        says(201, b'{"sid": 7}'),
        says(201, b"\xff\xfe"),
        says(302, b"", Location="http://169.254.169.254/"),
    ],
)
async def test_an_answer_that_is_none_is_not_taken_for_a_yes(twilio: FakeTwilio, fault: Fault) -> None:
    twilio.faults.append(fault)
    async with at(twilio.url) as service:
        with pytest.raises(Unavailable):
            await service.send(TEXT)

    assert len(twilio.asked) == 1


@pytest.mark.parametrize(
    ("code", "because"),
    [
        (21211, Refusal.NO_SUCH_ADDRESS),
        (21614, Refusal.NO_SUCH_ADDRESS),
        (63003, Refusal.NO_SUCH_ADDRESS),
        (21610, Refusal.UNSUBSCRIBED),
        (21408, Refusal.BLOCKED),
        (21612, Refusal.BLOCKED),
        (21617, Refusal.TOO_LARGE),
        (21602, Refusal.NOT_TAKEN),
    ],
)
async def test_each_code_says_why_a_message_will_never_be_taken(
    twilio: FakeTwilio, code: int, because: Refusal
) -> None:
    twilio.faults.append(says(400, f'{{"code": {code}, "message": "{HERS} cannot", "status": 400}}'.encode()))
    async with at(twilio.url) as service:
        with pytest.raises(Refused) as refused:
            await service.send(TEXT)

    assert refused.value.because is because
    assert refused.value.reasons[0].params == {"detail": str(code)}


@pytest.mark.parametrize(
    "said", [b"", b"[]", b"<html>", b'{"code": "none"}', b'{"type":"t","title":"t","status":400,"code":7}']
)
async def test_a_refusal_that_says_no_code_of_theirs_is_a_refusal(twilio: FakeTwilio, said: bytes) -> None:
    twilio.faults.append(says(400, said))
    async with at(twilio.url) as service:
        with pytest.raises(Refused) as refused:
            await service.send(TEXT)

    assert refused.value.because is Refusal.NOT_TAKEN


async def test_who_has_said_stop_gets_nothing_more_and_a_text_may_be_too_long(twilio: FakeTwilio) -> None:
    twilio.stopped.add(HERS)
    async with at(twilio.url) as service:
        with pytest.raises(Refused) as stopped:
            await service.send(TEXT)
        with pytest.raises(Refused) as large:
            await service.send(Text("1", "+8801812345678", "x" * 1601))

    assert (stopped.value.because, large.value.because) == (Refusal.UNSUBSCRIBED, Refusal.TOO_LARGE)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"token": "another"}, None),
        ({"sender": "+15005550007"}, None),
        ({}, says(404, b'{"code": 20404, "message": "not found", "status": 404}')),
    ],
)
async def test_what_is_wrong_with_us_is_no_messages_fault_and_is_logged_without_the_token(
    twilio: FakeTwilio, given: dict[str, Any], fault: Fault | None, caplog: pytest.LogCaptureFixture
) -> None:
    if fault is not None:
        twilio.faults.append(fault)
    async with at(twilio.url, **given) as service:
        with pytest.raises(Unavailable) as away:
            await service.send(TEXT)

    assert [reason.code for reason in away.value.reasons] == ["message.not_set_up"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "TWILIO_AUTH_TOKEN" in caplog.text
    assert "another" not in caplog.text
    assert ACCOUNT not in caplog.text


async def test_the_log_tells_neither_token_nor_text_nor_number_however_much_it_tells(
    twilio: FakeTwilio, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with at(twilio.url) as service:
            await service.send(TEXT)
            await service.forget(HERS)

    assert not any(word in caplog.text for word in (TOKEN, "embassy", HERS, HERS[1:], ACCOUNT))


async def test_what_is_on_its_way_stays_until_later_and_all_others_go(twilio: FakeTwilio) -> None:
    async with at(twilio.url, patience=timedelta(seconds=10)) as service:
        sids = [await service.send(TEXT) for _ in range(5)]
        twilio.on_their_way.add(sids[1])
        with pytest.raises(Unavailable) as away:
            await service.forget(HERS)
        before = list(twilio.taken)
        twilio.on_their_way.clear()
        await service.forget(HERS)

    assert before == [sids[1]]
    assert [reason.code for reason in away.value.reasons] == ["message.on_its_way"]
    assert twilio.taken == {}


async def test_many_at_once_are_told_apart_and_share_one_client(twilio: FakeTwilio) -> None:
    account = TwilioAccount(ACCOUNT, TOKEN, PUBLIC, twilio.url)
    service = TwilioTextMessages(account, SENDER)
    try:
        sids = await asyncio.gather(*(service.send(Text(f"{n}", HERS, f"text {n}")) for n in range(20)))
    finally:
        await service.close()

    assert [as_text(twilio.taken[sid]).id for sid in sids] == [str(n) for n in range(20)]


async def test_regions_in_the_environment_lead_nowhere(twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    monkeypatch.setenv("TWILIO_REGION", "au1")
    async with at(twilio.url) as service:
        assert await service.send(TEXT)


async def test_it_can_be_closed_before_and_after_it_was_used(twilio: FakeTwilio) -> None:
    async with at(twilio.url) as service:
        await service.send(TEXT)
        await service.close()
        again = await service.send(TEXT)

    assert again in twilio.taken
    await service.close()
