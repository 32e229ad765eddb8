"""What settings have to be beyond their types: forms of addresses and names, and what one needs of another."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from email.utils import parseaddr
from ipaddress import ip_address, ip_network
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from ...domain.shared.errors import Reason
from .channels import channel_problems, is_account, is_mail_host, is_number, is_sender, is_verification_key
from .providers import provider_problems

KEY_BYTES = 32
_BUCKET = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_POSTGRES = re.compile(r"postgres(ql)?(\+asyncpg)?://")
_REDIS = re.compile(r"(rediss?://[^/]|unix://[^/]*/.)")

# The variable that is wrong alone, and the other one that it needs.
_NEEDS = (
    ("migration_database_url", "MIGRATION_DATABASE_URL", "database_url", "DATABASE_URL"),
    ("s3_access_key_id", "S3_ACCESS_KEY_ID", "s3_secret_access_key", "S3_SECRET_ACCESS_KEY"),
    ("s3_secret_access_key", "S3_SECRET_ACCESS_KEY", "s3_access_key_id", "S3_ACCESS_KEY_ID"),
    ("s3_endpoint_url", "S3_ENDPOINT_URL", "s3_bucket", "S3_BUCKET"),
    ("key_bucket", "KEY_BUCKET", "s3_bucket", "S3_BUCKET"),
)


def wrong_together(values: Mapping[str, Any]) -> Iterator[Reason]:
    """Yield every reason against these settings, given by field; none that is left out counts as wrong by itself."""
    for name, variable, is_right, code in _FORMS:
        if values.get(name) is not None and not is_right(str(values[name])):
            yield Reason(code, {}, variable)
    for name, variable in (
        ("database_url", "DATABASE_URL"),
        ("migration_database_url", "MIGRATION_DATABASE_URL"),
        ("redis_url", "REDIS_URL"),
    ):
        if values.get(name) is not None and not _has_port(str(values[name])):
            yield Reason("setting.not_a_port", {}, variable)
    for name, variable, other, other_variable in _NEEDS:
        if values.get(name) and not values.get(other):
            yield Reason("setting.needs_another", {"other": other_variable}, variable)
    yield from channel_problems(values)
    if values.get("insecure_cookies") and not _stays_here(values):
        yield Reason("setting.insecure_cookies", {}, "INSECURE_COOKIES")
    if values.get("identity_providers"):
        yield from provider_problems(str(values["identity_providers"]))
    if values.get("health_port") and values["health_port"] == values.get("port", 8000):
        yield Reason("setting.same_port", {}, "HEALTH_PORT")


def key_bytes(text: str) -> bytes | None:
    """Return the 32 bytes that the base64 (of either alphabet) says, None where it says no 32 bytes."""
    try:
        found = base64.b64decode(text.replace("-", "+").replace("_", "/").encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == KEY_BYTES else None


def _is_key(text: str) -> bool:
    return key_bytes(text) is not None


def _are_keys(text: str) -> bool:
    return all(map(_is_key, text.split()))


def _is_web_address(text: str) -> bool:
    try:
        address = urlsplit(text)
        address.port  # noqa: B018 - reading it is what fails
    except ValueError:
        return False
    return address.scheme in ("http", "https") and bool(address.hostname)


def _is_bucket(text: str) -> bool:
    """Whether S3 knows names of this form (Amazon S3, "General purpose bucket naming rules")."""
    return 3 <= len(text) <= 63 and _BUCKET.fullmatch(text) is not None and text[-1] != "-" and not _is_ip(text)


def _stays_here(values: Mapping[str, Any]) -> bool:
    """Whether only this machine reaches the server, as far as that is known here."""
    public = values.get("public_url")
    hosts = [values.get("host") or "127.0.0.1", *([urlsplit(public).hostname or ""] if public else [])]
    return all(host == "localhost" or (_is_ip(host) and ip_address(host).is_loopback) for host in hosts)


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_clamd(text: str) -> bool:
    host, colon, port = text.rpartition(":")
    by_name = bool(colon and host) and port.isascii() and port.isdigit() and 0 < int(port) <= 65535
    return by_name or PurePath(text).is_absolute()


def _is_sender(text: str) -> bool:
    """Whether it is an address, with or without a name before it, on one line."""
    _, address = parseaddr(text)
    return text.isprintable() and re.fullmatch(r"[^@\s]+@[^@\s]+", address) is not None


def _is_domain(text: str) -> bool:
    return _DOMAIN.fullmatch(text) is not None and not _is_ip(text)


def _are_roles(text: str) -> bool:
    return text == "none" or set(text.split()) <= {"student", "counsellor", "admin", "auditor"}


def _are_networks(text: str) -> bool:
    """Whether they are networks, none of them the whole world: whoever trusts everybody trusts every header."""
    try:
        return all(ip_network(word).prefixlen for word in text.split())
    except ValueError:
        return False


def _are_hosts(text: str) -> bool:
    return all(_HOST.fullmatch(word) for word in text.split())


def _has_port(url: str) -> bool:
    """Whether the address says no port, or one that there can be."""
    try:
        place = url.partition("://")[2].partition("?")[0].rpartition("@")[2]  # a password may hold anything before
        urlsplit(f"//{place}").port  # noqa: B018 - reading it is what fails
    except ValueError:
        return False
    return True


_Form = tuple[str, str, Callable[[str], bool], str]
_FORMS: tuple[_Form, ...] = (
    ("code_page", "CODE_PAGE", _is_web_address, "setting.not_a_web_address"),
    ("plan_page", "PLAN_PAGE", _is_web_address, "setting.not_a_web_address"),
    ("preferences_page", "PREFERENCES_PAGE", _is_web_address, "setting.not_a_web_address"),
    ("sign_in_redirect_url", "SIGN_IN_REDIRECT_URL", _is_web_address, "setting.not_a_web_address"),
    ("public_url", "PUBLIC_URL", _is_web_address, "setting.not_a_web_address"),
    ("database_url", "DATABASE_URL", lambda url: _POSTGRES.match(url) is not None, "setting.not_a_postgres_url"),
    (
        "migration_database_url",
        "MIGRATION_DATABASE_URL",
        lambda url: _POSTGRES.match(url) is not None,
        "setting.not_a_postgres_url",
    ),
    ("trusted_proxies", "TRUSTED_PROXIES", _are_networks, "setting.not_networks"),
    ("allowed_hosts", "ALLOWED_HOSTS", _are_hosts, "setting.not_hosts"),
    ("redis_url", "REDIS_URL", lambda url: _REDIS.match(url) is not None, "setting.not_a_redis_url"),
    ("s3_bucket", "S3_BUCKET", _is_bucket, "setting.not_a_bucket"),
    ("s3_endpoint_url", "S3_ENDPOINT_URL", _is_web_address, "setting.not_a_web_address"),
    ("clamd", "CLAMD", _is_clamd, "setting.not_a_clamd"),
    ("token_key", "TOKEN_KEY", _is_key, "setting.not_a_key"),
    ("other_token_keys", "OTHER_TOKEN_KEYS", _are_keys, "setting.not_a_key"),
    ("link_key", "LINK_KEY", _is_key, "setting.not_a_key"),
    ("master_key", "MASTER_KEY", _is_key, "setting.not_a_key"),
    ("other_master_keys", "OTHER_MASTER_KEYS", _are_keys, "setting.not_a_key"),
    ("key_bucket", "KEY_BUCKET", _is_bucket, "setting.not_a_bucket"),
    ("audit_key", "AUDIT_KEY", _is_key, "setting.not_a_key"),
    ("audit_public_keys", "AUDIT_PUBLIC_KEYS", _are_keys, "setting.not_a_key"),
    ("factor_key", "FACTOR_KEY", _is_key, "setting.not_a_key"),
    ("other_factor_keys", "OTHER_FACTOR_KEYS", _are_keys, "setting.not_a_key"),
    ("passkey_site", "PASSKEY_SITE", _is_domain, "setting.not_a_domain"),
    ("second_factor_roles", "SECOND_FACTOR_ROLES", _are_roles, "setting.not_roles"),
    ("admin_email", "ADMIN_EMAIL", lambda text: "@" in text[1:-1], "setting.not_an_email"),
    ("mail_from", "MAIL_FROM", _is_sender, "setting.not_a_sender"),
    ("smtp_host", "SMTP_HOST", is_mail_host, "setting.not_a_host"),
    ("sendgrid_url", "SENDGRID_URL", _is_web_address, "setting.not_a_web_address"),
    ("sendgrid_webhook_key", "SENDGRID_WEBHOOK_KEY", is_verification_key, "setting.not_a_verification_key"),
    ("twilio_account_sid", "TWILIO_ACCOUNT_SID", is_account, "setting.not_an_account"),
    ("twilio_from", "TWILIO_FROM", is_sender, "setting.not_an_sms_sender"),
    ("twilio_whatsapp_from", "TWILIO_WHATSAPP_FROM", is_number, "setting.not_a_number_to_call"),
    ("twilio_url", "TWILIO_URL", _is_web_address, "setting.not_a_web_address"),
    ("stripe_url", "STRIPE_URL", _is_web_address, "setting.not_a_web_address"),
    ("webhook_url", "WEBHOOK_URL", _is_web_address, "setting.not_a_web_address"),
    ("segment_host", "SEGMENT_HOST", _is_web_address, "setting.not_a_web_address"),
    ("analytics_key", "ANALYTICS_KEY", _is_key, "setting.not_a_key"),
    ("otlp_endpoint", "OTEL_EXPORTER_OTLP_ENDPOINT", _is_web_address, "setting.not_a_web_address"),
)
"""The field, its variable, what tells the right form, and what is said of a wrong one."""
