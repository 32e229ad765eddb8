"""Signing in at OpenID providers."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from .declaring import Count, Seconds, setting


@dataclass(frozen=True, kw_only=True, repr=False)
class SigningInElsewhere:
    """Signing in at OpenID providers."""

    identity_providers: Annotated[
        str | None,
        setting(
            "IDENTITY_PROVIDERS",
            "The OpenID providers at which one can sign in, as TOML; docs/operating.md says how; unset: none.",
            secrecy="secret",
        ),
    ] = None
    sign_in_redirect_url: Annotated[
        str | None,
        setting(
            "SIGN_IN_REDIRECT_URL",
            "Where providers send browsers back to, as it is registered there, to the letter; unset: "
            "/v1/sign-in/callback of PUBLIC_URL.",
        ),
    ] = None
    provider_seconds: Annotated[
        Seconds, setting("PROVIDER_SECONDS", "How many seconds a provider may take for an answer.")
    ] = 10.0
    provider_clock_seconds: Annotated[
        Annotated[int, Meta(ge=0, le=300)],
        setting("PROVIDER_CLOCK_SECONDS", "How many seconds the clock of a provider may be off."),
    ] = 60
    provider_kept_minutes: Annotated[
        Count,
        setting("PROVIDER_KEPT_MINUTES", "For how many minutes a provider's addresses and keys are kept."),
    ] = 60
