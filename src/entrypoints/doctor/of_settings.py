"""Settings that are each right and together are not."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from ..settings import Settings
from .finding import Finding, broken, warning


def of_settings(settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong with the settings."""
    public = settings.public_url or ""
    if public.startswith("http:") and not _is_here(public):
        yield broken("public_not_https", url=public)
    if public.startswith("https:") and not settings.trusted_proxies:
        yield warning("no_trusted_proxies")
    if public and not _is_here(public) and settings.mail_channel == "folder":
        yield broken("mail_stays_here")
    if settings.insecure_cookies:
        yield warning("insecure_cookies")
    if settings.database_url is not None and settings.migration_database_url is None:
        yield warning("one_role")
    store = settings.s3_endpoint_url or ""
    if settings.s3_bucket is not None and store.startswith("http:") and not _is_here(store):
        yield warning("store_in_the_open", url=store)


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
