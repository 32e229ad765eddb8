"""Mail by a mail server: over TLS, signed in, and whatever the server says or does not say."""

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.smtp.mailbox import MailServer as Where
from higherstudy.adapters.smtp.mailbox import Security, SmtpMailbox
from higherstudy.ports.contracts.mailbox import Delivered, MailboxContract
from higherstudy.ports.errors import Refusal, Refused, Unavailable
from higherstudy.ports.mailbox import Attachment, Mail, Mailbox
from servers.mail_server import CLOSES, PASSWORD, SILENT, USER, MailServer, certificate, mail_server, strange_server

NOW = datetime(2027, 1, 14, 9, 30, tzinfo=UTC)
SENDER = "Higher Study <no-reply@study.example>"
MAIL = Mail("receipt-7", "student@example.org", "Your receipt", "Dear student,\n\n.here it is.\n..\n.\n")


def at(
    port: int,
    security: Security = "none",
    *,
    user: str = "",
    password: str = "",
    trusted: ssl.SSLContext | None = None,
    patience: float = 5,
    at_once: int = 4,
) -> SmtpMailbox:
    where = Where("127.0.0.1", port, security, user, password, trusted)
    return SmtpMailbox(where, SENDER, MemoryClock(NOW), patience=timedelta(seconds=patience), at_once=at_once)


@asynccontextmanager
async def with_mailbox(patience: float = 5) -> AsyncIterator[tuple[MailServer, SmtpMailbox]]:
    async with mail_server() as server:
        yield server, at(server.port, patience=patience)


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


class TestSmtpMailbox(MailboxContract):
    knows_our_ids = False
    keeps_mail = False

    @pytest.fixture
    def mailbox(self, server: MailServer) -> Mailbox:
        return at(server.port)

    @pytest.fixture
    def delivered(self, server: MailServer) -> Delivered:
        return lambda: [as_mail(content) for content in server.taken]

    @pytest.fixture
    def away(self) -> Mailbox:
        return at(9, patience=0.3)


def read(content: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(content.replace(b"\r\n", b"\n"))


def as_mail(content: bytes) -> Mail:
    message = read(content)
    body, html = message.get_body(("plain",)), message.get_body(("html",))
    assert body is not None
    assert message["List-Unsubscribe-Post"] in (None, "List-Unsubscribe=One-Click")
    return Mail(
        message["Message-ID"].strip("<>").partition("@")[0],
        message["To"],
        message["Subject"],
        body.get_content(),
        tuple(
            Attachment(one.get_filename() or "", one.get_content_type(), one.get_payload(decode=True))  # type: ignore[arg-type]
            for one in message.iter_attachments()
        ),
        html.get_content() if html else "",
        (message["List-Unsubscribe"] or "").strip("<>"),
    )


async def test_a_mail_passes_servers_of_seven_bits_and_is_known_by_our_id(server: MailServer) -> None:
    link = "https://study.example/v1/unsubscribe/" + "a1B2" * 60
    await at(server.port).send(
        Mail("receipt-7", "student@example.org", "আপনার রসিদ", "প্রিয় শিক্ষার্থী", html="<p>আপনি</p>", unsubscribe=link)
    )

    [content], [envelope] = server.taken, server.envelopes
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) < 998
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in content
    assert read(content)["Message-ID"] == "<receipt-7@study.example>"
    assert read(content)["Date"] == "Thu, 14 Jan 2027 09:30:00 +0000"
    assert (envelope.mail_from, envelope.rcpt_tos) == ("no-reply@study.example", ["student@example.org"])


async def test_the_same_mail_again_has_the_same_message_id(server: MailServer) -> None:
    for _ in range(2):
        await at(server.port).send(MAIL)

    assert len({read(content)["Message-ID"] for content in server.taken}) == 1


async def test_lines_that_begin_with_a_dot_arrive(server: MailServer) -> None:
    await at(server.port).send(MAIL)

    assert as_mail(server.taken[0]).text == MAIL.text


async def test_no_address_becomes_a_command(server: MailServer) -> None:
    for address in ("a@b.example>\r\nRCPT TO:<others@example.org", "a b@example.org", "<>", "", "@", "a@b@c.org"):
        with pytest.raises(Refused) as refused:
            await at(server.port).send(Mail("1", address, "Hello", "text"))
        assert refused.value.because is Refusal.NO_SUCH_ADDRESS

    assert server.taken == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_over_tls_somebody_signs_in(tmp_path: Path, security: Security) -> None:
    shows, believes = certificate(tmp_path)
    given = {security: shows}
    async with mail_server(sign_in=True, **given) as server:  # type: ignore[arg-type]
        await at(server.port, security, user=USER, password=PASSWORD, trusted=believes).send(MAIL)

    assert [envelope.rcpt_tos for envelope in server.envelopes] == [["student@example.org"]]


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_server_with_a_certificate_that_nobody_knows_gets_neither_password_nor_mail(
    tmp_path: Path, security: Security, caplog: pytest.LogCaptureFixture
) -> None:
    shows, _ = certificate(tmp_path)
    async with mail_server(**{security: shows}) as server:  # type: ignore[arg-type]
        with pytest.raises(Unavailable) as away:
            await at(server.port, security, user=USER, password=PASSWORD).send(MAIL)

    assert [(one.code, one.params["detail"]) for one in away.value.reasons] == [("message.not_set_up", "TLS")]
    assert [one.levelname for one in caplog.records if one.name.startswith("higherstudy")] == ["ERROR"]
    assert server.taken == []


async def test_a_server_without_tls_gets_nothing_where_tls_is_wanted(server: MailServer) -> None:
    with pytest.raises(Unavailable) as away:
        await at(server.port, "starttls", user=USER, password=PASSWORD).send(MAIL)

    assert [one.code for one in away.value.reasons] == ["message.not_set_up"]
    assert server.taken == []


@pytest.mark.parametrize(("user", "password"), [(USER, "another"), ("", "")])
async def test_a_sign_in_that_is_refused_is_no_mails_fault_and_is_logged_without_the_password(
    user: str, password: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with mail_server(sign_in=True) as server:
        with pytest.raises(Unavailable) as away:
            await at(server.port, user=user, password=password).send(MAIL)

    assert [one.code for one in away.value.reasons] == ["message.not_set_up"]
    told = [one.getMessage() for one in caplog.records if one.name.startswith("higherstudy")]
    assert len(told) == 1
    assert "SMTP_PASSWORD" in told[0]
    assert "another" not in told[0]
    assert server.taken == []


@pytest.mark.parametrize(
    ("command", "reply", "because", "detail"),
    [
        ("RCPT", "550 5.1.1 <student@example.org> unknown", Refusal.NO_SUCH_ADDRESS, "550 5.1.1"),
        ("RCPT", "550 No such user student@example.org", Refusal.NO_SUCH_ADDRESS, "550"),
        ("RCPT", "556 5.1.10 null MX", Refusal.NO_SUCH_ADDRESS, "556 5.1.10"),
        ("RCPT", "550 5.2.1 disabled", Refusal.NO_SUCH_ADDRESS, "550 5.2.1"),
        ("RCPT", "552 5.2.2 mailbox full", Refusal.BLOCKED, "552 5.2.2"),
        ("RCPT", "554 5.7.1 relay access denied", Refusal.BLOCKED, "554 5.7.1"),
        ("RCPT", "554 no", Refusal.NOT_TAKEN, "554"),
        ("MAIL", "552 5.3.4 too big", Refusal.TOO_LARGE, "552 5.3.4"),
        ("DATA", "552 too big", Refusal.TOO_LARGE, "552"),
        ("DATA", "554 5.6.0 content", Refusal.NOT_TAKEN, "554 5.6.0"),
        ("DATA", "550 5.7.1 spam", Refusal.BLOCKED, "550 5.7.1"),
        ("DATA", "550 spam", Refusal.NOT_TAKEN, "550"),
    ],
)
async def test_each_no_for_good_says_why_and_names_nobody(
    server: MailServer, command: str, reply: str, because: Refusal, detail: str
) -> None:
    server.replies[command] = deque([reply])

    with pytest.raises(Refused) as refused:
        await at(server.port).send(MAIL)

    assert (refused.value.because, refused.value.reasons[0].params) == (because, {"detail": detail})
    assert server.taken == []


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("MAIL", "421 4.3.2 shutting down"),
        ("MAIL", "451 4.7.1 greylisted"),
        ("RCPT", "450 4.2.1 try later"),
        ("RCPT", "452 4.2.2 full for now"),
        ("DATA", "451 4.3.0 try later"),
        ("RCPT", "299 what"),
        ("DATA", "354 what"),
        ("RCPT", "nonsense"),
        ("MAIL", CLOSES),
        ("RCPT", CLOSES),
        ("DATA", CLOSES),
    ],
)
async def test_whatever_is_no_answer_for_good_is_tried_again_later(
    server: MailServer, command: str, reply: str
) -> None:
    server.replies[command] = deque([reply])
    mailbox = at(server.port)

    with pytest.raises(Unavailable) as away:
        await mailbox.send(MAIL)
    await mailbox.send(MAIL)

    assert away.value.reasons == ()
    assert len(server.taken) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
async def test_a_server_that_falls_silent_is_left(command: str) -> None:
    async with with_mailbox(patience=0.3) as (server, mailbox):
        server.replies[command] = deque([SILENT])

        with pytest.raises(Unavailable):
            await mailbox.send(MAIL)

        assert server.taken == []


async def test_a_mail_that_was_taken_without_an_answer_is_sent_once_more_at_most(server: MailServer) -> None:
    server.takes_all_the_same = True
    server.replies["DATA"] = deque([CLOSES])
    mailbox = at(server.port)

    with pytest.raises(Unavailable):
        await mailbox.send(MAIL)
    await mailbox.send(MAIL)

    assert [as_mail(content).id for content in server.taken] == ["receipt-7"] * 2


@pytest.mark.parametrize(
    "greeting", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"554 5.3.2 no service\r\n", b"\xff\xfe\r\n", b"2" * 100_000]
)
async def test_what_is_no_mail_server_is_not_waited_for(greeting: bytes) -> None:
    async with strange_server(greeting) as port:
        with pytest.raises((Unavailable, Refused)) as refused:
            await at(port, patience=0.3).send(MAIL)

    assert refused.type is Unavailable


async def test_a_mail_that_is_too_large_is_refused_for_that() -> None:
    async with mail_server(largest=2000) as server:
        with pytest.raises(Refused) as refused:
            await at(server.port).send(Mail("1", "student@example.org", "Hello", "word " * 1000))

    assert refused.value.because is Refusal.TOO_LARGE
    assert server.taken == []


@pytest.mark.parametrize("any_letters", [True, False])
async def test_an_address_in_bangla_goes_where_the_server_knows_such_addresses(any_letters: bool) -> None:
    async with mail_server(any_letters=any_letters) as server:
        mail = Mail("1", "ছাত্র@example.org", "Hello", "text")
        if any_letters:
            await at(server.port).send(mail)
        else:
            with pytest.raises(Refused) as refused:
                await at(server.port).send(mail)
            assert refused.value.because is Refusal.NOT_TAKEN

    assert [envelope.rcpt_tos for envelope in server.envelopes] == [["ছাত্র@example.org"]] * any_letters


async def test_there_are_never_more_connections_than_was_said(server: MailServer) -> None:
    mailbox, most = at(server.port, at_once=2), 0
    exchange = server.handle_MAIL
    inside = 0

    async def counted(*given: object) -> str:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.01)
        inside -= 1
        return await exchange(*given)  # type: ignore[arg-type]

    server.handle_MAIL = counted  # type: ignore[method-assign, assignment]
    await asyncio.gather(*(mailbox.send(MAIL) for _ in range(8)))

    assert len(server.taken) == 8
    assert most <= 2


async def test_nothing_is_forgotten_since_nothing_is_kept(server: MailServer) -> None:
    mailbox = at(server.port)
    await mailbox.send(MAIL)

    await mailbox.forget("student@example.org")

    assert len(server.taken) == 1
