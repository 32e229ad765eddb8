"""Messages to people."""

from dataclasses import dataclass
from typing import Annotated, Literal

from .declaring import Count, Port, Seconds, setting

MailChannel = Literal["folder", "smtp", "sendgrid"]


@dataclass(frozen=True, kw_only=True, repr=False)
class Telling:
    """Messages to people."""

    mail_channel: Annotated[
        MailChannel,
        setting(
            "MAIL_CHANNEL",
            "How mail leaves: smtp by a mail server, sendgrid by SendGrid; folder keeps it as files below the home.",
        ),
    ] = "folder"
    mail_from: Annotated[str, setting("MAIL_FROM", "Who mail comes from.")] = "Higher Study <no-reply@localhost>"
    plan_page: Annotated[
        str | None,
        setting("PLAN_PAGE", "The page of a client that shows a plan, with {plan} for its id; messages link to it."),
    ] = None
    preferences_page: Annotated[
        str | None,
        setting("PREFERENCES_PAGE", "The page of a client on which somebody says how she wants to be told."),
    ] = None
    smtp_host: Annotated[str | None, setting("SMTP_HOST", "The mail server.")] = None
    smtp_port: Annotated[
        Port | None, setting("SMTP_PORT", "Its port; unset: 587 for starttls, 465 for tls, 25 for none.")
    ] = None
    smtp_security: Annotated[
        Literal["starttls", "tls", "none"],
        setting("SMTP_SECURITY", "How the way to it is kept private; none is for a server on this machine."),
    ] = "starttls"
    smtp_user: Annotated[str | None, setting("SMTP_USER", "Who we are there; unset: we do not sign in.")] = None
    smtp_password: Annotated[str | None, setting("SMTP_PASSWORD", "The password of that user.", secrecy="secret")] = (
        None
    )
    sendgrid_api_key: Annotated[
        str | None,
        setting(
            "SENDGRID_API_KEY", "The key to SendGrid; it needs the permission to send mail alone.", secrecy="secret"
        ),
    ] = None
    sendgrid_url: Annotated[
        str,
        setting("SENDGRID_URL", "Where SendGrid is; https://api.eu.sendgrid.com for an account in the European Union."),
    ] = "https://api.sendgrid.com"
    sendgrid_webhook_key: Annotated[
        str | None,
        setting(
            "SENDGRID_WEBHOOK_KEY",
            "The verification key of SendGrid's signed Event Webhook, as shown there; unset: its reports are not read.",
        ),
    ] = None
    twilio_account_sid: Annotated[
        str | None, setting("TWILIO_ACCOUNT_SID", "Our account at Twilio; unset: no SMS and no WhatsApp.")
    ] = None
    twilio_auth_token: Annotated[
        str | None,
        setting(
            "TWILIO_AUTH_TOKEN",
            "The token of that account, by which Twilio's reports are signed too.",
            secrecy="secret",
        ),
    ] = None
    twilio_from: Annotated[
        str | None,
        setting(
            "TWILIO_FROM",
            "Who SMS come from: a number like +15005550006, a name, or the id of a messaging service; unset: no SMS.",
        ),
    ] = None
    twilio_whatsapp_from: Annotated[
        str | None,
        setting("TWILIO_WHATSAPP_FROM", "The number that WhatsApp messages come from; unset: no WhatsApp."),
    ] = None
    twilio_url: Annotated[str | None, setting("TWILIO_URL", "Where Twilio is; unset: Twilio's own address.")] = None
    webhook_url: Annotated[
        str | None,
        setting(
            "WEBHOOK_URL",
            "Where services reach us, to the letter, without what is theirs at its end (/twilio, /sendgrid); "
            "unset: /v1/webhooks of PUBLIC_URL, and without that Twilio reports nothing.",
        ),
    ] = None
    message_seconds: Annotated[
        Seconds, setting("MESSAGE_SECONDS", "How many seconds a service for messages may take for an answer.")
    ] = 10.0
    messages_at_once: Annotated[
        Count, setting("MESSAGES_AT_ONCE", "How many mails a process hands over at the same time.")
    ] = 4
