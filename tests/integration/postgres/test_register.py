"""Both editions of the Australian register as issued, into PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from registers import a_course, a_register
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.tables_catalogue import catalogue_history, imports, programmes
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.workbooks.cricos import CricosWorkbook
from higherstudy.domain.catalogue.programme import Level
from higherstudy.domain.catalogue.search import ProgrammeQuery
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.imports.catalogue_import import Counts, Import, Table
from higherstudy.domain.imports.use_cases.importing import ImportCatalogue
from higherstudy.domain.imports.use_cases.reading import ListRowProblems
from higherstudy.domain.shared.ids import AccountId

DATA = Path(__file__).parents[4] / "shared" / "data" / "cricos"
FIRST, SECOND = DATA / "cricos-2022-10-04.xlsx", DATA / "cricos-2023-01-03.xlsx"
KEEPER = Asker(AccountId(SystemIds().new()), frozenset({Role.ADMIN}))

as_issued = pytest.mark.skipif(
    not (FIRST.exists() and SECOND.exists()), reason="the register's workbooks are not in ../shared/data/cricos"
)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def transactions(engine: AsyncEngine) -> PostgresTransactions:
    return PostgresTransactions(engine, SystemIds())


async def take(transactions: PostgresTransactions, path: Path, *, dry_run: bool = False) -> Import:
    return await ImportCatalogue(transactions, SystemIds())(KEEPER, CricosWorkbook(path), dry_run=dry_run)


@pytest.mark.slow
@as_issued
async def test_the_second_edition_over_the_first_is_an_update(
    transactions: PostgresTransactions, engine: AsyncEngine
) -> None:
    first = await take(transactions, FIRST)
    dry = await take(transactions, SECOND, dry_run=True)
    second = await take(transactions, SECOND)
    again = await take(transactions, SECOND)

    assert first.counts[Table.PROGRAMMES] == Counts(read=25_668, added=25_668)
    assert second.counts[Table.PROGRAMMES] == Counts(
        read=25_687, added=634, changed=5_495, removed=615, unchanged=25_687 - 634 - 5_495
    )
    assert second.counts[Table.OFFERINGS].read == 46_057
    assert second.counts[Table.INSTITUTIONS] == Counts(read=1_394, added=27, changed=116, removed=6, unchanged=1_251)
    assert dry.counts == second.counts
    assert again.changed_nothing
    async with transactions() as work:
        higher = ProgrammeQuery(levels=(Level.DIPLOMA, Level.BACHELOR, Level.MASTER, Level.DOCTORATE))
        taught = [p.institution.key async for p in work.catalogue.every(higher) if not p.expired]
        problems = await work.imports.problems(second.id, 0, 10_000)
    assert len(taught) > 13_000
    assert [problem.number for problem in problems] == list(range(1, second.problems + 1))
    assert sum(problem.code == "import.fee_zero" for problem in problems) == 380
    assert sum(problem.code == "import.no_location" for problem in problems) == 32
    history = catalogue_history.c
    async with engine.connect() as connection:
        kept = await connection.execute(
            select(history.change, func.count())
            .where(history.import_id == second.id, history.table_name == "programmes")
            .group_by(history.change)
        )
        in_level = select(func.count()).where(
            programmes.c.level != "other", ~programmes.c.withdrawn, programmes.c.origin == "cricos"
        )
        higher_education = (await connection.execute(in_level)).scalar_one()
    changes = {row.change: row[1] for row in kept}
    assert (changes["changed"], changes["withdrawn"]) == (5_495, 615)
    assert higher_education == 13_562


async def test_what_a_change_put_aside_is_kept(
    transactions: PostgresTransactions, engine: AsyncEngine, tmp_path: Path
) -> None:
    await take(transactions, a_register(tmp_path / "1.xlsx"))
    changed = a_register(tmp_path / "2.xlsx", courses=[a_course(**{"Tuition Fee": 90_000})])

    run = await take(transactions, changed)

    query = select(catalogue_history.c.before).where(
        catalogue_history.c.import_id == run.id, catalogue_history.c.before["key"].astext == "cricos:900001A"
    )
    async with engine.connect() as connection:
        before = (await connection.execute(query)).scalar_one()
    assert (before["tuition_minor"], before["stated"]["tuition"], len(before["campus_ids"])) == (8_000_050, 80_000.5, 1)


async def test_an_import_that_breaks_off_leaves_nothing_behind(
    transactions: PostgresTransactions, engine: AsyncEngine, tmp_path: Path
) -> None:
    path = a_register(tmp_path / "register.xlsx", courses=[a_course("900077A")], course_locations=[])

    def power_cut(table: Table, read: int) -> None:
        if table is Table.PROGRAMMES and read:
            raise RuntimeError("the machine stops here")

    with pytest.raises(RuntimeError):
        await ImportCatalogue(transactions, SystemIds())(KEEPER, CricosWorkbook(path), progress=power_cut)

    async with transactions() as work:
        assert await work.catalogue.find_by_key("cricos:900077A") is None
    async with engine.connect() as connection:
        states = (await connection.execute(select(imports.c.state).where(imports.c.file_name == path.name))).scalars()
        assert list(states) == ["broken_off"]
    run = await take(transactions, path)
    assert run.counts[Table.PROGRAMMES].added == 1
    assert len(await ListRowProblems(transactions)(KEEPER, run.id)) == 1
