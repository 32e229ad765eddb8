"""Every reader of catalogues, of whatever form, does what an import counts on."""

import csv
from pathlib import Path
from uuid import uuid4

import pytest
from registers import a_course, a_course_location, a_location, a_provider, a_register

from higherstudy.adapters.memory.catalogue_source import MemoryCatalogueSource
from higherstudy.adapters.workbooks.catalogue_csv import CatalogueCsv
from higherstudy.adapters.workbooks.catalogue_toml import CatalogueToml
from higherstudy.adapters.workbooks.cricos import CricosWorkbook
from higherstudy.domain.imports.catalogue_import import RowProblem, Table
from higherstudy.domain.imports.rows import Batch, Edition
from higherstudy.ports.contracts.catalogue_rows import a_campus, a_programme, an_institution
from higherstudy.ports.contracts.catalogue_source import CatalogueSourceContract
from higherstudy.ports.imports import CatalogueSource

EDITION = Edition("coast", "A catalogue made up for this test", "2027-01-04")
CSV_ROW = {
    "key": "data",
    "institution_key": "invented",
    "institution": "Invented University",
    "country": "DE",
    "name": "Data",
    "level": "master",
    "source_title": "A page made up for this test",
    "retrieved_on": "2026-11-04",
    "confidence": "U",
}
TOML = """
[catalogue]
id = "coast"
title = "A catalogue made up for this test"
edition = "2027-01-04"

[[sources]]
id = "page"
title = "A page made up for this test"
kind = "official"
retrieved_on = 2026-11-04

[[institutions]]
key = "invented"
name = "Invented University"
country = "DE"
source = "page"

[[programmes]]
key = "data"
institution = "invented"
name = "Data"
level = "master"
source = "page"
confidence = "U"
"""


def some_rows(*problems: RowProblem) -> list[Batch]:
    refused = len(problems)
    held = ("coast:Zoology",) if problems else ()
    return [
        Batch(Table.INSTITUTIONS, (an_institution("coast"),), read=1),
        Batch(Table.CAMPUSES, (a_campus("coast"),), read=1),
        Batch(
            Table.PROGRAMMES,
            (a_programme("coast", campuses=("coast:Harbour",)),),
            problems,
            read=1 + refused,
            refused=refused,
            held=held,
        ),
    ]


class TestMemoryCatalogueSource(CatalogueSourceContract):
    takes_some_rows = True

    @pytest.fixture
    def source(self) -> CatalogueSource:
        return MemoryCatalogueSource(EDITION, some_rows())

    @pytest.fixture
    def same_again(self) -> CatalogueSource:
        return MemoryCatalogueSource(EDITION, some_rows())

    @pytest.fixture
    def broken(self) -> CatalogueSource:
        return MemoryCatalogueSource(Edition("", "", ""), some_rows())

    @pytest.fixture
    def with_a_wrong_row(self) -> CatalogueSource:
        return MemoryCatalogueSource(EDITION, some_rows(RowProblem("csv", 2, "level", "data.unknown_word")))


class TestCatalogueCsv(CatalogueSourceContract):
    takes_some_rows = True

    @pytest.fixture
    def source(self, tmp_path: Path) -> CatalogueSource:
        return CatalogueCsv(a_csv(tmp_path, CSV_ROW))

    @pytest.fixture
    def same_again(self, tmp_path: Path) -> CatalogueSource:
        return CatalogueCsv(a_csv(tmp_path, CSV_ROW), "catalogue.csv", origin="catalogue")

    @pytest.fixture
    def broken(self, tmp_path: Path) -> CatalogueSource:
        return CatalogueCsv(a_csv(tmp_path, {"surprise": "1"}))

    @pytest.fixture
    def with_a_wrong_row(self, tmp_path: Path) -> CatalogueSource:
        return CatalogueCsv(a_csv(tmp_path, CSV_ROW, CSV_ROW | {"key": "wrong", "level": "apprentice"}))


class TestCatalogueToml(CatalogueSourceContract):
    @pytest.fixture
    def source(self, tmp_path: Path) -> CatalogueSource:
        return CatalogueToml(a_text(tmp_path, TOML))

    @pytest.fixture
    def same_again(self, tmp_path: Path) -> CatalogueSource:
        return CatalogueToml(a_text(tmp_path, TOML))

    @pytest.fixture
    def broken(self, tmp_path: Path) -> CatalogueSource:
        return CatalogueToml(a_text(tmp_path, TOML + 'surprise = "a key that no programme has"\n'))


class TestCricosWorkbook(CatalogueSourceContract):
    takes_some_rows = True

    @pytest.fixture
    def source(self, tmp_path: Path) -> CatalogueSource:
        return CricosWorkbook(a_register(tmp_path / "register.xlsx"))

    @pytest.fixture
    def same_again(self, source: CatalogueSource, tmp_path: Path) -> CatalogueSource:
        assert source.file_name == "register.xlsx"
        return CricosWorkbook(tmp_path / "register.xlsx")

    @pytest.fixture
    def broken(self, tmp_path: Path) -> CatalogueSource:
        path = tmp_path / "register.xlsx"
        path.write_bytes(b"no workbook")
        return CricosWorkbook(path)

    @pytest.fixture
    def with_a_wrong_row(self, tmp_path: Path) -> CatalogueSource:
        rows = [a_course(), a_course("900002A", **{"Course Name": ""})]
        return CricosWorkbook(
            a_register(
                tmp_path / "register.xlsx",
                institutions=[a_provider()],
                locations=[a_location()],
                courses=rows,
                course_locations=[a_course_location()],
            )
        )


def a_csv(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / str(uuid4()) / "catalogue.csv"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def a_text(folder: Path, text: str) -> Path:
    path = folder / str(uuid4()) / "catalogue.toml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path
