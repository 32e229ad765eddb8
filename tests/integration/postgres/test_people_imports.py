"""Files about people over PostgreSQL: taken in batches, undone, and gone with whom they are about."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from importing import Importing, a_counsellor_in, confirmed
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from waiting import until
from worlds import World, owned, staff

from higherstudy.adapters import bundled
from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.adapters.workbooks.catalogue_toml import CatalogueToml
from higherstudy.domain.applications.application import State as ApplicationState
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.identity.scopes import Scope
from higherstudy.domain.imports.catalogue_import import Counts, ImportKind, State, Table
from higherstudy.domain.imports.use_cases.importing import ImportCatalogue
from higherstudy.domain.imports.use_cases.offers import AcceptRecordOffer, ListRecordOffers, ShowFiled, TraceProfile
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.rights.erasure import Because, Erasure
from higherstudy.domain.shared.ids import ErasureId

HEADER = "student,programme,institution,term,starts_on,state,deadline,deadline_zone,portal_reference"


@dataclass
class OnPostgres(World):
    """The small world, with a database in the place of its store."""

    url: str = ""
    ids: Any = field(default_factory=SystemIds)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.engine = create_engine(self.url)
        self.transactions = PostgresTransactions(self.engine, SystemIds())
        self.rule_packs: Any = BundledRulePacks()
        self.zones: Any = SystemZones()


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[OnPostgres]:
    world = OnPostgres(url=database_url)
    yield world
    await world.engine.dispose()


async def an_importing(world: OnPostgres) -> Importing:
    sender = await a_counsellor_in(world.transactions, world.ids, f"{uuid4().hex}@example.org")
    return Importing(world, sender)


async def counted(engine: AsyncEngine, table: str, where: str, **given: object) -> int:
    async with engine.connect() as connection:
        query = text(f"SELECT count(*) FROM {table} WHERE {where}")
        return int((await connection.execute(query, given)).scalar_one())


async def test_applications_are_begun_for_whoever_has_let_and_withdrawn_again(world: OnPostgres) -> None:
    catalogue = Path(bundled.__file__).with_name("catalogue") / "germany.toml"
    await ImportCatalogue(world.transactions, SystemIds())(staff(), CatalogueToml(catalogue))
    async with world.transactions() as work:
        programme = await work.catalogue.find_by_key("tum-informatics-msc")
        assert programme is not None
        starts_on = work.now.date().replace(year=work.now.year + 2, month=10, day=1).isoformat()
    importing = await an_importing(world)
    letting, other = (f"{uuid4().hex}@example.org" for _ in range(2))
    student = await world.student(letting)
    await world.student(other)
    await importing.granted(student, Scope.ACT)
    intake = f"{programme.institution.name},{programme.intakes[0].term},{starts_on}"
    says = "submitted,2027-05-31,Europe/Berlin,U-4711"

    run = await importing.applications(
        HEADER,
        f"{letting},{programme.name},{intake},{says}",
        f"{other},{programme.name},{intake},{says}",
        f"{uuid4().hex}@example.org,{programme.name},{intake},{says}",
        f"{letting},{programme.name[:-1]}k,{intake},{says}",
    )
    problems = await importing.problems(run)
    async with world.transactions() as work:
        [application] = await work.applications.of_student(owned(student))
    filed = await ShowFiled(world.transactions)(student, application.id)
    undone = await importing.undone(run)
    async with world.transactions() as work:
        [withdrawn] = await work.applications.of_student(owned(student))

    assert run.counts == {Table.APPLICATIONS: Counts(read=4, added=1, refused=3)}, problems
    assert [(one.row, one.code) for one in problems] == [
        (3, "import.no_such_student"),
        (4, "import.no_such_student"),
        (5, "import.no_such_programme_but"),
    ]
    assert programme.key in str(problems[-1].suggestion)
    assert {name: says for name, (says, _) in filed.items()}["deadline"] == "2027-05-31T23:59 Europe/Berlin"
    assert undone.counts == {Table.APPLICATIONS: Counts(read=1, removed=1)}
    assert withdrawn.state is ApplicationState.WITHDRAWN
    on_behalf = "actor = :by AND on_behalf_of = :owner AND tag LIKE 'application.%'"
    given = {"by": importing.sender.account_id, "owner": student.account_id}
    assert await counted(world.engine, "outbox", on_behalf, **given) == 2
    end = "actor = :by AND on_behalf_of IS NULL AND tag LIKE 'import.%'"
    assert await counted(world.engine, "outbox", end, by=importing.sender.account_id) == 2


async def test_an_offer_is_accepted_traced_and_goes_with_her(world: OnPostgres) -> None:
    importing, email = await an_importing(world), f"{uuid4().hex}@example.org"
    run = await importing.students("email,Full name,name,nationality", f"{email},,Nusrat Jahan,BD")
    student = await confirmed(world, await world.student(email, Profile()))
    [found] = await ListRecordOffers(world.transactions)(student)
    await AcceptRecordOffer(world.transactions)(student, found.offer.id, frozenset({"name", "citizenships"}))
    origins = await TraceProfile(world.transactions)(student, owned(student))
    later = await importing.students("email,name", f"{email},Nusrat Rahman")

    await erased(world, student)

    assert {part: (one.import_id, one.row, one.columns) for part, one in origins.items()} == {
        "name": (run.id, 2, ("name",)),
        "citizenships": (run.id, 2, ("nationality",)),
    }
    assert later.counts == {Table.STUDENTS: Counts(read=1, added=1)}
    for table in ("import_rows", "record_offers"):
        assert await counted(world.engine, table, "import_id IN (:one, :two)", one=run.id, two=later.id) == 0


async def test_an_erasure_waits_for_the_batch_that_has_her_row_and_takes_what_it_made(world: OnPostgres) -> None:
    importing, email = await an_importing(world), f"{uuid4().hex}@example.org"
    student = await world.student(email, Profile())
    import_id = await importing.bring(ImportKind.STUDENTS, "email,name", f"{email},Nusrat Jahan")
    async with world.transactions() as work:
        run = await work.imports.get(import_id)
        run.begin()
        await work.imports.save(run)
    take, reached = importing.take, asyncio.Event()

    async def batch() -> None:
        async with world.transactions() as work:
            run = await work.imports.get(import_id)
            await take._taken(await take._around(work, run), None)
            reached.set()
            await until(lambda: somebody_waits(world.engine), 20)

    taking = asyncio.create_task(batch())
    await asyncio.wait_for(reached.wait(), 10)
    await erased(world, student)
    await taking

    assert await counted(world.engine, "record_offers", "email = :email", email=email) == 0
    assert await counted(world.engine, "import_rows", "about = :email", email=email) == 0


async def test_what_nobody_accepted_and_rows_that_nobody_works_on_go_with_their_time(world: OnPostgres) -> None:
    importing = await an_importing(world)
    run = await importing.students("email,name", f"{uuid4().hex}@example.org,Nusrat Jahan")

    async with world.engine.connect() as connection:
        lasting = (
            await connection.execute(
                text(
                    "SELECT o.until - o.offered_at, r.until - o.offered_at FROM record_offers o "
                    "JOIN import_rows r ON r.import_id = o.import_id WHERE o.import_id = :id"
                ),
                {"id": run.id},
            )
        ).one()

    assert run.state is State.FINISHED
    assert lasting[0] == timedelta(days=60)
    assert timedelta(days=29, hours=23) < lasting[1] <= timedelta(days=30)


async def somebody_waits(engine: AsyncEngine) -> bool:
    """Whether a transaction waits for what another one has locked."""
    return await counted(engine, "pg_locks", "NOT granted AND locktype = 'transactionid'") > 0


async def erased(world: OnPostgres, student: Asker) -> None:
    """Make a shell of her record, as an erasure does at its end."""
    async with world.transactions() as work:
        erasure = Erasure(
            ErasureId(uuid4()), owned(student), student.account_id, Because.ASKED, None, work.now, work.now
        )
        erasure.begin(work.now)
        await work.erasures.add(erasure)
    async with world.transactions() as work:
        await work.erasures.wipe(owned(student))
