"""A morning: a hundred thousand reminders that are due become queued messages, on PostgreSQL, against the bare
schedules of the same plans and a bare COPY of the same rows."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from benchmarks.results import Result
from higherstudy.adapters.bundled.catalogue import bundled_programmes
from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.adapters.bundled.sample import sample_case_text
from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres
from higherstudy.adapters.holidays.calendars import HolidaysCalendars
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.migrate import upgrade
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.system.secrets import SystemSecrets
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.adapters.workbooks.catalogue_toml import CatalogueToml
from higherstudy.domain.identity.account import Account, Asker, Role
from higherstudy.domain.impacts.use_cases import cases_of
from higherstudy.domain.impacts.working_out import schedule_of
from higherstudy.domain.imports.use_cases.importing import ImportCatalogue
from higherstudy.domain.notifications.use_cases.reminding import Remind
from higherstudy.domain.notifications.use_cases.saying import Say
from higherstudy.domain.planning.case import read_case
from higherstudy.domain.planning.plan import Plan
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.profile.student import Student
from higherstudy.domain.shared.ids import AccountId, PlanId, ProgrammeId, StudentId
from higherstudy.ports.transactions import UnitOfWork

REMINDERS = 100_000
DAYS = (*range(1, 8), *range(23, 31))
"""In so many days it is the last one to apply; for each there is a template of a student, with three targets."""
TARGETS = 3
_ON_THE_WAY = timedelta(weeks=8)
"""For so long papers are on their way by the rules, so that the deadline itself is later."""
SECONDS = 60.0
TIMES_BARE = 2.0
_CATALOGUE = """
[catalogue]
id = "morning"
title = "Deadlines of the next weeks"
edition = "1"

[[sources]]
id = "page"
title = "A page"
kind = "official"
retrieved_on = 2026-11-23

[[institutions]]
key = "morning-university"
name = "Morning University"
country = "DE"
zone = "Europe/Berlin"
source = "page"
"""
_PROGRAMME = """
[[programmes]]
key = "morning-{number}"
institution = "morning-university"
name = "Morning Studies {number}"
level = "master"
languages = ["en"]
source = "page"
confidence = "U"
synthetic = true
requirement = {{ degree = {{ level = "bachelor" }} }}

[[programmes.intakes]]
term = "winter"
starts_on = {starts}
[[programmes.intakes.deadlines]]
kind = "application"
on = {last}
time = "23:59"
zone = "Europe/Berlin"
basis = "received"
"""
# Each student of the many is one of the templates under ids of her own; the tables are filled as their owner.
_MANY = (
    """CREATE TEMPORARY TABLE many AS SELECT s.id AS template, s.account_id AS template_account,
       gen_random_uuid() AS id, gen_random_uuid() AS account_id, gen_random_uuid() AS plan_id, number
       FROM students s CROSS JOIN generate_series(1, $1::int) AS number""",
    """INSERT INTO accounts SELECT (jsonb_populate_record(a, jsonb_build_object('id', m.account_id, 'student_id', m.id,
       'email', m.number || '.' || a.email))).* FROM many m JOIN accounts a ON a.id = m.template_account""",
    """INSERT INTO students
       SELECT (jsonb_populate_record(s, jsonb_build_object('id', m.id, 'account_id', m.account_id))).*
       FROM many m JOIN students s ON s.id = m.template""",
    """INSERT INTO plans SELECT (jsonb_populate_record(p, jsonb_build_object('id', m.plan_id, 'student_id', m.id))).*
       FROM many m JOIN plans p ON p.student_id = m.template""",
    # What was said before lies there too: nobody's inbox is empty on an ordinary morning.
    """INSERT INTO messages
       (id, key, kind, about, account_id, address, student_id, language, params, said_at, read_at, version)
       SELECT gen_random_uuid(), 'before/' || m.number || '/' || m.id || '/' || before, 'receipt', 'before',
       m.account_id, '', m.id, 'en', '{}', now() - before * interval '9 days', now(), 1
       FROM many m, generate_series(1, 5) AS before""",
    """INSERT INTO deliveries
       (id, message_id, account_id, channel, state, due_at, attempts, unsure, gathered, provider_id, detail, version)
       SELECT gen_random_uuid(), id, account_id, 'email', 'delivered', said_at, 1, 0, false, id::text, '', 1
       FROM messages""",
    "DELETE FROM rounds",
    "INSERT INTO rounds SELECT id, now() FROM many",
    "ANALYZE",
)
_NEW = {"messages": "kind = 'reminder'", "deliveries": "state = 'waiting'", "jobs": "reaction = 'deliver'"}
_BARE = """CREATE TEMPORARY TABLE bare_messages (LIKE messages);
           CREATE TEMPORARY TABLE bare_deliveries (LIKE deliveries);
           CREATE TEMPORARY TABLE bare_jobs (LIKE jobs)"""


def measure() -> Iterator[Result]:
    """Yield in how many seconds the reminders of a morning are queued, and how many times the bare work that is."""
    with tempfile.TemporaryDirectory(prefix="higherstudy-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as endpoint:
            yield from asyncio.run(_measured(endpoint.owner_url, endpoint.app_url, Path(folder)))


async def _measured(owner_url: str, url: str, folder: Path) -> list[Result]:
    await upgrade(owner_url)
    engine, ids, zones, calendars = create_engine(url), SystemIds(), SystemZones(), HolidaysCalendars()
    transactions, packs = PostgresTransactions(engine, ids), BundledRulePacks()
    await _templates(transactions, ids, folder, packs)
    remind = reminder(transactions, ids)
    owner = await asyncpg.connect(owner_url)
    try:
        due = await remind()
        if due != TARGETS * len(DAYS):
            raise RuntimeError(f"{due} reminders are due")
        await owner.execute("DELETE FROM jobs; DELETE FROM messages")
        times = -(-REMINDERS // due)
        for statement in _MANY:
            await owner.execute(statement, *([times] if "$1" in statement else []))
        with ThreadPoolExecutor(1) as second:
            lane = second.submit(_second_worker, url)
            begun = time.perf_counter()
            new = await remind() + await asyncio.wrap_future(lane)
            seconds = time.perf_counter() - begun
        bare = await _bare(transactions, owner, packs, zones, calendars)
    finally:
        await owner.close()
        await engine.dispose()
    detail = f"{new} messages to {times * len(DAYS)} students in {seconds:.1f} s; bare {bare:.1f} s"
    return [
        Result("100,000 reminders queued: seconds", seconds * REMINDERS / new, SECONDS, detail),
        Result("the same: times bare schedules and COPY", seconds / bare, TIMES_BARE),
    ]


def reminder(transactions: PostgresTransactions, ids: SystemIds) -> Remind:
    """Return what looks through plans, as a worker has it."""
    packs, zones = BundledRulePacks(), SystemZones()
    say = Say(ids, SystemSecrets(), zones)
    return Remind(transactions, packs, zones, Messages("en", rulebook=packs.rulebook), say, HolidaysCalendars())


def _second_worker(url: str) -> int:
    """Return how many messages are new by a second process that helps until nothing is left."""
    done = subprocess.run([sys.executable, "-m", __name__, url], capture_output=True, text=True, check=True)
    return int(done.stdout)


async def _beside(url: str) -> int:
    engine, ids = create_engine(url), SystemIds()
    try:
        return await reminder(PostgresTransactions(engine, ids), ids)(beside=True)
    finally:
        await engine.dispose()


async def _templates(transactions: PostgresTransactions, ids: SystemIds, folder: Path, packs: BundledRulePacks) -> None:
    file = folder / "morning.toml"
    async with transactions() as work:
        today = work.now.date()
    programmes = [
        _PROGRAMME.format(number=number, last=today + timedelta(days) + _ON_THE_WAY, starts=today + timedelta(300))
        for number, days in enumerate(DAYS)
    ]
    file.write_text(_CATALOGUE + "".join(programmes), encoding="utf-8")
    keeper = Asker(AccountId(ids.new()), frozenset({Role.ADMIN}))
    await ImportCatalogue(transactions, ids)(keeper, CatalogueToml(file))
    known = {one.key: one for one in bundled_programmes()}
    case = read_case(sample_case_text(), "sample", packs.rulebook(), known, ZoneInfo)
    async with transactions() as work:
        for number in range(len(DAYS)):
            account, student = AccountId(ids.new()), StudentId(ids.new())
            email = f"student{number}@example.org"
            await work.accounts.add(Account(account, email, "", frozenset({Role.STUDENT}), student, work.now))
            await work.students.add(Student(student, account, replace(case.profile, circumstances={})))
            targets = tuple([await _target(work, (number + more) % len(DAYS)) for more in range(TARGETS)])
            plan = Plan(PlanId(ids.new()), student, targets, work.now, (), "")
            await work.plans.add(plan)
            await work.rounds.sooner([student])


async def _target(work: UnitOfWork, number: int) -> TargetRef:
    programme = await work.catalogue.find_by_key(f"morning-{number}")
    if programme is None:
        raise RuntimeError("the catalogue was not taken")
    [intake] = programme.intakes
    starts = min(one for year in range(2) if (one := intake.starts_in(work.now.year + year)) and one > work.now.date())
    return TargetRef(ProgrammeId(programme.id), intake.term, starts)


async def _bare(
    transactions: PostgresTransactions,
    owner: Any,
    packs: BundledRulePacks,
    zones: SystemZones,
    calendars: HolidaysCalendars,
) -> float:
    """Return the seconds of the bare work: each plan's schedule, and a COPY of the rows into tables without indexes."""
    rows = {name: await owner.fetch(f"SELECT * FROM {name} WHERE {which}") for name, which in _NEW.items()}
    await owner.execute(_BARE)
    seconds, rulebook = 0.0, packs.rulebook()
    lots = await owner.fetch("SELECT id FROM many")
    for at in range(0, len(lots), 500):
        async with transactions() as work:
            students = await work.students.several([StudentId(row["id"]) for row in lots[at : at + 500]])
            cases = await cases_of(work, students, zones, work.now, calendars)
        begun = time.perf_counter()
        for case in cases:
            for plan in case.plans:
                schedule_of(case, plan, rulebook)
        seconds += time.perf_counter() - begun
    begun = time.perf_counter()
    for name, found in rows.items():
        await owner.copy_records_to_table(f"bare_{name}", records=[tuple(row) for row in found])
    return seconds + time.perf_counter() - begun


if __name__ == "__main__":
    print(asyncio.run(_beside(sys.argv[1])))
