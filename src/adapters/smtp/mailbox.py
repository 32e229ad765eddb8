"""Mail handed over to a mail server (RFC 5321), over TLS unless it is told otherwise."""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from typing import TYPE_CHECKING, Literal

from ...ports.clock import Clock
from ...ports.errors import Refusal, Refused
from ...ports.internet_mail import internet_message
from ...ports.mailbox import Mail, one_line

if TYPE_CHECKING:
    from aiosmtplib import SMTP

Security = Literal["starttls", "tls", "none"]
PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
"""On which port a server listens for what (RFC 8314, 3; RFC 6409, 3.1)."""

_PLAIN = re.compile(r"""[^\s@<>()\[\]\\,;:"]+@[^\s@<>()\[\]\\,;:"]+""")
"""An address that means nothing else, wherever in a command or a header it stands."""


@dataclass(frozen=True)
class MailServer:
    """Where the server is, and who we are there; without a user we do not sign in."""

    host: str
    port: int | None = None
    """None: the usual one."""
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    trusted: ssl.SSLContext | None = None
    """Whose certificates are believed; None: those that this machine believes."""


class SmtpMailbox:
    """Hands each mail over in a connection of its own, of which there are never more than ``at_once``.

    A server knows no id of ours: handing a mail over again makes another, with the same Message-ID, by which many a
    mail program shows one.
    """

    def __init__(
        self,
        server: MailServer,
        sender: str,
        clock: Clock,
        *,
        patience: timedelta = timedelta(seconds=10),
        at_once: int = 4,
    ) -> None:
        """``patience`` is for each step, and three times that for a mail with all its steps."""
        self._server = server
        self._sender = sender
        self._address = parseaddr(sender)[1]
        self._clock = clock
        self._patience = patience.total_seconds()
        self._places = asyncio.Semaphore(at_once)

    async def send(self, mail: Mail) -> str:
        to = one_line(mail.to)
        if not _PLAIN.fullmatch(to):
            raise Refused(Refusal.NO_SUCH_ADDRESS, "syntax")
        domain = self._address.rpartition("@")[2]
        message = internet_message(mail, sender=self._sender, at=self._clock.now(), domain=domain, letters="7bit")
        async with self._places:
            await self._hand_over(to, message)
        return ""

    async def forget(self, address: str) -> None:
        """Remove nothing: what the server took it has sent on, or will."""

    async def _hand_over(self, to: str, message: EmailMessage) -> None:
        from aiosmtplib import SMTP, SMTPException  # noqa: PLC0415 - only where mail goes this way

        from .answers import refusal_of  # noqa: PLC0415

        server = self._server
        connection = SMTP(
            hostname=server.host,
            port=server.port or PORTS[server.security],
            username=server.user or None,
            password=server.password or None,
            timeout=self._patience,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=server.trusted,
        )
        try:
            async with asyncio.timeout(3 * self._patience):
                await self._exchange(connection, to, message)
        except (SMTPException, OSError) as error:  # a TimeoutError is an OSError
            raise refusal_of(error) from error
        finally:
            connection.close()

    async def _exchange(self, connection: SMTP, to: str, message: EmailMessage) -> None:
        """Return once the server has taken it. There is no word of goodbye: whatever came after the server's yes would
        be no answer to the mail, and must not be taken for one."""
        from aiosmtplib import SMTPNotSupported  # noqa: PLC0415

        await connection.connect()
        try:
            await connection.send_message(message, sender=self._address, recipients=[to])
        except SMTPNotSupported as error:  # letters in the address that this server does not know (RFC 6531)
            raise Refused(Refusal.NOT_TAKEN, "SMTPUTF8") from error
