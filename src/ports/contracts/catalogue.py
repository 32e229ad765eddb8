"""What any keeper of the catalogue must do."""

from uuid import uuid4

import pytest

from ...domain.catalogue.programme import Level, Programme
from ...domain.catalogue.search import Position, ProgrammeQuery
from ...domain.imports.catalogue_import import Table
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import InstitutionId, ProgrammeId
from ...domain.shared.money import Money
from ..transactions import Transactions
from .catalogue_rows import Keeper, a_programme, an_institution


class CatalogueContract:
    """Override ``transactions`` with a store's; what else it holds does not matter."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on the store."""
        raise NotImplementedError

    @pytest.fixture
    def keeper(self, transactions: Transactions) -> Keeper:
        """Keeps rows in a catalogue of this test's own."""
        return Keeper(transactions)

    async def test_a_kept_programme_says_what_its_row_said(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        [id_] = await keeper.add(Table.PROGRAMMES, a_programme(keeper.origin, "Marine Biology"))

        async with keeper.transactions() as work:
            found = await work.catalogue.programme(ProgrammeId(id_))

        assert (found.name, found.level, found.fields, found.languages) == (
            "Marine Biology", Level.MASTER, ("0511",), ("en",),
        )  # fmt: skip
        assert found.tuition is not None
        assert (found.tuition.money, found.tuition_a_year) == (Money.of(56_000, "AUD"), Money.of(28_000, "AUD"))
        assert (found.institution.name, found.institution.country) == ("Coast University", "AU")
        assert found.source.url == "https://example.org/"

    async def test_a_programme_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.catalogue.programme(ProgrammeId(uuid4()))
            with pytest.raises(NotFound):
                await work.catalogue.institution(InstitutionId(uuid4()))
            assert await work.catalogue.find_by_key(uuid4().hex) is None

    async def test_programmes_come_in_the_order_of_their_ids_without_those_that_are_missing(
        self, keeper: Keeper
    ) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        rows = a_programme(keeper.origin, "Botany"), a_programme(keeper.origin, "Zoology")
        botany, zoology = map(ProgrammeId, await keeper.add(Table.PROGRAMMES, *rows))

        async with keeper.transactions() as work:
            found = await work.catalogue.programmes([zoology, ProgrammeId(uuid4()), botany])
            none = await work.catalogue.programmes([])

        assert ([programme.name for programme in found], list(none)) == (["Zoology", "Botany"], [])

    async def test_a_programme_and_its_institution_are_found_by_key_and_id(self, keeper: Keeper) -> None:
        [institution_id] = await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        await keeper.add(Table.PROGRAMMES, a_programme(keeper.origin, "Botany"))

        async with keeper.transactions() as work:
            programme = await work.catalogue.find_by_key(f"{keeper.origin}:Botany")
            institution = await work.catalogue.institution(InstitutionId(institution_id))

        assert programme is not None
        assert programme.institution == institution

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            (ProgrammeQuery(text="ACOUSTICS zurich"), {"Acoustics at Zürich"}),
            (ProgrammeQuery(text="coast 50%"), {"Ethics, 50% online"}),
            (ProgrammeQuery(text="coast", levels=(Level.BACHELOR,)), {"Nursing"}),
            (ProgrammeQuery(text="coast", fields=("05", "0913")), {"Acoustics at Zürich", "Nursing"}),
            (ProgrammeQuery(text="coast", languages=("fr", "de")), {"Acoustics at Zürich"}),
            (ProgrammeQuery(text="coast", countries=("NZ",)), set()),
            (ProgrammeQuery(text="welding"), set()),
            (ProgrammeQuery(text="welding", include_expired=True), {"Welding"}),
            (ProgrammeQuery(text="welding acoustics", include_expired=True), set()),
        ],
    )
    async def test_a_search_finds_what_fits_and_nothing_else(
        self, keeper: Keeper, query: ProgrammeQuery, expected: set[str]
    ) -> None:
        await _a_few(keeper)

        async with keeper.transactions() as work:
            found = [p async for p in work.catalogue.every(query) if p.key.startswith(keeper.origin)]

        assert {programme.name for programme in found} == expected

    async def test_pages_follow_one_another_by_name_and_id_and_miss_nothing(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin, "Coast University"))
        word = uuid4().hex[:12]
        names = [f"{word} b", f"{word} B", f"{word} a", f"{word} é", f"{word} b"]
        rows = [a_programme(keeper.origin, n, key=f"{keeper.origin}:{i}") for i, n in enumerate(names)]
        await keeper.add(Table.PROGRAMMES, *rows)
        query = ProgrammeQuery(text=word)

        pages: list[Programme] = []
        async with keeper.transactions() as work:
            after = None
            while page := await work.catalogue.search(query, after, 2):
                pages += page
                after = Position(page[-1].name, page[-1].id)
            every = [programme async for programme in work.catalogue.every(query)]

        assert [p.name for p in pages] == sorted(names)
        assert pages == sorted(pages, key=lambda p: (p.name, p.id)) == every

    async def test_a_withdrawn_programme_stays_and_counts_as_expired(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
        ids = await keeper.add(Table.PROGRAMMES, a_programme(keeper.origin, "Botany"))

        await keeper.withdraw(Table.PROGRAMMES, ids)

        async with keeper.transactions() as work:
            found = await work.catalogue.programme(ProgrammeId(ids[0]))
            offered = [p async for p in work.catalogue.every(ProgrammeQuery()) if p.key.startswith(keeper.origin)]
        assert (found.expired, offered) == (True, [])


async def _a_few(keeper: Keeper) -> None:
    await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))
    await keeper.add(
        Table.PROGRAMMES,
        a_programme(keeper.origin, "Acoustics at Zürich", fields=("0533",), languages=("de", "en")),
        a_programme(keeper.origin, "Nursing", level="bachelor", fields=("0913",)),
        a_programme(keeper.origin, "Ethics, 50% online", fields=("0223",)),
        a_programme(keeper.origin, "Welding", fields=(), expired=True),
    )
