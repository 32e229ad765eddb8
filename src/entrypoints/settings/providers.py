"""The setting IDENTITY_PROVIDERS: which OpenID providers are trusted, and what their word counts for."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from ...domain.shared.errors import Invalid, Reason

VARIABLE = "IDENTITY_PROVIDERS"
_Host = Annotated[str, Meta(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", max_length=253)]


_Word = Annotated[str, Meta(pattern=r"^[!-~]+$", max_length=500)]


class ProviderGiven(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One provider. ``client_secret_file`` names a file in the place of ``client_secret``; without both we are a public
    client, and PKCE alone shows who redeems a code."""

    id: Annotated[str, Meta(pattern="^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", max_length=40)]
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    issuer: Annotated[str, Meta(min_length=1, max_length=500)]
    client_id: Annotated[str, Meta(min_length=1, max_length=500)]
    client_secret: str = ""
    client_secret_file: str = ""
    client_secret_in: Literal["header", "body"] = "header"  # noqa: S105 - a place, no secret
    scopes: Annotated[str, Meta(pattern=r"^([!#-\[\]-~]+ )*openid( [!#-\[\]-~]+)*$")] = "openid email profile"
    algorithm: Literal["RS256", "PS256", "ES256", "EdDSA"] = "RS256"
    email_verified: Literal["as_stated", "always", "never"] = "as_stated"
    email_claim: Annotated[str, Meta(min_length=1)] = "email"
    name_claim: Annotated[str, Meta(min_length=1)] = "name"
    hosts: tuple[_Host, ...] = ()
    loopback_http: bool = False
    acr_values: tuple[_Word, ...] = ()
    two_factor_acr: tuple[_Word, ...] = ()
    two_factor_amr: tuple[Annotated[str, Meta(pattern=r"^[!-~]+( [!-~]+)*$", max_length=500)], ...] = ()
    max_age: Annotated[int, Meta(ge=0, le=31_536_000)] | None = None


class _Given(Struct, frozen=True, forbid_unknown_fields=True):
    provider: tuple[ProviderGiven, ...] = ()


def providers_given(text: str) -> tuple[ProviderGiven, ...]:
    """Return the providers of the setting; raise Invalid with the first thing that is wrong with its form, or with
    every issuer that cannot be one and every id or issuer that is there twice."""
    try:
        found = msgspec.toml.decode(text, type=_Given).provider
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _wrong(str(error)) from None
    wrong = [f"{one.id}: {problem}" for one in found if (problem := _issuer_problem(one))]
    for what in ("id", "issuer"):
        said = [getattr(one, what) for one in found]
        wrong += [f"two have the {what} {one}" for one in dict.fromkeys(said) if said.count(one) > 1]
    wrong += [f"{one.id}: the secret is given twice" for one in found if one.client_secret and one.client_secret_file]
    if wrong:
        raise _wrong("; ".join(wrong))
    return found


def provider_problems(text: str) -> Iterator[Reason]:
    """Yield what is wrong with the setting."""
    try:
        providers_given(text)
    except Invalid as error:
        yield from error.reasons


def _issuer_problem(given: ProviderGiven) -> str:
    """Return what is wrong with the issuer, blank for nothing (OpenID Connect Discovery 1.0, 3)."""
    try:
        parts = urlsplit(given.issuer)
        parts.port  # noqa: B018 - reading it is what fails
    except ValueError:
        return "the issuer is no web address"
    if not parts.hostname or parts.query or parts.fragment or parts.username is not None:
        return "the issuer is no web address without query, fragment and name"
    if parts.scheme == "https" or (parts.scheme == "http" and given.loopback_http and _is_loopback(parts.hostname)):
        return ""
    return "the issuer has to begin with https://"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _wrong(detail: str) -> Invalid:
    return Invalid(Reason("setting.not_providers", {"detail": detail}, VARIABLE))
