"""Where people pay, where somebody has set that up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ...ports.payments import Payments
from ..settings import Settings


@asynccontextmanager
async def open_payments(settings: Settings) -> AsyncIterator[Payments | None]:
    """Give Stripe where STRIPE_SECRET_KEY is set, else nothing: then nobody can pay, and everything else works."""
    if settings.stripe_secret_key is None or settings.stripe_webhook_secret is None:
        yield None
        return
    from ...adapters.stripe.payments import StripePayments  # noqa: PLC0415 - its weight is for those who set it

    payments = StripePayments(
        settings.stripe_secret_key,
        settings.stripe_webhook_secret,
        account=settings.stripe_account,
        base_url=settings.stripe_url,
    )
    try:
        yield payments
    finally:
        await payments.close_connections()
