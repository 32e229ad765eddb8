"""What the settings name is opened, and nothing of it loaded before somebody is told something."""

import subprocess
import sys
from pathlib import Path

import pytest

from higherstudy.adapters.folder.mailbox import FolderMailbox
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.sendgrid.mailbox import SendGridMailbox
from higherstudy.adapters.smtp.mailbox import SmtpMailbox
from higherstudy.entrypoints.parts.channels import Channels, open_channels
from higherstudy.entrypoints.settings import read_settings
from higherstudy.ports.contracts.delivery_reports import NOW
from higherstudy.ports.mailbox import Mail
from higherstudy.ports.text_messages import Text
from servers.fake_sendgrid import API_KEY, SENDER, FakeSendGrid
from servers.fake_twilio import ACCOUNT, TOKEN, FakeTwilio
from servers.fake_twilio import SENDER as NUMBER
from servers.mail_server import mail_server

MAIL = Mail("receipt-7", "student@example.org", "Your receipt", "Dear student")
BY_SENDGRID = {"MAIL_CHANNEL": "sendgrid", "MAIL_FROM": f"Study <{SENDER}>", "SENDGRID_API_KEY": API_KEY}
BY_TWILIO = {
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_FROM": NUMBER,
    "TWILIO_WHATSAPP_FROM": NUMBER,
}


def given(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"HIGHERSTUDY_HOME": str(tmp_path), **more}


async def test_without_settings_mail_lies_in_the_home_and_nobody_else_is_told(tmp_path: Path) -> None:
    async with open_channels(read_settings(given(tmp_path)), MemoryClock(NOW)) as channels:
        await channels.mailbox.send(MAIL)

    assert isinstance(channels.mailbox, FolderMailbox)
    assert channels == Channels(channels.mailbox)
    assert [path.name for path in (tmp_path / "outbox").iterdir()] == ["receipt-7.eml"]


async def test_mail_goes_by_sendgrid_and_its_reports_are_read(tmp_path: Path, sendgrid: FakeSendGrid) -> None:
    settings = read_settings(
        given(tmp_path, **BY_SENDGRID, SENDGRID_URL=sendgrid.url, SENDGRID_WEBHOOK_KEY=sendgrid.public_key)
    )
    async with open_channels(settings, MemoryClock(NOW)) as channels:
        name = await channels.mailbox.send(MAIL)
        assert channels.mail_reports is not None
        [taken] = [mail for _, mail in sendgrid.taken]
        event = {"event": "delivered", "timestamp": int(NOW.timestamp()), "sg_message_id": f"{name}.recvd-1"}
        [report] = channels.mail_reports.read(
            *sendgrid.signed([{**event, **taken["personalizations"][0]["custom_args"]}], NOW)
        )

    assert isinstance(channels.mailbox, SendGridMailbox)
    assert (report.message_id, report.provider_id) == ("receipt-7", name)


async def test_mail_goes_by_a_mail_server(tmp_path: Path) -> None:
    async with mail_server() as server:
        where = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(server.port), "SMTP_SECURITY": "none"}
        settings = read_settings(given(tmp_path, MAIL_CHANNEL="smtp", MAIL_FROM="no-reply@study.example", **where))
        async with open_channels(settings, MemoryClock(NOW)) as channels:
            await channels.mailbox.send(MAIL)

    assert isinstance(channels.mailbox, SmtpMailbox)
    assert len(server.taken) == 1


async def test_short_messages_go_by_twilio_and_what_it_tells_of_them_is_read(
    tmp_path: Path, twilio: FakeTwilio
) -> None:
    public = {"PUBLIC_URL": "https://study.example", "TWILIO_URL": twilio.url}
    async with open_channels(read_settings(given(tmp_path, **BY_TWILIO, **public)), MemoryClock(NOW)) as channels:
        assert channels.text_messages is not None
        assert channels.whatsapp is not None
        assert channels.text_reports is not None
        sids = [
            await service.send(Text(f"window-{number}", "+8801712345678", "It opens tomorrow."))
            for number, service in enumerate((channels.text_messages, channels.whatsapp))
        ]
        told = [channels.text_reports.read(*twilio.callback(sid, "delivered"))[0].message_id for sid in sids]

    assert [form["To"] for form in twilio.taken.values()] == ["+8801712345678", "whatsapp:+8801712345678"]
    assert twilio.taken[sids[0]]["StatusCallback"] == "https://study.example/v1/webhooks/twilio?message=window-0"
    assert told == ["window-0", "window-1"]


@pytest.mark.parametrize("public", [{}, {"PUBLIC_URL": "https://study.example"}])
async def test_twilio_reports_only_where_it_can_reach_us(tmp_path: Path, public: dict[str, str]) -> None:
    async with open_channels(read_settings(given(tmp_path, **BY_TWILIO, **public)), MemoryClock(NOW)) as channels:
        assert (channels.text_reports is not None) == bool(public)


OPENED = """
import asyncio, sys
from higherstudy.adapters.system.clock import SystemClock
from higherstudy.entrypoints.parts.channels import open_channels
from higherstudy.entrypoints.settings import read_settings
async def main(environment):
    async with open_channels(read_settings(environment), SystemClock()):
        print([name for name in ("sendgrid", "twilio", "aiohttp", "aiosmtplib", "requests") if name in sys.modules])
"""


@pytest.mark.parametrize("channel", ["sendgrid", "smtp"])
def test_a_start_loads_nothing_of_them(tmp_path: Path, sendgrid: FakeSendGrid, channel: str) -> None:
    environment = given(
        tmp_path, **BY_SENDGRID, **BY_TWILIO, SMTP_HOST="mail", SENDGRID_WEBHOOK_KEY=sendgrid.public_key
    )
    asked = f"asyncio.run(main({ {**environment, 'MAIL_CHANNEL': channel}!r}))"

    told = subprocess.run([sys.executable, "-c", OPENED + asked], capture_output=True, text=True, timeout=60)

    assert told.stdout.strip() == "[]", told.stderr
