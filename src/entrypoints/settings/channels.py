"""What the settings of mail and short messages have to be, and what one needs of another."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from ...domain.shared.errors import Reason

_NUMBER = r"\+[1-9][0-9]{6,14}"
_SENDER = re.compile(rf"{_NUMBER}|MG[0-9a-f]{{32}}|(?=.*[A-Za-z])[A-Za-z0-9 ]{{1,11}}")
_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
"""What each public key on the curve P-256 begins with, as it is written in DER (RFC 5480); 64 bytes follow."""
# The variable that is wrong alone, and the other one that it needs.
_NEEDS = (
    ("smtp_user", "SMTP_USER", "smtp_password", "SMTP_PASSWORD"),
    ("smtp_password", "SMTP_PASSWORD", "smtp_user", "SMTP_USER"),
    ("twilio_account_sid", "TWILIO_ACCOUNT_SID", "twilio_auth_token", "TWILIO_AUTH_TOKEN"),
    ("twilio_auth_token", "TWILIO_AUTH_TOKEN", "twilio_account_sid", "TWILIO_ACCOUNT_SID"),
    ("stripe_secret_key", "STRIPE_SECRET_KEY", "stripe_webhook_secret", "STRIPE_WEBHOOK_SECRET"),
    ("stripe_webhook_secret", "STRIPE_WEBHOOK_SECRET", "stripe_secret_key", "STRIPE_SECRET_KEY"),
    ("twilio_from", "TWILIO_FROM", "twilio_account_sid", "TWILIO_ACCOUNT_SID"),
    ("twilio_whatsapp_from", "TWILIO_WHATSAPP_FROM", "twilio_account_sid", "TWILIO_ACCOUNT_SID"),
)
_BY_CHANNEL = {
    "smtp": (("smtp_host", "SMTP_HOST"), ("mail_from", "MAIL_FROM")),
    "sendgrid": (("sendgrid_api_key", "SENDGRID_API_KEY"), ("mail_from", "MAIL_FROM")),
}


def channel_problems(values: Mapping[str, Any]) -> Iterator[Reason]:
    """Yield every reason against these settings together, given by field."""
    for name, variable in _BY_CHANNEL.get(values.get("mail_channel", "folder"), ()):
        if not values.get(name):
            yield Reason("setting.needs_another", {"other": variable}, "MAIL_CHANNEL")
    for name, variable, other, other_variable in _NEEDS:
        if values.get(name) and not values.get(other):
            yield Reason("setting.needs_another", {"other": other_variable}, variable)
    if values.get("twilio_account_sid") and not (values.get("twilio_from") or values.get("twilio_whatsapp_from")):
        other = "TWILIO_FROM / TWILIO_WHATSAPP_FROM"
        yield Reason("setting.needs_another", {"other": other}, "TWILIO_ACCOUNT_SID")
    in_the_open = values.get("smtp_security") == "none" and values.get("smtp_password")
    if in_the_open and not _is_here(values.get("smtp_host") or ""):
        yield Reason("setting.password_in_the_open", {}, "SMTP_SECURITY")


def is_verification_key(text: str) -> bool:
    """Whether it is a public key as SendGrid shows it."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return found.startswith(_P256) and len(found) == len(_P256) + 64


def is_number(text: str) -> bool:
    """Whether it is a number as E.164 writes it."""
    return re.fullmatch(_NUMBER, text) is not None


def is_sender(text: str) -> bool:
    """Whether an SMS can come from it."""
    return _SENDER.fullmatch(text) is not None


def is_account(text: str) -> bool:
    """Whether it names an account at Twilio."""
    return re.fullmatch(r"AC[0-9a-f]{32}", text) is not None


def is_mail_host(text: str) -> bool:
    """Whether it is the name or the address of a machine, without a port."""
    return re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", text) is not None or _is_ip(text)


def _is_here(host: str) -> bool:
    return host == "localhost" or (_is_ip(host) and ip_address(host).is_loopback)


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
