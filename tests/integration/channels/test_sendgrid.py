"""Mail by SendGrid: what it takes, what it refuses, and what becomes of a mail when it does neither."""

import asyncio
import base64
import json
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

import higherstudy.adapters.sendgrid.client  # noqa: F401 - loading it takes longer than these tests wait
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.sendgrid.mailbox import SendGridMailbox
from higherstudy.ports.contracts.mailbox import Delivered, MailboxContract
from higherstudy.ports.errors import Refusal, Refused, Unavailable
from higherstudy.ports.mailbox import Attachment, Mail, Mailbox
from servers.fake_http import CLOSES, DRIPS, SILENT, TAKES_AND_CLOSES, TAKES_AND_IS_SILENT, Fault, says
from servers.fake_sendgrid import API_KEY, SENDER, FakeSendGrid

NOW = datetime(2027, 1, 14, 9, 30, tzinfo=UTC)
SHORT = timedelta(seconds=1)
MAIL = Mail("receipt-7", "student@example.org", "Your receipt", "Dear student,\n\nhere it is.\n")


@asynccontextmanager
async def at(url: str, key: str = API_KEY, *, patience: timedelta = SHORT, at_once: int = 4) -> AsyncIterator[Mailbox]:
    mailbox = SendGridMailbox(
        key, f"Higher Study <{SENDER}>", MemoryClock(NOW), base_url=url, patience=patience, at_once=at_once
    )
    try:
        yield mailbox
    finally:
        mailbox.close()


class TestSendGridMailbox(MailboxContract):
    knows_our_ids = False
    keeps_mail = False
    knows_who_is_there = False

    @pytest.fixture
    async def mailbox(self, sendgrid: FakeSendGrid) -> AsyncIterator[Mailbox]:
        async with at(sendgrid.url, patience=timedelta(seconds=10)) as mailbox:
            yield mailbox

    @pytest.fixture
    def delivered(self, sendgrid: FakeSendGrid) -> Delivered:
        return lambda: [as_mail(mail) for _, mail in sendgrid.taken]

    @pytest.fixture
    async def away(self) -> AsyncIterator[Mailbox]:
        async with at("http://127.0.0.1:9") as mailbox:
            yield mailbox


def as_mail(taken) -> Mail:  # type: ignore[no-untyped-def]
    [personal] = taken["personalizations"]
    said = {part["type"]: part["value"] for part in taken["content"]}
    headers = taken.get("headers", {})
    assert headers.get("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") == "List-Unsubscribe=One-Click"
    assert ("List-Unsubscribe" in headers) == ("List-Unsubscribe-Post" in headers)
    return Mail(
        personal["custom_args"]["higherstudy_message"],
        personal["to"][0]["email"],
        taken["subject"],
        said["text/plain"],
        tuple(
            Attachment(one["filename"], one["type"], base64.b64decode(one["content"]))
            for one in taken.get("attachments", ())
        ),
        said.get("text/html", ""),
        headers.get("List-Unsubscribe", "").strip("<>"),
    )


async def test_the_services_own_id_comes_back_and_links_are_left_as_they_are(sendgrid: FakeSendGrid) -> None:
    async with at(sendgrid.url) as mailbox:
        name = await mailbox.send(MAIL)

    [(known, taken)] = sendgrid.taken
    assert name == known
    assert taken["from"] == {"email": SENDER, "name": "Higher Study"}
    assert not any(one["enable"] for one in taken["tracking_settings"].values())


@pytest.mark.parametrize("fault", [SILENT, CLOSES, TAKES_AND_CLOSES, TAKES_AND_IS_SILENT, DRIPS])
async def test_where_no_answer_comes_nobody_knows_and_the_next_mail_goes(sendgrid: FakeSendGrid, fault: Fault) -> None:
    sendgrid.faults.append(fault)
    async with at(sendgrid.url) as mailbox:
        with pytest.raises(Unavailable):
            await mailbox.send(MAIL)
        before = len(sendgrid.taken)
        again = await mailbox.send(MAIL)

    assert before == int(fault.takes)
    assert [name for name, _ in sendgrid.taken][-1] == again
    assert len(sendgrid.asked) == 2


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        (says(429, b"{}", Retry_After="17"), timedelta(seconds=17)),
        (says(429, b"{}", X_RateLimit_Reset=str(int(NOW.timestamp()) + 40)), timedelta(seconds=40)),
        (says(429, b"{}", X_RateLimit_Reset=str(int(NOW.timestamp()) - 40)), timedelta(0)),
        (says(429, b"{}", Retry_After="9999999999"), timedelta(days=1)),
        (says(429, b"{}", Retry_After="soon"), None),
        (says(429), None),
        (says(503, b"<html>away", Retry_After="5"), timedelta(seconds=5)),
        (says(500, b"\xff"), None),
    ],
)
async def test_a_service_that_has_no_time_says_how_long_to_wait(
    sendgrid: FakeSendGrid, fault: Fault, wait: timedelta | None
) -> None:
    sendgrid.faults.append(fault)
    async with at(sendgrid.url) as mailbox:
        with pytest.raises(Unavailable) as away:
            await mailbox.send(MAIL)

    assert away.value.again_after == wait
    assert away.value.reasons == ()


@pytest.mark.parametrize(
    "fault",
    [
        says(200, b"<html>Sign in to this network</html>"),
        says(204),
        says(302, Location="http://169.254.169.254/"),
        says(304),
    ],
)
async def test_an_answer_that_is_none_is_not_taken_for_a_yes(sendgrid: FakeSendGrid, fault: Fault) -> None:
    sendgrid.faults.append(fault)
    async with at(sendgrid.url) as mailbox:
        with pytest.raises(Unavailable):
            await mailbox.send(MAIL)

    assert len(sendgrid.asked) == 1


async def test_a_redirect_is_not_followed_with_the_key(sendgrid: FakeSendGrid) -> None:
    sendgrid.faults.append(says(302, Location=f"{sendgrid.url}/elsewhere"))
    async with at(sendgrid.url) as mailbox:
        with pytest.raises(Unavailable):
            await mailbox.send(MAIL)

    assert [asked.path for asked in sendgrid.asked] == ["/v3/mail/send"]


async def test_a_yes_without_an_id_is_a_yes(sendgrid: FakeSendGrid) -> None:
    sendgrid.faults.append(says(202))
    async with at(sendgrid.url) as mailbox:
        assert await mailbox.send(MAIL) == ""


@pytest.mark.parametrize(
    ("mail", "because", "detail"),
    [
        (Mail("1", "nobody", "Hello", "text"), Refusal.NO_SUCH_ADDRESS, "personalizations.0.to.0.email"),
        (Mail("1", "a b@example.org", "Hello", "text"), Refusal.NO_SUCH_ADDRESS, "personalizations.0.to.0.email"),
        (Mail("1", "student@example.org", "", "text"), Refusal.NOT_TAKEN, "subject"),
        (Mail("1", "student@example.org", "Hello", ""), Refusal.NOT_TAKEN, "content"),
    ],
)
async def test_what_will_never_be_taken_is_refused_without_naming_anybody(
    sendgrid: FakeSendGrid, mail: Mail, because: Refusal, detail: str
) -> None:
    async with at(sendgrid.url) as mailbox:
        with pytest.raises(Refused) as refused:
            await mailbox.send(mail)

    assert refused.value.because is because
    assert refused.value.reasons[0].params == {"detail": detail}
    assert sendgrid.taken == []


async def test_a_mail_that_is_too_large_is_refused_for_that(sendgrid: FakeSendGrid) -> None:
    large = Mail(
        "1", "student@example.org", "Hello", "text", (Attachment("a.bin", "application/pdf", bytes(23 * 2**20)),)
    )
    async with at(sendgrid.url, patience=timedelta(seconds=10)) as mailbox:
        with pytest.raises(Refused) as refused:
            await mailbox.send(large)

    assert refused.value.because is Refusal.TOO_LARGE


@pytest.mark.parametrize("said", [b"", b"[]", b'{"errors": 7}', b'{"errors": ["x"]}', b"\xff", b"[" * 50_000])
async def test_a_refusal_that_nobody_can_read_is_a_refusal(sendgrid: FakeSendGrid, said: bytes) -> None:
    sendgrid.faults.append(says(400, said))
    async with at(sendgrid.url) as mailbox:
        with pytest.raises(Refused) as refused:
            await mailbox.send(MAIL)

    assert (refused.value.because, refused.value.reasons[0].params) == (Refusal.NOT_TAKEN, {"detail": "400"})


@pytest.mark.parametrize(
    ("key", "fault"),
    [
        ("SG.another", None),
        (API_KEY, says(403, b'{"errors":[{"field":"from","message":"not verified"}]}')),
        (API_KEY, says(400, b'{"errors":[{"field":"from.email","message":"not valid"}]}')),
        (API_KEY, says(404, b"<html>")),
    ],
)
async def test_what_is_wrong_with_us_is_no_mails_fault_and_is_logged_without_the_key(
    sendgrid: FakeSendGrid, key: str, fault: Fault | None, caplog: pytest.LogCaptureFixture
) -> None:
    if fault is not None:
        sendgrid.faults.append(fault)
    async with at(sendgrid.url, key) as mailbox:
        with pytest.raises(Unavailable) as away:
            await mailbox.send(MAIL)

    assert [reason.code for reason in away.value.reasons] == ["message.not_set_up"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "SENDGRID_API_KEY" in caplog.text
    assert key not in caplog.text


async def test_the_log_tells_neither_key_nor_mail_however_much_it_tells(
    sendgrid: FakeSendGrid, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with at(sendgrid.url) as mailbox:
            await mailbox.send(MAIL)

    assert API_KEY not in caplog.text
    assert "here it is" not in caplog.text


async def test_there_are_never_more_threads_than_was_said_and_the_loop_goes_on(sendgrid: FakeSendGrid) -> None:
    sendgrid.faults.extend([SILENT] * 2)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    async with at(sendgrid.url, at_once=2) as mailbox:
        ticking = asyncio.create_task(tick())
        sent = await asyncio.gather(*(mailbox.send(MAIL) for _ in range(8)), return_exceptions=True)
        threads = [one for one in threading.enumerate() if one.name.startswith("sendgrid")]
        ticking.cancel()

    assert len(threads) == 2
    assert len([one for one in sent if isinstance(one, Unavailable)]) == 2
    assert ticks > 10


async def test_a_whole_mail_in_bangla_goes_as_utf_8(sendgrid: FakeSendGrid) -> None:
    async with at(sendgrid.url) as mailbox:
        await mailbox.send(Mail("1", "student@example.org", "আপনার রসিদ", "প্রিয় শিক্ষার্থী", html="<p>রসিদ</p>"))

    assert json.loads(sendgrid.asked[0].body.decode())["subject"] == "আপনার রসিদ"
