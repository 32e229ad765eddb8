"""A notice of the provider of payments answered over HTTP while others write to the same database; and what each
account holds after a million entries."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from benchmarks.results import Result
from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres
from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.migrate import upgrade
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.clock import SystemClock
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.domain.payments.ledger import CLEARING, RECEIVABLE, Entry, Kind, between
from higherstudy.domain.shared.ids import LedgerEntryId
from higherstudy.domain.shared.money import Money
from higherstudy.entrypoints.http.app import create_app
from higherstudy.entrypoints.http.assembling import Given
from higherstudy.entrypoints.parts.checks import Checks
from higherstudy.entrypoints.wiring.memory import memory_ports
from higherstudy.ports.payments import Notice

ENTRIES = 1_000_000
NOTICES, WRITERS, LOOKS = 300, 4, 50
LONGEST_ANSWER, LONGEST_LOOK = 20.0, 50.0
"""Milliseconds, at the median."""
_FILL = (
    (
        "INSERT INTO ledger_entries (id, at, happened_at, kind, cause) SELECT md5('e' || n)::uuid, "
        "now() - n * interval '1 second', now(), 'taken', 'col_' || n FROM generate_series(1, :count) AS n"
    ),
    (
        "INSERT INTO ledger_postings (entry_id, place, account, currency, minor) "
        "SELECT md5('e' || n)::uuid, side, "
        "CASE side WHEN 0 THEN 'provider:clearing' ELSE 'revenue:' || n % 20 END, 'EUR', "
        "CASE side WHEN 0 THEN n % 997 ELSE -(n % 997) END "
        "FROM generate_series(1, :count) AS n, generate_series(0, 1) AS side"
    ),
    (
        "INSERT INTO ledger_sums (account, currency, minor) "
        "SELECT account, currency, sum(minor) FROM ledger_postings GROUP BY account, currency"
    ),
)


class _Bell:
    """A provider that only tells; its signature is a comparison, as a real one's is a hash."""

    def hear(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        return Notice(body.decode(), "changed", now, f"col_{body.decode()}")


def measure() -> Iterator[Result]:
    """Yield the median milliseconds of an answer to a notice, and of a look at every balance."""
    with tempfile.TemporaryDirectory(prefix="higherstudy-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as endpoint:
            yield from asyncio.run(_measured(endpoint.owner_url, endpoint.app_url))


async def _measured(owner_url: str, url: str) -> list[Result]:
    await upgrade(owner_url)
    owner, engine = create_engine(owner_url, statement_timeout=timedelta(minutes=5)), create_engine(url)
    async with owner.begin() as connection:
        for statement in _FILL:
            await connection.execute(text(statement), {"count": ENTRIES} if ":count" in statement else {})
    await owner.dispose()
    transactions = PostgresTransactions(engine, SystemIds())
    written, ends = [0], asyncio.Event()
    writers = [asyncio.create_task(_write(transactions, written, ends)) for _ in range(WRITERS)]
    begun = time.perf_counter()
    answers = await _answers(transactions)
    looks = [await _look(transactions) for _ in range(LOOKS)]
    rate = written[0] / (time.perf_counter() - begun)
    ends.set()
    await asyncio.gather(*writers)
    await engine.dispose()
    slowest = sorted(answers)[int(len(answers) * 0.99)]
    return [
        Result(
            "a payment's notice answered: milliseconds, median",
            statistics.median(answers),
            LONGEST_ANSWER,
            f"of {NOTICES}, 99 in 100 within {slowest:.1f} ms, beside {rate:.0f} units a second that book",
        ),
        Result(
            "the balance of each account: milliseconds, median",
            statistics.median(looks),
            LONGEST_LOOK,
            f"{ENTRIES:,} entries",
        ),
    ]


async def _write(transactions: PostgresTransactions, written: list[int], ends: asyncio.Event) -> None:
    """Book one entry after another, each in a unit of its own."""
    postings = between(CLEARING, RECEIVABLE, Money(500, "EUR"))
    while not ends.is_set():
        async with transactions() as work:
            entry = Entry(LedgerEntryId(uuid4()), work.now, work.now, Kind.TAKEN, f"col_{uuid4()}", postings)
            await work.books.post([entry])
        written[0] += 1


async def _answers(transactions: PostgresTransactions) -> list[float]:
    clock, bell = SystemClock(), _Bell()
    given: Any = {"transactions": transactions, "clock": clock, "ids": SystemIds(), "payments": bell}
    ports = replace(memory_ports(), **given)
    files: Any = ports.files
    tokens = JwtTokens(SigningKey(Ed25519PrivateKey.generate()), clock)
    app = create_app(Given(ports, tokens, files, source_of, feed, Checks({})))
    times = []
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://server") as client:
        for number in range(NOTICES + 20):
            content = f"evt_{uuid4().hex}".encode()
            begun = time.perf_counter()
            answer = await client.post("/v1/webhooks/payments", content=content)
            if answer.status_code != 200:
                raise RuntimeError(answer.text)
            if number >= 20:
                times.append((time.perf_counter() - begun) * 1000)
    return times


async def _look(transactions: PostgresTransactions) -> float:
    begun = time.perf_counter()
    async with transactions() as work:
        if sum((await work.books.balances()).values()):
            raise RuntimeError("the books do not balance")
    return (time.perf_counter() - begun) * 1000
