"""A mail server on this machine: aiosmtpd, with what tests want to go wrong, and certificates of its own."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import warnings
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from .programs import LOCAL

USER, PASSWORD = "study", "a-password-of-tests"
NOBODY = "nobody@example.org"

CLOSES, SILENT = "closes", "is silent"
"""In the place of a reply: it ends the connection, or says nothing more and keeps it."""


@dataclass
class MailServer:
    """Takes mail for everybody but ``NOBODY``, twice the same one too, as all servers do."""

    port: int = 0
    taken: list[bytes] = field(default_factory=list)
    """The content of each mail, as it came."""
    envelopes: list[Envelope] = field(default_factory=list)
    replies: dict[str, deque[str]] = field(default_factory=dict)
    """What it says to the next ``MAIL``, ``RCPT`` or ``DATA`` in the place of its own word."""
    takes_all_the_same: bool = False
    """Whether a mail whose ``DATA`` gets such a reply is taken nonetheless: what a crash after the acceptance is."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_MAIL(self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802 - as aiosmtpd calls it
        """Answer to the sender."""
        if other := await self._other("MAIL", server):
            return other
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, _: Session, envelope: Envelope, address: str, __: list[str]) -> str:  # noqa: N802 - as aiosmtpd calls it
        """Answer to who it is for."""
        if other := await self._other("RCPT", server):
            return other
        if address == NOBODY:
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown in virtual mailbox table"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802 - as aiosmtpd calls it
        """Take the mail."""
        wrong = bool(self.replies.get("DATA"))
        if not wrong or self.takes_all_the_same:
            assert isinstance(envelope.original_content, bytes)
            self.taken.append(envelope.original_content)
            self.envelopes.append(envelope)
        return await self._other("DATA", server) or f"250 2.0.0 Ok: queued as {len(self.taken):08X}"

    def authenticate(self, _: SMTP, __: Session, ___: Envelope, mechanism: str, given: Any) -> AuthResult:
        """Tell whether somebody is who she says."""
        assert mechanism in ("PLAIN", "LOGIN")
        assert isinstance(given, LoginPassword)
        known = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)

    async def _other(self, command: str, server: SMTP) -> str:
        waiting = self.replies.get(command)
        if not waiting:
            return ""
        reply = waiting.popleft()
        if reply == SILENT:
            await self.ended.wait()
        if reply in (SILENT, CLOSES):
            _abort(server)
            return "421 gone"
        return reply


@asynccontextmanager
async def mail_server(
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    sign_in: bool = False,
    largest: int = 10 * 2**20,
    any_letters: bool = True,
) -> AsyncIterator[MailServer]:
    """Start one in this loop; with ``sign_in`` it takes mail from nobody else than ``USER``."""
    server, loop = MailServer(), asyncio.get_running_loop()

    def protocol() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that nobody should sign in without TLS
            return made()

    def made() -> SMTP:
        return SMTP(
            server,
            hostname="mail.study.example",
            data_size_limit=largest,
            enable_SMTPUTF8=any_letters,
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=sign_in,
            auth_require_tls=False,
            authenticator=server.authenticate,
            loop=loop,
        )

    async with _listening(protocol, tls) as port:
        server.port = port
        try:
            yield server
        finally:
            server.ended.set()


@asynccontextmanager
async def strange_server(greeting: bytes) -> AsyncIterator[int]:
    """Start what says this to whoever comes, and nothing to whatever is said to it; give its port."""
    ended = asyncio.Event()

    async def say(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await ended.wait()
        writer.close()

    server = await asyncio.start_server(say, LOCAL, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        ended.set()
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def _listening(protocol: Callable[[], SMTP], tls: ssl.SSLContext | None) -> AsyncIterator[int]:
    made: list[SMTP] = []

    def one() -> SMTP:
        made.append(protocol())
        return made[-1]

    server = await asyncio.get_running_loop().create_server(one, LOCAL, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for each in made:
            _abort(each)
        handling = [each._handler_coroutine for each in made if each._handler_coroutine is not None]
        for task in handling:
            task.cancel()
        await asyncio.gather(*handling, return_exceptions=True)


def _abort(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()


def certificate(folder: Path, name: str = "localhost") -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return what a server of this name shows, and what believes it and nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address(LOCAL))])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    hidden = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + hidden)
    shows = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shows.load_cert_chain(file)
    believes = ssl.create_default_context(cadata=made.public_bytes(Encoding.PEM).decode())
    return shows, believes
