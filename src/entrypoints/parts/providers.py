"""The providers at which one can sign in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from ...adapters.oidc.providers import OidcIdentityProviders
from ...adapters.oidc.trusted import Patience, Trusted
from ...domain.shared.errors import Reason
from ...ports.clock import Clock
from ...ports.identity_providers import IdentityProviders
from ..settings import Settings, WrongSettings
from ..settings.providers import VARIABLE, ProviderGiven, providers_given


@asynccontextmanager
async def open_identity_providers(settings: Settings, clock: Clock) -> AsyncIterator[IdentityProviders]:
    """Give those of the settings; nobody is asked before somebody signs in. Raises WrongSettings for a secret that
    cannot be read."""
    trusted = [_trusted(one) for one in providers_given(settings.identity_providers or "")]
    patience = Patience(
        answer=timedelta(seconds=settings.provider_seconds),
        clock=timedelta(seconds=settings.provider_clock_seconds),
        kept=timedelta(minutes=settings.provider_kept_minutes),
    )
    providers = OidcIdentityProviders(trusted, settings.sign_in_redirect, clock, patience)
    try:
        yield providers
    finally:
        await providers.close()


def _trusted(given: ProviderGiven) -> Trusted:
    return Trusted(
        id=given.id,
        name=given.name,
        issuer=given.issuer,
        client_id=given.client_id,
        client_secret=given.client_secret or _secret_in(given.client_secret_file),
        scopes=given.scopes,
        algorithm=given.algorithm,
        emails=given.email_verified,
        email_claim=given.email_claim,
        name_claim=given.name_claim,
        hosts=frozenset(given.hosts),
        secret_in_body=given.client_secret_in == "body",  # noqa: S105 - a place, no secret
        loopback_http=given.loopback_http,
        acr_values=given.acr_values,
        two_factor_acr=frozenset(given.two_factor_acr),
        two_factor_amr=frozenset(frozenset(words.split()) for words in given.two_factor_amr),
        max_age=None if given.max_age is None else timedelta(seconds=given.max_age),
    )


def _secret_in(file: str) -> str:
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or "it is no text"
        raise WrongSettings(Reason("setting.file_not_read", {"file": file, "detail": detail}, VARIABLE)) from error
