"""What it means when Stripe does not do what it was asked."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import stripe

from ...domain.shared.errors import NotFound
from ...ports.errors import Unavailable

log = logging.getLogger(__name__)
_LONGEST_WAIT = 86_400


class Declined(Exception):
    """Stripe has understood, and will not; ``code`` is its own code of why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def translated() -> Iterator[None]:
    """Raise NotFound, Unavailable or Declined in the place of what Stripe's library raises.

    A wrong key is nobody's order's fault: it is logged, without the key, and what was asked waits. Stripe's words are
    never passed on or logged, only its codes.
    """
    try:
        yield
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        log.error("Stripe refuses what STRIPE_SECRET_KEY or STRIPE_ACCOUNT say: it answers %s", error.http_status)  # noqa: TRY400 - its words may hold a part of the key
        raise Unavailable from error
    except stripe.IdempotencyError as error:
        if error.http_status == 409:  # the first who asked by this key is still being answered
            raise Unavailable from error
        raise Declined("idempotency_error") from error
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        if error.http_status == 404 and error.code == "resource_missing":
            raise NotFound from None
        if error.http_status == 409 or error.code in ("lock_timeout", "balance_insufficient", "idempotency_key_in_use"):
            raise Unavailable from error
        raise Declined(str(error.code or error.http_status)) from error
    except stripe.StripeError as error:
        raise Unavailable(again_after=_again_after(error)) from error
    except (ValueError, KeyError, TypeError) as error:  # an answer that is none of Stripe's
        raise Unavailable from error


def _again_after(error: stripe.StripeError) -> timedelta | None:
    said = {str(name).lower(): value for name, value in dict(error.headers or {}).items()}.get("retry-after", "")
    known = said.isascii() and said.isdigit() and len(said) <= 6
    return timedelta(seconds=min(int(said), _LONGEST_WAIT)) if known else None
