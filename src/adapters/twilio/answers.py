"""What the codes of Twilio mean (https://www.twilio.com/docs/api/errors)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from ...domain.shared.errors import DomainError, Reason
from ...ports.delivery_reports import Heard
from ...ports.errors import Refusal, Refused, Unavailable

log = logging.getLogger(__name__)
_LONGEST_WAIT = timedelta(days=1)

UNSUBSCRIBED = 21610  # she has answered STOP
_REFUSED = {
    21211: Refusal.NO_SUCH_ADDRESS,  # no valid number
    21214: Refusal.NO_SUCH_ADDRESS,  # cannot be reached
    21217: Refusal.NO_SUCH_ADDRESS,  # does not seem to be valid
    21265: Refusal.NO_SUCH_ADDRESS,  # a short code
    21614: Refusal.NO_SUCH_ADDRESS,  # cannot receive short messages
    63003: Refusal.NO_SUCH_ADDRESS,  # WhatsApp does not know it
    63024: Refusal.NO_SUCH_ADDRESS,
    UNSUBSCRIBED: Refusal.UNSUBSCRIBED,
    21408: Refusal.BLOCKED,  # we may not send to that country
    21612: Refusal.BLOCKED,  # not from our number to that one
    21605: Refusal.TOO_LARGE,
    21617: Refusal.TOO_LARGE,
}
# What is wrong with us: our sender, or what we may do.
_ABOUT_US = frozenset({21212, 21603, 21606, 21659, 21660, 21703, 63007})
_TOO_OFTEN = frozenset({20429, 14107, 63018})
HEARD = {
    30003: Heard.BLOCKED,  # switched off, or away
    30004: Heard.BLOCKED,
    30005: Heard.BOUNCED,  # nobody has the number
    30006: Heard.BOUNCED,  # no telephone that receives messages
    30007: Heard.BLOCKED,  # taken for spam on its way
    21610: Heard.UNSUBSCRIBED,
    63003: Heard.BOUNCED,
    63024: Heard.BOUNCED,
    63032: Heard.BLOCKED,
}
"""What became of a message that was not delivered; another code is one of the service itself."""


def refusal_of(status: int, code: object) -> DomainError:
    """Return Refused for a message that will never be taken, Unavailable for everything else.

    What is wrong with our account, our sender or the address of Twilio is no message's fault: it is logged, and the
    message waits until somebody has put it right.
    """
    if code in _TOO_OFTEN or not 400 <= status < 500:
        return Unavailable()
    if code in _ABOUT_US or status in (401, 403, 404, 405):
        log.error("Twilio refuses what TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN or our sender say: %s", code)
        return Unavailable(Reason("message.not_set_up", {"service": "Twilio", "detail": str(code)}))
    known = code if isinstance(code, int) else 0
    return Refused(_REFUSED.get(known, Refusal.NOT_TAKEN), str(known or status))


def again_after(headers: Mapping[str, str] | None) -> timedelta | None:
    """Return the seconds of Retry-After, where it says some."""
    text = (headers or {}).get("Retry-After", "")
    is_whole = text.isascii() and text.isdigit() and len(text) <= 10
    return min(timedelta(seconds=int(text)), _LONGEST_WAIT) if is_whole else None
