"""What an answer of SendGrid that is no yes means."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from ...domain.shared.errors import DomainError, Reason
from ...ports.errors import Refusal, Refused, Unavailable

log = logging.getLogger(__name__)
ACCEPTED = 202
_TOO_OFTEN = 429
_LONGEST_WAIT = timedelta(days=1)


def refusal_of(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> DomainError:
    """Return Refused for a mail that will never be taken, Unavailable for everything else.

    What is wrong with our key, our sender or the address of SendGrid is no mail's fault: it is logged, and the mail
    waits until somebody has put it right.
    """
    if status == _TOO_OFTEN or status >= 500:
        return Unavailable(again_after=_again_after(headers, now))
    if status == 413:
        return Refused(Refusal.TOO_LARGE, "413")
    if status == 400:
        fields = _wrong_fields(body)
        if not any(field.startswith("from") for field in fields):
            about_her = any(field.startswith("personalizations") for field in fields)
            return Refused(Refusal.NO_SUCH_ADDRESS if about_her else Refusal.NOT_TAKEN, fields[0] if fields else "400")
    if 400 <= status < 500:
        log.error("SendGrid refuses what SENDGRID_API_KEY, MAIL_FROM or SENDGRID_URL say: it answers %d", status)
        return Unavailable(Reason("message.not_set_up", {"service": "SendGrid", "detail": str(status)}))
    return Unavailable()


def _wrong_fields(body: bytes) -> list[str]:
    """Return the fields that SendGrid names, as far as they are names and not words."""
    try:
        errors = json.loads(body)["errors"]
        fields = [str(one["field"]) for one in errors if one.get("field")]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []
    return [field for field in fields if len(field) <= 100 and field.isascii() and "@" not in field]


def _again_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long to wait, from the seconds of Retry-After or from when SendGrid counts anew."""
    seconds, reset = (_whole(headers.get(name)) for name in ("Retry-After", "X-RateLimit-Reset"))
    if seconds is not None:
        return min(timedelta(seconds=seconds), _LONGEST_WAIT)
    if reset is None:
        return None
    return min(max(datetime.fromtimestamp(reset, UTC) - now, timedelta(0)), _LONGEST_WAIT)


def _whole(text: str | None) -> int | None:
    """Return the number where it is one that a time can be made of."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 10 else None
