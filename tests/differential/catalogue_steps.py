"""Steps over imports and the catalogue that they fill."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from differential.steps import FIXED, Memo, New, Numbers, Step, id_of, step
from hypothesis import strategies as st

from higherstudy.domain.catalogue.programme import Level
from higherstudy.domain.catalogue.search import Position, ProgrammeQuery
from higherstudy.domain.imports.catalogue_import import Import, ImportKind, RowProblem, Severity, Table
from higherstudy.domain.imports.comparing import Change
from higherstudy.domain.imports.rows import CampusRow, Edition, InstitutionRow, ProgrammeRow, digest_of
from higherstudy.domain.shared.ids import AccountId, ImportId, InstitutionId, ProgrammeId
from higherstudy.ports.contracts.catalogue_rows import a_campus, a_programme, an_institution
from higherstudy.ports.imports import CatalogueLoading
from higherstudy.ports.transactions import UnitOfWork

ACCOUNT, IMPORT, ROW = 1, 8, 9
ORIGINS = ("coast", "hill")
NAMES = ("Botany", "botany", "Zoölogie 50%", "Ökologie_x", "Acoustics")
CAMPUSES = ("Harbour", "Lake")


async def add_import(work: UnitOfWork, memo: Memo, n: int, minutes: int) -> Any:
    run = replace(_run(n), started_at=FIXED + timedelta(minutes=minutes))
    await work.imports.add(run)
    return run.version


async def get_import(work: UnitOfWork, memo: Memo, n: int) -> Any:
    return await work.imports.get(ImportId(id_of(IMPORT, n)))


async def save_import(work: UnitOfWork, memo: Memo, n: int, how: str, read: int, stale: int) -> Any:
    run = await work.imports.get(ImportId(id_of(IMPORT, n)))
    run.count(Table.PROGRAMMES).read += read
    run.problems, run.edition = read, "2027"
    if how == "finish":
        run.finish(FIXED)
    elif how == "refuse":
        run.refuse(FIXED)
    run.version -= stale
    await work.imports.save(run)
    return run.version


async def running_since(work: UnitOfWork, memo: Memo, minutes: int) -> Any:
    return await work.imports.running_since(FIXED + timedelta(minutes=minutes))


async def hold(work: UnitOfWork, memo: Memo, n: int) -> Any:
    """Nobody else is at it, so it is always ours."""
    return await work.imports.hold(ImportId(id_of(IMPORT, n)))


async def add_problems(work: UnitOfWork, memo: Memo, n: int, again: bool, count: int, text: str) -> Any:
    """Add the next problems; or, which is refused, some under numbers that are taken."""
    import_id = ImportId(id_of(IMPORT, n))
    await work.imports.get(import_id)
    first = 1 if again else 1 + len(await work.imports.problems(import_id, 0, 1000))
    new = [
        RowProblem(text, row, "Fee", "import.unknown_word", {"given": text, "n": row, "b": True}, Severity.WARNING, row)
        for row in range(first, first + count)
    ]
    await work.imports.add_problems(import_id, new)


async def problems(work: UnitOfWork, memo: Memo, n: int, after: int, limit: int) -> Any:
    return await work.imports.problems(ImportId(id_of(IMPORT, n)), after, limit)


async def load(work: UnitOfWork, memo: Memo, origin: str, edition: int, rows: list[tuple[int, str, int | None]]) -> Any:
    """Load the catalogue as an import would: what stands is changed, the rest is added, or what stands withdrawn."""
    run = replace(_run(edition), sha256=f"{edition:064d}")
    loading = await work.imports.loading(run, Edition(origin, f"The {origin} catalogue", f"{edition}"))
    await _foundation(loading, origin)
    stands = await loading.standing(Table.PROGRAMMES)
    for position, (number, campus, fee) in enumerate(rows):
        row = _programme(origin, number, campus, fee)
        if any(earlier == number for earlier, _, _ in rows[:position]):
            continue
        if row.key not in stands:
            await loading.add(Table.PROGRAMMES, [(_row_id(row), row)])
        elif fee is None:
            await loading.withdraw(Table.PROGRAMMES, [_row_id(row)])
        else:
            await loading.change(Table.PROGRAMMES, [(Change.CHANGED, _row_id(row), row)])
    await loading.finish()
    return await loading.standing(Table.PROGRAMMES)


async def take_key(work: UnitOfWork, memo: Memo, origin: str, other: str) -> Any:
    """Try to add an institution under a key that the other catalogue may have."""
    loading = await work.imports.loading(_run(0), Edition(origin, "A catalogue", "1"))
    await loading.standing(Table.INSTITUTIONS)
    memo.tries += 1
    await loading.add(Table.INSTITUTIONS, [(id_of(ROW, 100_000 + memo.tries), an_institution(other))])
    await loading.finish()


async def standing(work: UnitOfWork, memo: Memo, origin: str, table: Table) -> Any:
    loading = await work.imports.loading(_run(0), Edition(origin, "A catalogue", "1"))
    return await loading.standing(table)


async def places(work: UnitOfWork, memo: Memo, origin: str) -> Any:
    loading = await work.imports.loading(_run(0), Edition(origin, "A catalogue", "1"))
    stands = await loading.standing(Table.PROGRAMMES)
    return dict(await loading.places([one.id for one in stands.values()]))


async def search(work: UnitOfWork, memo: Memo, query: ProgrammeQuery, limit: int) -> Any:
    """Look through all pages."""
    found: list[Any] = []
    after: Position | None = None
    while page := await work.catalogue.search(query, after, limit):
        found += page
        after = Position(page[-1].name, page[-1].id)
    every = [programme async for programme in work.catalogue.every(query)]
    return [[(one.id, one.name) for one in found], [one.id for one in every]]


async def by_key(work: UnitOfWork, memo: Memo, origin: str, name: str) -> Any:
    return await work.catalogue.find_by_key(f"{origin}:{name}")


async def by_id(work: UnitOfWork, memo: Memo, origin: str, number: int) -> Any:
    return await work.catalogue.programme(ProgrammeId(_row_id(_programme(origin, number, "", 1))))


async def by_ids(work: UnitOfWork, memo: Memo, origin: str, numbers: list[int]) -> Any:
    ids = [ProgrammeId(_row_id(_programme(origin, number, "", 1))) for number in numbers]
    return await work.catalogue.programmes(ids)


async def institution(work: UnitOfWork, memo: Memo, origin: str) -> Any:
    return await work.catalogue.institution(InstitutionId(_row_id(an_institution(origin))))


def _run(n: int) -> Import:
    return Import(
        ImportId(id_of(IMPORT, n)),
        ImportKind.CATALOGUE_CSV,
        "a.csv",
        "f" * 64,
        False,
        AccountId(id_of(ACCOUNT, 0)),
        FIXED,
    )


async def _foundation(loading: CatalogueLoading, origin: str) -> None:
    """Let the institution and its campuses stand."""
    rows: dict[Table, list[InstitutionRow | CampusRow]] = {
        Table.INSTITUTIONS: [an_institution(origin)],
        Table.CAMPUSES: [a_campus(origin, name) for name in CAMPUSES],
    }
    for table, wanted in rows.items():
        stands = await loading.standing(table)
        await loading.add(table, [(_row_id(row), row) for row in wanted if row.key not in stands])


def _programme(origin: str, number: int, campus: str, fee: int | None) -> ProgrammeRow:
    level = "master" if number % 2 else "bachelor"
    campuses = (f"{origin}:{campus}",) if campus else ()
    fields = ((), ("0511", "0913"), ("05",))[number % 3]
    name = NAMES[number]
    return a_programme(origin, name, level=level, campuses=campuses, fields=fields, tuition_minor=fee or 1)


def _row_id(row: InstitutionRow | CampusRow | ProgrammeRow) -> Any:
    """Return an id for the row that is told by its key."""
    return id_of(ROW, digest_of(row.key.encode()) >> 4)


Origins = st.sampled_from(ORIGINS)
Rows = st.lists(
    st.tuples(st.integers(0, len(NAMES) - 1), st.sampled_from(("", *CAMPUSES)), st.sampled_from((None, 100, 100, 200))),
    max_size=3,
)
Queries = st.builds(
    ProgrammeQuery,
    text=st.sampled_from(("", "BOTANY", "zoo", "50%", "o_", "coast", "ok logie", "%")),
    countries=st.sampled_from(((), ("AU",), ("DE",))),
    levels=st.sampled_from(((), (Level.MASTER,), (Level.MASTER, Level.BACHELOR))),
    fields=st.sampled_from(((), ("05",), ("0913", "07"))),
    languages=st.sampled_from(((), ("en", "de"), ("de",))),
    include_expired=st.booleans(),
)
Stale = st.sampled_from((0, 0, 0, 1))
Minutes = st.integers(0, 2)

CATALOGUE = (
    step(add_import, New, Minutes),
    step(get_import, Numbers),
    step(save_import, Numbers, st.sampled_from(("", "finish", "refuse")), st.integers(0, 3), Stale),
    step(running_since, Minutes),
    step(hold, Numbers),
    step(
        add_problems, Numbers, st.sampled_from((False, False, True)), st.integers(1, 2), st.sampled_from(("", "x", "ü"))
    ),
    step(problems, Numbers, st.integers(0, 3), st.integers(1, 3)),
    step(load, Origins, st.integers(1, 3), Rows),
    step(load, Origins, st.integers(1, 3), Rows),
    step(take_key, Origins, Origins),
    step(standing, Origins, st.sampled_from((Table.INSTITUTIONS, Table.CAMPUSES, Table.PROGRAMMES))),
    step(places, Origins),
    step(search, Queries, st.integers(1, 3)),
    step(by_key, Origins, st.sampled_from(NAMES)),
    step(by_id, Origins, st.integers(0, len(NAMES) - 1)),
    step(by_ids, Origins, st.lists(st.integers(0, len(NAMES) - 1), max_size=3)),
    step(institution, Origins),
)

A_CATALOGUE = (
    Step(add_import, (0, 0)),
    Step(load, ("coast", 1, [(0, "Harbour", 100), (1, "", 100), (2, "Lake", 200)])),
)
