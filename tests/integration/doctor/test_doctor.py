"""Faults are planted one at a time, and each is found with its cause and its mend; where none is, none is found."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import asyncpg
import pytest

import servers
from higherstudy.adapters.archive.archive import new_archive
from higherstudy.adapters.archive.manifest import Kind
from higherstudy.adapters.bundled.messages import Messages, known_codes
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.postgres.health import asked
from higherstudy.adapters.postgres.reading import Reading
from higherstudy.entrypoints.doctor.finding import Finding
from higherstudy.entrypoints.doctor.looking import look
from higherstudy.entrypoints.doctor.of_settings import of_settings
from higherstudy.entrypoints.settings import read_settings

OF_THE_TESTS = {"unsafe_setting", "no_scanner"}
"""What is found of the server that tests run against: it forgets when the power goes, and nobody scans."""
NOWHERE = "127.0.0.1:1"
PAPER = UUID(int=7)


class Place(NamedTuple):
    """Where faults are planted."""

    home: Path
    database: servers.Database
    admin_url: str
    monkeypatch: pytest.MonkeyPatch

    @property
    def backups(self) -> Path:
        return self.home / "backups"

    def do(self, *statements: str, as_superuser: bool = False) -> None:
        """Carry out the statements as the owner of the tables."""
        superuser = urlunsplit(urlsplit(self.admin_url)._replace(path=f"/{self.database.name}"))

        async def carry_out() -> None:
            connection = await asyncpg.connect(superuser if as_superuser else self.database.owner_url)
            try:
                for statement in statements:
                    await connection.execute(statement)
            finally:
                await connection.close()

        asyncio.run(carry_out())

    def backup(self, taken: datetime, *, damaged: bool = False) -> None:
        path = self.backups / f"data-{taken:%Y%m%dT%H%M%SZ}.tar"
        self.backups.mkdir(exist_ok=True)
        with new_archive(path, Kind.DATA, taken) as archive:
            archive.add_bytes("settings.json", b"[]")
            archive.end(release="0.1.0")
        if damaged:
            path.write_bytes(path.read_bytes().replace(b"[]", b"{}"))

    def paper(self, content: bytes | None) -> None:
        """Let a paper name a file whose content is this, or which is nowhere."""
        name = "ab" * 32
        if content is not None:
            folder = self.home / "files" / name[:2]
            folder.mkdir(parents=True)
            (folder / name).write_bytes(content)
        self.do(
            "INSERT INTO documents (id, student_id, kind, label, version)"
            f" VALUES ('{PAPER}', '{uuid4()}', 'passport', '', 1)",
            "INSERT INTO document_versions (document_id, number, sha256, size, content_type, file_name, uploaded_at,"
            f" uploaded_by, name_on_document, verification, rejected_because) VALUES ('{PAPER}', 1, '{name}', 1,"
            f" 'application/pdf', 'a.pdf', now(), '{uuid4()}', '', 'pending', '')",
        )


Environment = Mapping[str, str]
Plant = Callable[[Place, dict[str, str]], object]


def job(status: str) -> str:
    return (
        "INSERT INTO jobs (id, reaction, status, due_at, attempts, token, error, ended_at) VALUES"
        f" ('{uuid4()}', 'scan_upload', '{status}', now() - interval '20 minutes', 1, 1, '', now())"
    )


LATE_EVENT = (
    "INSERT INTO outbox (id, at, tag, aggregate, aggregate_id, aggregate_version, request_id, data) VALUES"
    f" ('{uuid4()}', now() - interval '20 minutes', 'a/1', 'a', '{uuid4()}', 1, '', '{{}}')"
)


def invariants(at: str, looked: str) -> str:
    return (
        f"INSERT INTO invariant_runs (id, started_at, finished_at, looked) VALUES ('{uuid4()}', {at}, {at}, '{looked}')"
    )


def full(place: Place) -> None:
    usage = shutil.disk_usage(place.home)
    place.monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=50 * 1024**2))


def without_master_key(place: Place) -> None:
    (place.home / "keys" / "master.key").unlink()
    (place.home / "keys" / "students" / "one").mkdir(parents=True)
    (place.home / "keys" / "students" / "one" / "a.key").touch()


def no_backup_since_1970(place: Place, env: dict[str, str]) -> None:
    env.update(BACKUP_FOLDER=str(place.backups))
    place.backups.mkdir()
    (place.backups / ".begun").touch()
    os.utime(place.backups / ".begun", (0, 0))


FAULTS: dict[str, Plant] = {
    "setting_wrong": lambda _, env: env.update(PORT="x"),
    "public_not_https": lambda _, env: env.update(
        PUBLIC_URL="http://study.example", MAIL_CHANNEL="smtp", SMTP_HOST="127.0.0.1", MAIL_FROM="a@study.example"
    ),
    "no_trusted_proxies": lambda _, env: env.update(PUBLIC_URL="https://127.0.0.1:1"),
    "mail_stays_here": lambda _, env: env.update(PUBLIC_URL="https://study.example", TRUSTED_PROXIES="10.0.0.0/8"),
    "insecure_cookies": lambda _, env: env.update(INSECURE_COOKIES="true"),
    "one_role": lambda _, env: env.pop("MIGRATION_DATABASE_URL"),
    "no_home": lambda place, _: shutil.rmtree(place.home),
    "home_not_writable": lambda place, _: place.monkeypatch.setattr(os, "access", lambda *_: False),
    "disk_nearly_full": lambda place, _: full(place),
    "master_key_gone": lambda place, _: without_master_key(place),
    "key_readable": lambda place, _: (place.home / "keys" / "links.key").chmod(0o644),
    "key_damaged": lambda place, _: (place.home / "keys" / "links.key").write_bytes(b"short"),
    "no_backup": no_backup_since_1970,
    "backup_old": lambda place, env: (
        env.update(BACKUP_FOLDER=str(place.backups)),
        place.backup(datetime.now(UTC) - timedelta(days=3)),
    ),
    "backup_damaged": lambda place, env: (
        env.update(BACKUP_FOLDER=str(place.backups)),
        place.backup(datetime.now(UTC), damaged=True),
    ),
    "no_database": lambda _, env: (env.pop("DATABASE_URL"), env.pop("MIGRATION_DATABASE_URL")),
    "database_away": lambda _, env: env.update(DATABASE_URL=f"postgresql://a:b@{NOWHERE}/c"),
    "schema_older": lambda place, _: place.do("UPDATE alembic_version SET version_num = '0001'"),
    "schema_newer": lambda place, _: place.do("UPDATE alembic_version SET version_num = '9999'"),
    "right_missing": lambda place, _: place.do("REVOKE SELECT ON plans FROM higherstudy_app"),
    "application_owns": lambda place, env: env.update(DATABASE_URL=place.database.owner_url),
    "index_invalid": lambda place, _: place.do(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_outbox_waiting'::regclass", as_superuser=True
    ),
    "read_only": lambda place, _: place.do(
        f'ALTER DATABASE "{place.database.name}" SET default_transaction_read_only = on', as_superuser=True
    ),
    "few_connections": lambda _, env: env.update(DATABASE_CONNECTIONS="5000"),
    "redis_away": lambda _, env: env.update(REDIS_URL=f"redis://{NOWHERE}/0"),
    "scanner_away": lambda _, env: env.update(CLAMD=NOWHERE),
    "store_away": lambda _, env: env.update(
        S3_BUCKET="papers", S3_ENDPOINT_URL=f"http://{NOWHERE}", S3_ACCESS_KEY_ID="a", S3_SECRET_ACCESS_KEY="b"
    ),
    "mail_server_away": lambda _, env: env.update(
        MAIL_CHANNEL="smtp", SMTP_HOST="127.0.0.1", SMTP_PORT="1", MAIL_FROM="a@study.example"
    ),
    "jobs_parked": lambda place, _: place.do(job("parked")),
    "jobs_late": lambda place, _: place.do(job("waiting")),
    "outbox_late": lambda place, _: place.do(LATE_EVENT),
    "invariants_unlooked": lambda place, _: place.do(invariants("now() - interval '9 hours'", "{}")),
    "invariant_broken": lambda place, _: place.do(invariants("now()", '{"job_done_once": {"breaches": 3}}')),
    "file_missing": lambda place, _: place.paper(None),
    "file_damaged": lambda place, _: place.paper(b"something else"),
}
TOGETHER = {"public_not_https": {"mail_server_away"}}
"""What cannot be had without another fault."""


@pytest.fixture
def own(postgres: servers.Cluster, migrated: servers.Database) -> Iterator[servers.Database]:
    """A database of one test's own: what is planted there stays."""
    database = postgres.fresh("doctor", migrated)
    yield database
    postgres.drop(database)


@pytest.fixture
def place(tmp_path: Path, own: servers.Database, postgres: servers.Cluster, monkeypatch: pytest.MonkeyPatch) -> Place:
    home = tmp_path / "home"
    (home / "keys").mkdir(parents=True)
    for name in ("master.key", "links.key"):
        (home / "keys" / name).touch(mode=0o600)
        (home / "keys" / name).write_bytes(b"k" * 32)
    return Place(home, own, postgres.admin_url, monkeypatch)


def settings_of(place: Place) -> dict[str, str]:
    return {
        "HIGHERSTUDY_HOME": str(place.home),
        "DATABASE_URL": place.database.app_url,
        "MIGRATION_DATABASE_URL": place.database.owner_url,
        "DATABASE_CONNECTIONS": "4",
    }


def found(environment: Environment, clock: MemoryClock | None = None) -> dict[str, Finding]:
    async def every() -> dict[str, Finding]:
        return {one.code: one async for one in look(environment, clock=clock)}

    return asyncio.run(every())


def test_where_nothing_is_wrong_nothing_is_found(place: Place) -> None:
    assert set(found(settings_of(place))) <= OF_THE_TESTS | {"rules_stale"}  # packs are reviewed as years go by


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_a_planted_fault_is_found_with_its_cause_and_what_mends_it(code: str, place: Place) -> None:
    environment = settings_of(place)
    FAULTS[code](place, environment)

    ours = {name: one for name, one in found(environment).items() if name not in OF_THE_TESTS | {"rules_stale"}}

    assert set(ours) - TOGETHER.get(code, set()) == {code}
    for language in ("en", "bn"):
        words = Messages(language)
        cause, mend = words.reason(ours[code].cause), words.reason(ours[code].mend)
        assert not cause.startswith("doctor.")
        assert not mend.startswith("doctor.")
        assert "{" not in cause + mend


def test_stale_rules_and_a_clock_that_is_ahead_are_found(place: Place) -> None:
    codes = set(found(settings_of(place), MemoryClock(datetime(2061, 1, 1, tzinfo=UTC)))) - OF_THE_TESTS

    assert codes == {"rules_stale", "clock_apart"}


def test_a_store_that_is_asked_in_the_open_is_found() -> None:
    settings = read_settings({"S3_BUCKET": "papers", "S3_ENDPOINT_URL": "http://store.example:9000"})

    assert [one.code for one in of_settings(settings)] == ["store_in_the_open"]


async def test_whoever_holds_a_transaction_open_is_named(place: Place) -> None:
    reading = Reading(place.database.owner_url)
    connection = await asyncpg.connect(place.database.owner_url)
    try:
        await connection.execute("BEGIN")
        [(pid, _)] = (await asked(reading, idle_for=timedelta())).idle_in_transaction
        assert pid == connection.get_server_pid()
        assert (await asked(reading)).idle_in_transaction == []
    finally:
        await connection.close()
        reading.end()


def test_every_sentence_of_the_doctor_is_of_a_fault_that_was_planted_or_named_here() -> None:
    elsewhere = {
        "store_in_the_open", "clock_apart", "rules_stale", "idle_in_transaction",  # above
        "unsafe_setting", "no_scanner",  # of the server of the tests
        "no_vacuum", "wraparound", "rules_behind", "database_does_not_start",  # cannot be planted in one database
    }  # fmt: skip
    sentences = {code.removeprefix("doctor.") for code in known_codes("en") if code.startswith("doctor.")}

    assert {code.removesuffix("_mend") for code in sentences} == {*FAULTS, *elsewhere}
