"""Rows of a small catalogue to keep, openly made up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from ...domain.catalogue.folding import folded
from ...domain.imports.catalogue_import import Import, ImportKind, Table
from ...domain.imports.comparing import Change
from ...domain.imports.reverting import Reverted
from ...domain.imports.rows import CampusRow, Edition, InstitutionRow, ProgrammeRow, digest_of, places_of
from ...domain.shared.ids import AccountId, ImportId
from ..imports import CatalogueLoading
from ..transactions import Transactions, UnitOfWork

AT = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)


def an_import(**changes: object) -> Import:
    """An import that has just begun."""
    given = {"id": ImportId(uuid4()), "by": AccountId(uuid4()), "sha256": uuid4().hex, **changes}
    given = {"kind": ImportKind.CATALOGUE_CSV, **given}
    return Import(file_name="programmes.csv", dry_run=False, started_at=AT, **given)  # type: ignore[arg-type]


def an_institution(origin: str, name: str = "Coast University", country: str = "AU") -> InstitutionRow:
    """An institution of the catalogue ``origin``."""
    key = f"{origin}:{name}"
    return InstitutionRow(
        key, name, country, "Perth", "", "public", "", None, '{"capacity": 20}', digest_of(key.encode())
    )


def a_campus(origin: str, name: str = "Harbour") -> CampusRow:
    """A campus of the university."""
    key = f"{origin}:{name}"
    return CampusRow(key, f"{origin}:Coast University", name, "Perth", "WA", "6000", None, digest_of(key.encode()))


def a_programme(origin: str, name: str = "Marine Biology", **changes: object) -> ProgrammeRow:
    """A programme of the university; changes of ``campuses`` and content show in its digests."""
    given: dict[str, object] = {
        "key": f"{origin}:{name}",
        "institution_key": f"{origin}:Coast University",
        "name": name,
        "search": folded(name),
        "level": "master",
        "award": "",
        "fields": ("0511",),
        "languages": ("en",),
        "country": "AU",
        "duration_months": None,
        "duration_weeks": 104,
        "tuition_minor": 5_600_000,
        "tuition_currency": "AUD",
        "tuition_per": "programme",
        "expired": False,
        "synthetic": True,
        "details": None,
        "stated": '{"level": "Masters Degree (Coursework)"}',
        "campuses": (),
        **changes,
    }
    campuses, number = given.pop("campuses"), given.pop("number", 0)
    digests = [digest_of(str(campus).encode()) for campus in campuses]  # type: ignore[attr-defined]
    digest = digest_of(repr(sorted(given.items())).encode())
    return ProgrammeRow(**given, digest=digest, campuses=campuses, places=places_of(digests), number=number)  # type: ignore[arg-type]


@dataclass
class Keeper:
    """Keeps rows as an import would, each call in a unit of work of its own."""

    transactions: Transactions
    origin: str = field(default_factory=lambda: f"test-{uuid4().hex[:8]}")
    last: Import = field(default_factory=an_import)

    def edition(self) -> Edition:
        """The edition of the catalogue that the rows belong to."""
        return Edition(self.origin, "A catalogue made up for this test", "2027-01-04", url="https://example.org/")

    async def add(self, table: Table, *rows: InstitutionRow | CampusRow | ProgrammeRow) -> list[UUID]:
        """Keep new rows and return their ids; ``last`` is then the import that did."""
        ids = [uuid4() for _ in rows]
        self.last = run = self._an_import()
        async with self.transactions() as work:
            await work.imports.add(run)
            loading = await self._loading(work, run)
            await loading.add(table, list(zip(ids, rows, strict=True)))
            await loading.finish()
        return ids

    async def change(self, table: Table, *rows: tuple[Change, UUID, InstitutionRow | ProgrammeRow]) -> Import:
        """Put rows in the place of what stands, and return the import that did."""
        run = self._an_import()
        async with self.transactions() as work:
            loading = await self._loading(work, run)
            await loading.change(table, rows)
            await loading.finish()
        return run

    async def withdraw(self, table: Table, ids: Sequence[UUID]) -> Import:
        """Mark rows as withdrawn, and return the import that did."""
        run = self._an_import()
        async with self.transactions() as work:
            loading = await work.imports.loading(run, self.edition())
            await loading.withdraw(table, ids)
            await loading.finish()
        return run

    async def revert(self, undone: Import, *, dry_run: bool = False) -> dict[Table, Reverted]:
        """Take back what the import did, and return what came of it for each table."""
        run = an_import(origin=self.origin)
        run.dry_run = dry_run
        async with self.transactions() as work:
            reverting = await work.imports.reverting(run, undone)
            order = (Table.PROGRAMMES, Table.CAMPUSES, Table.INSTITUTIONS)
            done = {table: await reverting.revert(table) for table in order}
            await reverting.finish()
        return done

    def _an_import(self) -> Import:
        return an_import(origin=self.origin)

    async def _loading(self, work: UnitOfWork, run: Import) -> CatalogueLoading:
        loading = await work.imports.loading(run, self.edition())
        for known in Table.INSTITUTIONS, Table.CAMPUSES:
            await loading.standing(known)
        return loading
