"""Selling services, and giving money back."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from .declaring import Count, setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Selling:
    """Selling services, and giving money back."""

    seller: Annotated[
        str,
        setting(
            "SELLER",
            "Who sells, as invoices have to state it: name, address and tax number; line breaks begin new lines.",
        ),
    ] = ""
    stripe_secret_key: Annotated[
        str | None,
        setting(
            "STRIPE_SECRET_KEY",
            "The secret or restricted key to Stripe, where people pay; unset: nobody can pay.",
            secrecy="secret",
        ),
    ] = None
    stripe_webhook_secret: Annotated[
        str | None,
        setting("STRIPE_WEBHOOK_SECRET", "What Stripe signs its notices with, as shown there.", secrecy="secret"),
    ] = None
    stripe_account: Annotated[
        str, setting("STRIPE_ACCOUNT", "The connected account that sells; unset: the key's own account.")
    ] = ""
    stripe_url: Annotated[str, setting("STRIPE_URL", "Where Stripe is.")] = "https://api.stripe.com"
    rates_file: Annotated[
        Path | None,
        setting(
            "RATES_FILE",
            "Exchange rates: the file eurofxref-hist.zip of the European Central Bank, or the CSV in it; read again "
            "when it has changed.",
        ),
    ] = None
    own_rates_file: Annotated[
        Path | None,
        setting("OWN_RATES_FILE", "A TOML file with rates of currencies that it lacks, each with its day and source."),
    ] = None
    order_page: Annotated[
        str | None,
        setting(
            "ORDER_PAGE",
            "The page of a client that shows an order, with {order} for its id; payers come back to it, and messages "
            "link to it; unset: the order as the API shows it.",
        ),
    ] = None
    order_days: Annotated[
        Count, setting("ORDER_DAYS", "How many days an order can be paid where nothing else was said.")
    ] = 14
    refund_decision_days: Annotated[
        Count, setting("REFUND_DECISION_DAYS", "Within how many working days a refund is decided.")
    ] = 5
    refund_return_days: Annotated[
        Count,
        setting(
            "REFUND_RETURN_DAYS",
            "Within how many working days from then on the money is back; 5 to 10 by Stripe's word.",
        ),
    ] = 10
