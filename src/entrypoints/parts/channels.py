"""How messages leave, and who tells what became of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from ...adapters.folder.mailbox import FolderMailbox
from ...ports.clock import Clock
from ...ports.delivery_reports import DeliveryReports
from ...ports.mailbox import Mailbox
from ...ports.text_messages import TextMessages
from ..settings import Settings


@dataclass(frozen=True)
class Channels:
    """How messages leave, and who tells what became of them; None where the settings name nobody."""

    mailbox: Mailbox
    text_messages: TextMessages | None = None
    whatsapp: TextMessages | None = None
    mail_reports: DeliveryReports | None = None
    text_reports: DeliveryReports | None = None


@asynccontextmanager
async def open_channels(settings: Settings, clock: Clock) -> AsyncIterator[Channels]:
    """Give those of the settings. Nobody is asked, and no library of theirs loaded, before the first message."""
    async with AsyncExitStack() as stack:
        sms, whatsapp, reports = _twilio(settings, clock, stack)
        yield Channels(_mailbox(settings, clock, stack), sms, whatsapp, _mail_reports(settings, clock), reports)


def _mailbox(settings: Settings, clock: Clock, stack: AsyncExitStack) -> Mailbox:
    patience, at_once = timedelta(seconds=settings.message_seconds), settings.messages_at_once
    if settings.mail_channel == "sendgrid":
        from ...adapters.sendgrid.mailbox import SendGridMailbox  # noqa: PLC0415 - only where the setting asks for it

        key, url = settings.sendgrid_api_key or "", settings.sendgrid_url
        sendgrid = SendGridMailbox(key, settings.mail_from, clock, base_url=url, patience=patience, at_once=at_once)
        stack.callback(sendgrid.close)
        return sendgrid
    if settings.mail_channel == "smtp":
        from ...adapters.smtp.mailbox import MailServer, SmtpMailbox  # noqa: PLC0415

        server = MailServer(
            settings.smtp_host or "",
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_user or "",
            settings.smtp_password or "",
        )
        return SmtpMailbox(server, settings.mail_from, clock, patience=patience, at_once=at_once)
    return FolderMailbox(settings.home_folder / "outbox", clock, sender=settings.mail_from)


def _mail_reports(settings: Settings, clock: Clock) -> DeliveryReports | None:
    if settings.sendgrid_webhook_key is None:
        return None
    from ...adapters.sendgrid.delivery_reports import SendGridDeliveryReports  # noqa: PLC0415

    return SendGridDeliveryReports(settings.sendgrid_webhook_key, clock)


def _twilio(
    settings: Settings, clock: Clock, stack: AsyncExitStack
) -> tuple[TextMessages | None, TextMessages | None, DeliveryReports | None]:
    """Return what SMS go by, what WhatsApp messages go by, and who tells of both."""
    if settings.twilio_account_sid is None:
        return None, None, None
    from ...adapters.twilio.delivery_reports import TwilioDeliveryReports  # noqa: PLC0415
    from ...adapters.twilio.text_messages import TwilioAccount, TwilioTextMessages  # noqa: PLC0415

    account = TwilioAccount(
        settings.twilio_account_sid,
        settings.twilio_auth_token or "",
        f"{settings.webhooks}/twilio" if settings.webhooks else "",
        settings.twilio_url or "",
    )

    def from_(sender: str | None, *, whatsapp: bool) -> TwilioTextMessages | None:
        if sender is None:
            return None
        patience = timedelta(seconds=settings.message_seconds)
        service = TwilioTextMessages(account, sender, whatsapp=whatsapp, patience=patience)
        stack.push_async_callback(service.close)
        return service

    reports = TwilioDeliveryReports(account, clock) if account.reports_to else None
    return from_(settings.twilio_from, whatsapp=False), from_(settings.twilio_whatsapp_from, whatsapp=True), reports
