"""A counsellor's queue over three hundred students on PostgreSQL, against the same plans' bare schedules in a loop."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.results import Result
from higherstudy.adapters.bundled import catalogue
from higherstudy.adapters.bundled.catalogue import bundled_programmes
from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.adapters.bundled.sample import sample_case_text
from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres
from higherstudy.adapters.holidays.calendars import HolidaysCalendars
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.migrate import upgrade
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.adapters.workbooks.catalogue_toml import CatalogueToml
from higherstudy.domain.counselling.use_cases.queue import AskQueue
from higherstudy.domain.documents.document import Document, Stated, Version
from higherstudy.domain.identity.account import Account, Asker, Role
from higherstudy.domain.identity.grant import Grant
from higherstudy.domain.identity.scopes import Granted, Kind, Scope
from higherstudy.domain.impacts.use_cases import cases_of
from higherstudy.domain.impacts.working_out import Stuck, StudentCase, schedule_of
from higherstudy.domain.imports.use_cases.importing import ImportCatalogue
from higherstudy.domain.planning.case import read_case
from higherstudy.domain.planning.plan import Plan
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.profile.student import Student
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.shared.ids import AccountId, DocumentId, GrantId, PlanId, ProgrammeId, StudentId
from higherstudy.ports.transactions import UnitOfWork

STUDENTS, PAPERS, TARGETS = 300, 20, 12
ROUNDS = 7
LIMIT, LIMIT_AGAIN = 2.0, 0.5
MOST_STATEMENTS = 20
_SCOPES = frozenset({Scope.READ_PLAN, Scope.READ_PAPERS})


def measure() -> Iterator[Result]:
    """Yield the time of the ten next of three hundred students as a ratio to their schedules, and how many statements
    it takes; the two follow each other, each second time the other way round, and medians count."""
    with tempfile.TemporaryDirectory(prefix="higherstudy-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as endpoint:
            yield from asyncio.run(_measured(endpoint.owner_url, endpoint.app_url))


async def _measured(owner_url: str, url: str) -> list[Result]:
    await upgrade(owner_url)
    engine, ids, zones, calendars = create_engine(url), SystemIds(), SystemZones(), HolidaysCalendars()
    transactions, packs = PostgresTransactions(engine, ids), BundledRulePacks()
    rulebook, catalogue_stands = packs.rulebook(), _Standing()
    asker = await _fill(transactions, ids, rulebook)
    ask = AskQueue(transactions, packs, zones, catalogue_stands, calendars)
    async with transactions() as work:
        students = await work.students.several(list(asker.grants))
        cases = await cases_of(work, students, zones, work.now, calendars)

    async def ours() -> None:
        page = await ask(asker, None, 10, _breathe)
        if len(page.items) != 10 or page.students != STUDENTS:
            raise RuntimeError("the queue is not whole")

    async def anew() -> None:
        catalogue_stands.edition += 1
        await ours()

    async def bare() -> None:
        stuck = [case for case in cases for plan in case.plans if isinstance(schedule_of(case, plan, rulebook), Stuck)]
        if stuck:
            raise RuntimeError("a plan cannot be worked out")

    rounds = []
    for at in range(ROUNDS + 1):
        runs = (anew, ours, bare)
        times = {run: await _seconds(run) for run in (runs if at % 2 else reversed(runs))}
        rounds.append((times[anew], times[ours], times[bare]))
    first, again, other = (statistics.median(column) * 1000 for column in zip(*rounds[1:], strict=True))
    what = f"plans of {_steps(cases[0], rulebook)} steps, {PAPERS} papers each"
    statements = [await _statements(engine, run) for run in (anew, ours)]
    await engine.dispose()
    return [
        Result(
            f"a queue of {STUDENTS}, all found anew: times the schedules",
            statistics.median(row[0] / row[2] for row in rounds[1:]),
            LIMIT,
            f"{first:.0f} against {other:.0f} ms, {what}",
        ),
        Result(
            "the same asked again: times the schedules",
            statistics.median(row[1] / row[2] for row in rounds[1:]),
            LIMIT_AGAIN,
            f"{again:.0f} ms",
        ),
        Result("the same: statements, found anew", statements[0], MOST_STATEMENTS),
        Result("the same: statements, asked again", statements[1], MOST_STATEMENTS),
    ]


async def _seconds(run: Callable[[], Awaitable[None]]) -> float:
    begun = time.perf_counter()
    await run()
    return time.perf_counter() - begun


async def _statements(engine: AsyncEngine, run: Callable[[], Awaitable[None]]) -> int:
    """Return how many statements are given to the driver, those that begin and end a transaction left out."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        sent.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        await run()
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
    return len(sent)


def _steps(case: StudentCase, rulebook: Rulebook) -> int:
    found = schedule_of(case, case.plans[0], rulebook)
    return 0 if isinstance(found, Stuck) else len(found[0].steps)


class _Standing:
    """A catalogue that changes when it is told to."""

    edition = 0

    async def current(self) -> str:
        """Return its edition."""
        return str(self.edition)


async def _breathe() -> None:
    await asyncio.sleep(0)


async def _fill(transactions: PostgresTransactions, ids: SystemIds, rulebook: Rulebook) -> Asker:
    """Fill the database, and return the counsellor."""
    file = Path(catalogue.__file__).parent / "catalogue"
    keeper = Asker(AccountId(ids.new()), frozenset({Role.ADMIN}))
    for one in sorted(file.glob("germany.toml")):
        await ImportCatalogue(transactions, ids)(keeper, CatalogueToml(one))
    case = read_case(sample_case_text(), "sample", rulebook, {p.key: p for p in bundled_programmes()}, ZoneInfo)
    counsellor = AccountId(ids.new())
    async with transactions() as work:
        await work.accounts.add(
            Account(counsellor, "counsellor@example.org", "", frozenset({Role.COUNSELLOR}), None, work.now)
        )
        refs = await _targets(work)
        granted = {}
        for number in range(STUDENTS):
            student_id, grant = await _student(work, ids, case.profile, refs, counsellor, number)
            granted[student_id] = (grant,)
    return Asker(counsellor, frozenset({Role.COUNSELLOR}), grants=granted)


async def _targets(work: UnitOfWork) -> tuple[TargetRef, ...]:
    """Return Master's in Germany whose studies begin the year after next."""
    keys = [one.key for one in bundled_programmes() if one.institution.country == "DE" and one.level.value == "master"]
    found: list[TargetRef] = []
    for key in keys:
        programme = await work.catalogue.find_by_key(key)
        for intake in programme.intakes if programme else ():
            starts = intake.starts_in(work.now.year + 2)
            if programme is not None and starts is not None and len(found) < TARGETS:
                found.append(TargetRef(ProgrammeId(programme.id), intake.term, starts))
                break
    return tuple(found)


async def _student(
    work: UnitOfWork,
    ids: SystemIds,
    profile: Profile,
    refs: Sequence[TargetRef],
    counsellor: AccountId,
    number: int,
) -> tuple[StudentId, Granted]:
    account, student = AccountId(ids.new()), StudentId(ids.new())
    email = f"student{number}@example.org"
    await work.accounts.add(Account(account, email, "", frozenset({Role.STUDENT}), student, work.now))
    await work.students.add(Student(student, account, replace(profile, name=f"STUDENT {number}", circumstances={})))
    targets = (*refs[number % TARGETS :], *refs[: number % TARGETS])
    await work.plans.add(Plan(PlanId(ids.new()), student, targets, work.now, (), ""))
    for at in range(PAPERS):
        await work.documents.add(_paper(ids, student, account, work.now, at))
    grant = Grant(
        id=GrantId(ids.new()),
        student_id=student,
        owner=account,
        kind=Kind.GIVEN,
        email="counsellor@example.org",
        scopes=_SCOPES,
        given_at=work.now,
        until=work.now + timedelta(days=90),
        account_id=counsellor,
        accepted_at=work.now,
    )
    await work.grants.add(grant)
    return student, grant.granted


def _paper(ids: SystemIds, student: StudentId, account: AccountId, now: Any, at: int) -> Document:
    kind = ("passport", "transcript", "language_certificate", "degree_certificate")[at % 4]
    document = Document(DocumentId(ids.new()), student, kind, label=f"Paper {at}")
    stated = Stated(date(2024, 1, 1), date(2027, 1, 1) if kind == "passport" else None)
    document.upload(Version(1, f"{at:064x}", 1024, "application/pdf", "paper.pdf", now, account, stated))
    return document
