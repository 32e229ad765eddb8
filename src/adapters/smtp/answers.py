"""What a no of a mail server means (RFC 5321, 4.2.1; RFC 3463)."""

from __future__ import annotations

import logging
import re
import ssl

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from ...domain.shared.errors import DomainError, Reason
from ...ports.errors import Refusal, Refused, Unavailable

log = logging.getLogger(__name__)
_ENHANCED = re.compile(r"\s*5\.(\d{1,3}\.\d{1,3})\b")
_WHO_ARE_YOU = frozenset({530, 534, 535, 538})  # RFC 4954, 6: the server wants another sign-in, or one at all
# The subject and the detail of enhanced codes; of the others of subject 1 all are about who it is for.
_ABOUT_US = frozenset({"1.7", "1.8"})
_SAYS = {
    "2.1": Refusal.NO_SUCH_ADDRESS,  # the mailbox is there no more
    "2.2": Refusal.BLOCKED,  # the mailbox is full
    "2.3": Refusal.TOO_LARGE,
    "3.4": Refusal.TOO_LARGE,
}
_WITHOUT = {550: Refusal.NO_SUCH_ADDRESS, 551: Refusal.NO_SUCH_ADDRESS, 553: Refusal.NO_SUCH_ADDRESS}
"""What is meant where a recipient is refused without an enhanced code."""


def refusal_of(error: Exception) -> DomainError:
    """Return Refused for a mail that will never be taken, Unavailable for everything else.

    What is wrong with our name, password or address, or with the server's certificate, is no mail's fault: it is
    logged, and the mail waits until somebody has put it right.
    """
    match error:
        case SMTPConnectResponseError():  # it is no mail yet that it refuses
            return Unavailable()
        case SMTPRecipientsRefused(recipients=[one, *_]):
            return _by_code(one.code, one.message, _WITHOUT.get(one.code, Refusal.NOT_TAKEN))
        case SMTPSenderRefused(code=552 as code, message=message):  # as soon as it hears of the size (RFC 1870, 6)
            return _by_code(code, message, Refusal.TOO_LARGE)
        case SMTPAuthenticationError() | SMTPSenderRefused() | SMTPHeloError() if 500 <= error.code < 600:
            return _not_set_up(str(error.code))
        case _ if type(error) is SMTPException:  # what we have to insist on, the server does not have
            return _not_set_up("STARTTLS, AUTH")
        case SMTPResponseException(code=code, message=message):
            return _by_code(code, message, Refusal.TOO_LARGE if code == 552 else Refusal.NOT_TAKEN)
        case _ if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
            return _not_set_up("TLS")
        case _:
            return Unavailable()


def _by_code(code: int, message: str, otherwise: Refusal) -> DomainError:
    if code in _WHO_ARE_YOU:
        return _not_set_up(str(code))
    if not 500 <= code < 600:
        return Unavailable()
    enhanced = found[1] if (found := _ENHANCED.match(message)) else ""
    detail = f"{code} 5.{enhanced}" if enhanced else str(code)
    if enhanced in _ABOUT_US:
        return _not_set_up(detail)
    if enhanced.startswith("1."):
        return Refused(Refusal.NO_SUCH_ADDRESS, detail)
    if enhanced.startswith("7."):
        return Refused(Refusal.BLOCKED, detail)
    return Refused(_SAYS.get(enhanced, Refusal.NOT_TAKEN if enhanced else otherwise), detail)


def _not_set_up(detail: str) -> Unavailable:
    log.error("the mail server refuses what SMTP_USER, SMTP_PASSWORD, SMTP_SECURITY or MAIL_FROM say: %s", detail)
    return Unavailable(Reason("message.not_set_up", {"service": "SMTP", "detail": detail}))
