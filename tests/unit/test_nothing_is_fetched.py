"""Links in what comes in are kept as words and never followed: no address is looked up, no connection is made."""

import ast
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import registers
from hostile import workbooks

import higherstudy
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.icalendar.earlier import told_by
from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.domain.documents.policies import content_type_of
from higherstudy.domain.documents.use_cases.looking import Watched, demand_harmless
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.imports.use_cases.importing import ImportCatalogue
from higherstudy.domain.rulebook.reading import read_pack
from higherstudy.domain.shared.errors import DomainError
from higherstudy.domain.shared.ids import AccountId

SOURCE = Path(higherstudy.__file__).parent
KEEPER = Asker(AccountId(MemoryIds(7).new()), frozenset({Role.ADMIN}))
METADATA = "http://169.254.169.254/latest/meta-data/"
SPEAKS_TO_OTHERS = {
    "aiohttp",
    "aiosmtplib",
    "aioboto3",
    "aioclamd",
    "asyncpg",
    "boto3",
    "botocore",
    "ftplib",
    "http.client",
    "httpx",
    "httpx2",
    "python_http_client",
    "redis",
    "requests",
    "segment",
    "sendgrid",
    "smtplib",
    "socket",
    "stripe",
    "twilio",
    "urllib.request",
    "urllib3",
    "xmlrpc",
}
# Who may speak to others at all: each to an address that only settings or the person at the keyboard can name.
MAY = {
    "adapters/clamav": "CLAMD",
    "adapters/oidc": "the issuers of IDENTITY_PROVIDERS, and the hosts named there",
    "adapters/embedded_postgres": "our own database",
    "adapters/postgres": "DATABASE_URL",
    "adapters/redis": "REDIS_URL",
    "adapters/s3": "S3_ENDPOINT_URL",
    "adapters/sendgrid": "SENDGRID_URL",
    "adapters/smtp": "SMTP_HOST",
    "adapters/stripe": "Stripe's own address, until a setting names another",
    "adapters/twilio": "TWILIO_URL",
    "adapters/segment": "SEGMENT_HOST; redirects lead nowhere",
    "entrypoints/cli": "--server, and the address to listen on",
    "entrypoints/http/connections.py": "the address to listen on",
}
_heard: list[str] | None = None


def _hear(event: str, given: tuple[Any, ...]) -> None:
    if _heard is not None and event in (
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "urllib.Request",
    ):
        _heard.append(f"{event} {given[:2]}")


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Give the list of what is looked up or connected to while the block runs."""
    global _heard  # noqa: PLW0603 - an audit hook cannot be taken back, only told to be quiet
    if not getattr(sys, "_higherstudy_hears", False):
        sys.addaudithook(_hear)
        sys._higherstudy_hears = True  # type: ignore[attr-defined]
    _heard = []
    try:
        yield _heard
    finally:
        _heard = None


def test_a_look_up_would_be_heard() -> None:
    import socket

    with _listening() as heard:
        socket.getaddrinfo("127.0.0.1", 80)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.connect(("127.0.0.1", 9))

    assert [line.partition(" ")[0] for line in heard] == ["socket.getaddrinfo", "socket.connect"]


CSV = f"""key,institution_key,institution,country,name,level,source_title,source_url,website,retrieved_on,confidence
lakes,lake,Lake University,SE,Limnology,master,A page,{METADATA},http://localhost:6379/,2026-11-01,U
"""


async def test_a_catalogue_with_links_is_read_without_following_them(tmp_path: Path) -> None:
    book = tmp_path / "lakes.csv"
    book.write_text(CSV)
    register = registers.a_register(tmp_path / "register.xlsx", institutions=[registers.a_provider(Website=METADATA)])
    transactions = MemoryTransactions()
    bring_in = ImportCatalogue(transactions, MemoryIds(9))

    with _listening() as heard:
        for path in (book, register):
            await bring_in(KEEPER, source_of(path))

    assert heard == []


def test_workbooks_that_point_elsewhere_are_refused_without_going_there(tmp_path: Path) -> None:
    path = tmp_path / "given.xlsx"
    refused = 0
    with _listening() as heard:
        for name, content in workbooks.made_by_hand():
            if "bomb" in name:
                continue
            path.write_bytes(content)
            source: Any = source_of(path)
            try:
                source._open()
                for _ in source._batches():
                    pass
            except DomainError:
                refused += 1

    assert refused > 15
    assert heard == []


async def test_papers_rules_and_calendars_with_links_are_read_without_following_them() -> None:
    pdf = f"%PDF-1.7\n1 0 obj <</S/URI/URI({METADATA})>> endobj\n<</S/Launch/F(http://localhost/)>>\n%%EOF\n".encode()
    shipped = bundled_rulebook().packs[0]

    async def pieces() -> AsyncIterator[bytes]:
        yield pdf

    with _listening() as heard:
        watched = Watched(pieces())
        await demand_harmless(None, watched)
        content_type_of(watched.head)
        read_pack(shipped.text.replace("https://", METADATA), "given.toml")
        with pytest.raises(DomainError):
            told_by(f"BEGIN:VCALENDAR\r\nATTACH:{METADATA}\r\nEND:VCALENDAR\r\n".encode())

    assert heard == []


def test_only_who_is_named_here_can_speak_to_others_at_all() -> None:
    found: dict[str, set[str]] = {}
    for file in sorted(SOURCE.rglob("*.py")):
        names = {
            name
            for name in _imports(file)
            if any(name == one or name.startswith(f"{one}.") for one in SPEAKS_TO_OTHERS)
        }
        place = str(file.relative_to(SOURCE))
        if names and not any(place.startswith(allowed) for allowed in MAY):
            found[place] = names

    assert found == {}


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)
