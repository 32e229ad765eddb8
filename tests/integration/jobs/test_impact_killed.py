"""A process that is killed while it works out an impact report leaves nothing out, and nobody is counted twice."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from rule_worlds import WINTER, germany
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from waiting import until
from worlds import staff

from higherstudy.adapters import bundled
from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.adapters.workbooks.catalogue_toml import CatalogueToml
from higherstudy.domain.impacts.impact import Impact, State
from higherstudy.domain.impacts.use_cases import FollowEdition, GetImpact
from higherstudy.domain.imports.use_cases.importing import ImportCatalogue
from higherstudy.domain.planning.plan import Plan
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.profile.student import Student
from higherstudy.domain.rulebook.use_cases.editions import ActivateEdition, GetEditionInForce, ProposePack
from higherstudy.domain.rulebook.use_cases.proposing import Proposal
from higherstudy.domain.shared.ids import AccountId, EventId, ImpactId, PlanId, StudentId
from higherstudy.entrypoints.jobs.process import running
from higherstudy.ports.transactions import Transactions
from study_builders import profile

from .impact_to_kill import counting
from .test_killed_process import QUICK

PROGRAM = Path(__file__).with_name("impact_to_kill.py")
STUDENTS = 130


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


async def test_the_report_goes_on_where_it_was_kept_last(database_url: str, engine: AsyncEngine) -> None:
    transactions = PostgresTransactions(engine, SystemIds())
    plans = await students_with_plans(transactions)
    impact_id = await an_edition_that_is_followed(transactions)
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), database_url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    reached = await asyncio.wait_for(process.stdout.readline(), 30)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    killed_at = await report(transactions, impact_id)

    async with running(transactions, SystemIds(), counting(transactions), rhythm=QUICK):
        await until(lambda: is_finished(transactions, impact_id), 30)

    whole = await report(transactions, impact_id)
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT data->>'plan_id' FROM outbox WHERE tag = 'plan.moved.v1'"))
        moved = [PlanId(UUID(one)) for one in found.scalars()]
    assert reached.decode().strip() == "in the middle"
    assert (killed_at.state, killed_at.totals.students) == (State.RUNNING, 50)
    assert (whole.totals.students, whole.totals.affected, whole.totals.top_up) == (STUDENTS, STUDENTS, STUDENTS)
    assert sorted(moved) == sorted(plans)


async def students_with_plans(transactions: Transactions) -> list[PlanId]:
    """Keep students who all aim at one German Master's; return their plans."""
    catalogue = Path(bundled.__file__).with_name("catalogue") / "germany.toml"
    await ImportCatalogue(transactions, SystemIds())(staff(), CatalogueToml(catalogue))
    async with transactions() as work:
        programme = await work.catalogue.find_by_key("tum-informatics-msc")
        assert programme is not None
        plans = []
        for _ in range(STUDENTS):
            student = Student(StudentId(uuid4()), AccountId(uuid4()), profile())
            targets = (TargetRef(programme.id, "winter", WINTER),)
            plan = Plan(PlanId(uuid4()), student.id, targets, work.now, (), SystemZones().version)
            await work.students.add(student)
            await work.plans.add(plan)
            plans.append(plan.id)
    return plans


async def an_edition_that_is_followed(transactions: Transactions) -> ImpactId:
    """Let another amount come into force, and begin the report of what that moves."""
    parts, keeper = (transactions, BundledRulePacks(), SystemIds()), staff()
    stored = await ProposePack(*parts)(keeper, germany(), "germany.toml")
    before = await GetEditionInForce(*parts)(keeper)
    activate = ActivateEdition(*parts)
    edition = await activate(keeper, Proposal((stored.sha256,)), before.number, reason="a new amount")
    event_id = EventId(uuid4())
    await FollowEdition(transactions, SystemIds())(edition.activated(before.sha256), event_id)
    return ImpactId(event_id)


async def report(transactions: Transactions, impact_id: ImpactId) -> Impact:
    impact, _ = await GetImpact(transactions)(staff(), impact_id, None, 1)
    return impact


async def is_finished(transactions: Transactions, impact_id: ImpactId) -> bool:
    return (await report(transactions, impact_id)).state is State.FINISHED
