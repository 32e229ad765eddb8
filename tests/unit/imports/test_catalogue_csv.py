"""Catalogues in our CSV and TOML forms are taken as documented."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest

from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.adapters.workbooks.catalogue_csv import OPTIONAL, REQUIRED, CatalogueCsv
from higherstudy.adapters.workbooks.catalogue_toml import CatalogueToml
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.adapters.workbooks.cricos import CricosWorkbook
from higherstudy.domain.catalogue.errors import BrokenCatalogue
from higherstudy.domain.catalogue.programme import FeePer, Programme
from higherstudy.domain.catalogue.reading import read_catalogue
from higherstudy.domain.catalogue.search import ProgrammeQuery
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.imports.catalogue_import import Counts, Import, Table
from higherstudy.domain.imports.use_cases.importing import ImportCatalogue
from higherstudy.domain.imports.use_cases.reading import ListRowProblems
from higherstudy.domain.shared.ids import AccountId
from higherstudy.domain.shared.money import Money
from higherstudy.ports.imports import CatalogueSource

IDS = MemoryIds(9)
ROOT = Path(__file__).parents[3]
KEEPER = Asker(AccountId(MemoryIds(7).new()), frozenset({Role.ADMIN}))
ROW = {
    "key": "data",
    "institution_key": "invented",
    "institution": "Invented University",
    "country": "DE",
    "name": "Data, and what it means",
    "level": "master",
    "fields": "0613 0541",
    "languages": "en de",
    "duration_months": "24",
    "tuition": "1500.50",
    "tuition_currency": "EUR",
    "tuition_per": "semester",
    "source_title": "A page made up for this test",
    "source_url": "https://example.org/data",
    "retrieved_on": "2026-11-04",
    "confidence": "U",
}


def a_csv(path: Path, *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


@pytest.fixture
def transactions() -> MemoryTransactions:
    return MemoryTransactions()


async def take(transactions: MemoryTransactions, source: CatalogueSource) -> Import:
    return await ImportCatalogue(transactions, IDS)(KEEPER, source)


async def programmes(transactions: MemoryTransactions) -> list[Programme]:
    async with transactions() as work:
        return [p async for p in work.catalogue.every(ProgrammeQuery(include_expired=True))]


WAYS = [
    ("cp1252", ",", [("csv.read_as", {"encoding": "Windows-1252"})]),
    ("utf-16", ",", [("csv.read_as", {"encoding": "UTF-16"})]),
    ("utf-8", ";", [("csv.separated_by", {"separator": ";"})]),
    ("utf-8", "\t", [("csv.separated_by", {"separator": "Tab"})]),
    ("utf-8-sig", "|", [("csv.separated_by", {"separator": "|"})]),
]


@pytest.mark.parametrize(("encoding", "separator", "said"), WAYS)
async def test_other_encodings_and_separators_are_found_and_said(
    transactions: MemoryTransactions,
    tmp_path: Path,
    encoding: str,
    separator: str,
    said: list[tuple[str, dict[str, str]]],
) -> None:
    row = {**ROW, "institution": 'Universität, Zürich; "Nord"|Süd'}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row), delimiter=separator)
    writer.writeheader()
    writer.writerow(row)
    path = tmp_path / "mine.csv"
    path.write_bytes(text.getvalue().encode(encoding))

    run = await take(transactions, CatalogueCsv(path))

    found = await ListRowProblems(transactions)(KEEPER, run.id)
    assert [(one.code, one.params, one.row) for one in found] == [(code, params, 1) for code, params in said]
    async with transactions() as work:
        [programme] = [one async for one in work.catalogue.every(ProgrammeQuery(include_expired=True))]
        assert programme.institution.name == row["institution"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
async def test_a_row_becomes_a_programme_with_its_page(
    transactions: MemoryTransactions, tmp_path: Path, encoding: str
) -> None:
    await take(transactions, CatalogueCsv(a_csv(tmp_path / "mine.csv", ROW, encoding=encoding)))

    [programme] = await programmes(transactions)
    assert programme.tuition is not None
    assert (programme.key, programme.name) == ("mine:data", "Data, and what it means")
    assert (programme.tuition.money, programme.tuition.per) == (Money.of("1500.50", "EUR"), FeePer.SEMESTER)
    assert (programme.fields, programme.languages, programme.duration_months) == (("0613", "0541"), ("en", "de"), 24)
    assert (programme.source.url, programme.source.retrieved_on) == ("https://example.org/data", date(2026, 11, 4))


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"level": "phd"}, "level", "data.unknown_word"),
        ({"name": ""}, "name", "data.missing"),
        ({"country": ""}, "country", "data.missing"),
        ({"tuition": "1,500"}, "tuition", "data.not_decimal"),
        ({"tuition_currency": "euro"}, "tuition_currency", "money.currency_unknown"),
        ({"tuition": ""}, "tuition", "data.missing"),
        ({"duration_months": "two"}, "duration_months", "data.not_whole_number"),
        ({"retrieved_on": "yesterday"}, "retrieved_on", "data.not_a_date"),
        ({"source_url": "javascript:1"}, "source_url", "data.not_a_url"),
        ({"country": "Germany"}, "country", "country.unknown"),
        ({"country": "XX"}, "country", "country.unknown"),
        ({"country": "de"}, "country", "country.unknown"),
        ({"zone": "Asia/Daka"}, "zone", "zone.unknown"),
        ({"website": "not a url"}, "website", "data.not_a_url"),
        ({"website": "https://"}, "website", "data.not_a_url"),
        ({"languages": "english"}, "languages", "language.unknown_code"),
        ({"languages": "EN"}, "languages", "language.unknown_code"),
        ({"fields": "abc"}, "fields", "field.unknown_code"),
        ({"fields": "9999"}, "fields", "field.unknown_code"),
        ({"tuition": "-10"}, "tuition", "money.negative"),
        ({"application_fee": "-0.01", "application_fee_currency": "EUR"}, "application_fee", "money.negative"),
        ({"retrieved_on": "2026-11-24"}, "retrieved_on", "data.in_future"),
        ({"key": "data"}, "key", "import.row_repeated"),
        ({"institution": "Another University"}, "institution_key", "import.institution_differs"),
    ],
)
async def test_a_row_that_cannot_be_taken_is_named_by_line_and_column(
    transactions: MemoryTransactions, tmp_path: Path, change: dict[str, str], column: str, code: str
) -> None:
    path = a_csv(tmp_path / "mine.csv", ROW, {**ROW, "key": "other", **change})

    run = await take(transactions, CatalogueCsv(path, latest=date(2026, 11, 23)))

    found = await ListRowProblems(transactions)(KEEPER, run.id)
    assert [(problem.row, problem.column) for problem in found] == [(3, column)]
    assert found[0].code == code or code == "data.unknown_word"
    assert run.counts[Table.PROGRAMMES] == Counts(read=2, added=1, refused=1)


async def test_all_that_is_wrong_in_a_row_is_told_at_once(transactions: MemoryTransactions, tmp_path: Path) -> None:
    wrong = {"country": "Germany", "zone": "Asia/Daka", "languages": "en english", "fields": "abc", "tuition": "-10"}
    path = a_csv(tmp_path / "mine.csv", {**ROW, **wrong, "website": "not a url", "retrieved_on": "2199-01-01"})

    run = await take(transactions, CatalogueCsv(path))

    found = {problem.column for problem in await ListRowProblems(transactions)(KEEPER, run.id)}
    assert found == {*wrong, "website", "retrieved_on"}


async def test_values_at_the_edge_of_what_is_allowed_are_taken(
    transactions: MemoryTransactions, tmp_path: Path
) -> None:
    edge = {"zone": "Asia/Dhaka", "website": "http://uni.example", "tuition": "0", "tuition_currency": "ZZZ"}
    path = a_csv(tmp_path / "mine.csv", {**ROW, **edge, "fields": "10 061", "retrieved_on": "2026-11-23"})

    run = await take(transactions, CatalogueCsv(path, latest=date(2026, 11, 23)))

    assert run.counts[Table.PROGRAMMES] == Counts(read=1, added=1)


async def test_a_later_file_of_the_same_name_withdraws_what_it_leaves_out(
    transactions: MemoryTransactions, tmp_path: Path
) -> None:
    path = a_csv(tmp_path / "mine.csv", ROW, {**ROW, "key": "second"}, {**ROW, "key": "third"})
    await take(transactions, CatalogueCsv(path))

    a_csv(path, ROW, {**ROW, "key": "third", "level": "?"})
    run = await take(transactions, CatalogueCsv(path))

    assert run.counts[Table.PROGRAMMES] == Counts(read=2, removed=1, unchanged=1, refused=1)
    expired = {programme.key: programme.expired for programme in await programmes(transactions)}
    assert expired == {"mine:data": False, "mine:second": True, "mine:third": False}


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (b"key,name\nZ\x81rich,1\n", "csv.not_utf8", "mine.csv:2"),
        (b"key,name\nZ\xfcri\x07ch,1\n", "csv.not_utf8", "mine.csv:2"),
        (b"\xff\xfek", "csv.not_utf8", "mine.csv:1"),
        (b"", "csv.empty", "mine.csv"),
        (b"Key,Name\n", "csv.column_near", "mine.csv:1"),
        (",".join((*REQUIRED, "tution")).encode(), "csv.column_near", "mine.csv:1"),
        (",".join((*REQUIRED, "colour")).encode(), "csv.column_unknown", "mine.csv:1"),
        (",".join((*REQUIRED, "key")).encode(), "csv.column_twice", "mine.csv:1"),
        (",".join(REQUIRED).encode() + b'\n"open', "csv.unreadable", "mine.csv:2"),
    ],
)
async def test_a_file_that_cannot_be_used_is_refused_by_place(
    transactions: MemoryTransactions, tmp_path: Path, content: bytes, code: str, place: str
) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(content)

    with pytest.raises(BrokenCatalogue) as refusal:
        await take(transactions, CatalogueCsv(path))

    assert code in {reason.code for reason in refusal.value.reasons}
    assert {reason.where for reason in refusal.value.reasons} == {place}


def test_the_documentation_names_every_column_and_no_other() -> None:
    text = (ROOT / "docs" / "catalogue-csv.md").read_text("utf-8")

    in_tables = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`(\w+)`", " ".join(in_tables))) == {*REQUIRED, *OPTIONAL}


async def test_the_example_of_the_documentation_can_be_taken(transactions: MemoryTransactions, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "catalogue-csv.md").read_text("utf-8")
    path = tmp_path / "example.csv"
    path.write_text(text.partition("```csv\n")[2].partition("```")[0], "utf-8")

    run = await take(transactions, CatalogueCsv(path))

    assert run.counts[Table.PROGRAMMES] == Counts(read=1, added=1)


async def test_a_catalogue_in_toml_stands_as_it_was_written(transactions: MemoryTransactions) -> None:
    path = next(iter(sorted((ROOT / "src" / "adapters" / "bundled" / "catalogue").glob("*.toml"))))

    run = await take(transactions, CatalogueToml(path))
    again = await take(transactions, CatalogueToml(path))

    stored = await programmes(transactions)
    ids = {p.key: p.id for p in stored} | {p.institution.key: p.institution.id for p in stored}
    written = read_catalogue(path.read_text("utf-8"), path.name, lambda key: ids.get(key, MemoryIds().new()))
    assert sorted(written.programmes, key=lambda p: (p.name, p.id)) == stored
    assert (run.counts[Table.PROGRAMMES].added, again.changed_nothing) == (len(stored), True)


def test_a_file_is_read_by_the_end_of_its_name() -> None:
    kinds = {name: type(source_of(Path(name))) for name in ("a.xlsx", "a.csv", "a.TOML")}

    assert kinds == {"a.xlsx": CricosWorkbook, "a.csv": CatalogueCsv, "a.TOML": CatalogueToml}
    with pytest.raises(BrokenCatalogue):
        source_of(Path("a.pdf"))


async def test_a_file_with_more_problems_than_anybody_reads_is_refused_where_they_become_too_many(
    transactions: MemoryTransactions, tmp_path: Path
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(",".join(REQUIRED) + "\n" + "a,,,,\n" * 10_001, "utf-8")

    with pytest.raises(BrokenCatalogue) as refusal:
        await take(transactions, CatalogueCsv(path))

    [reason] = refusal.value.reasons
    assert (reason.code, reason.params) == ("csv.too_many_problems", {"at_most": 10_000})


async def test_a_null_character_in_a_cell_is_a_problem_of_its_row(
    transactions: MemoryTransactions, tmp_path: Path
) -> None:
    path = a_csv(tmp_path / "mine.csv", ROW, {**ROW, "key": "second", "name": "Da\x00ta"})

    run = await take(transactions, CatalogueCsv(path))

    [found] = await ListRowProblems(transactions)(KEEPER, run.id)
    assert (found.row, found.column, found.code) == (3, "name", "data.not_text")
