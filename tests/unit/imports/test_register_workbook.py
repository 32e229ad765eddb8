"""The Australian register's workbook is taken row by row, and what cannot be taken is named."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
import registers
from registers import a_course, a_course_location, a_location, a_provider, a_register

from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.adapters.workbooks.cricos import CricosWorkbook
from higherstudy.adapters.workbooks.cricos_rows import SHEETS
from higherstudy.adapters.workbooks.package import Limits
from higherstudy.domain.catalogue.errors import BrokenCatalogue
from higherstudy.domain.catalogue.programme import Level, Programme
from higherstudy.domain.catalogue.search import ProgrammeQuery
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.imports.catalogue_import import Counts, Import, RowProblem, State, Table
from higherstudy.domain.imports.use_cases.importing import ImportCatalogue
from higherstudy.domain.imports.use_cases.reading import GetImport, ListRowProblems
from higherstudy.domain.shared.errors import Forbidden
from higherstudy.domain.shared.ids import AccountId
from higherstudy.domain.shared.money import Money

KEEPER = Asker(AccountId(MemoryIds(7).new()), frozenset({Role.ADMIN}))
STUDENT = Asker(AccountId(MemoryIds(8).new()), frozenset({Role.STUDENT}))


class _Desk:
    """Imports workbooks into one store and shows what came of it."""

    def __init__(self) -> None:
        self.transactions = MemoryTransactions()
        self.ids = MemoryIds()
        self.run: Import | None = None

    async def take(self, path: Path, *, dry_run: bool = False, limits: Limits | None = None) -> dict[Table, Counts]:
        source = CricosWorkbook(path, limits=limits)
        self.run = await ImportCatalogue(self.transactions, self.ids)(KEEPER, source, dry_run=dry_run)
        return self.run.counts

    async def problems(self) -> list[RowProblem]:
        assert self.run is not None
        return [*await ListRowProblems(self.transactions)(KEEPER, self.run.id, limit=1000)]

    async def programmes(self) -> list[Programme]:
        async with self.transactions() as work:
            return [p async for p in work.catalogue.every(ProgrammeQuery(include_expired=True))]


@pytest.fixture
def desk() -> _Desk:
    return _Desk()


async def test_a_course_is_taken_with_its_fee_for_the_whole_course(desk: _Desk, tmp_path: Path) -> None:
    counts = await desk.take(a_register(tmp_path / "register.xlsx"))

    [programme] = await desk.programmes()
    assert counts[Table.PROGRAMMES] == Counts(read=1, added=1)
    assert counts[Table.OFFERINGS] == Counts(read=1, added=1)
    assert programme.tuition is not None
    assert programme.tuition.money == Money.of("80000.50", "AUD")
    assert programme.tuition_a_year == Money.of("40000.25", "AUD")
    assert (programme.level, programme.fields, programme.languages) == (Level.MASTER, ("0613",), ("en",))
    assert (programme.key, programme.duration_weeks) == ("cricos:900001A", 104)
    assert programme.source.published == "2027-01-03"
    assert await desk.problems() == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"Tuition Fee": "free"}, ("Tuition Fee", "import.not_an_amount")),
        ({"Tuition Fee": -1}, ("Tuition Fee", "import.not_an_amount")),
        ({"Duration (Weeks)": 10.5}, ("Duration (Weeks)", "import.not_whole_number")),
        ({"Duration (Weeks)": 0}, ("Duration (Weeks)", "import.not_whole_number")),
        ({"Course Name": ""}, ("Course Name", "import.missing")),
        ({"Course Name": 42}, ("Course Name", "import.not_text")),
        ({"CRICOS Course Code": 900001}, ("CRICOS Course Code", "import.bad_code")),
        ({"CRICOS Provider Code": "90009Z"}, ("CRICOS Provider Code", "import.unknown_institution")),
        ({"Expired": "maybe"}, ("Expired", "import.not_yes_or_no")),
    ],
)
async def test_a_row_that_cannot_be_taken_is_named_and_the_others_are_taken(
    desk: _Desk, tmp_path: Path, changes: dict[str, Any], problem: tuple[str, str]
) -> None:
    courses = [a_course("900002B"), a_course(**changes)]
    path = a_register(tmp_path / "register.xlsx", courses=courses, course_locations=[a_course_location("900002B")])

    counts = await desk.take(path)

    found = [p for p in await desk.problems() if p.severity == "error"]
    assert [(p.sheet, p.row, p.column, p.code) for p in found] == [("Courses", 5, *problem)]
    assert counts[Table.PROGRAMMES] == Counts(read=2, added=1, refused=1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Tuition Fee": 0}, "import.fee_zero"),
        ({"Course Level": "Certificate V"}, "import.unknown_word"),
        ({"Course Language": "Klingon"}, "import.unknown_word"),
        ({"Estimated Total Course Cost": 90_000}, "import.total_differs"),
    ],
)
async def test_a_doubtful_row_is_taken_and_the_doubt_is_told(
    desk: _Desk, tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    counts = await desk.take(a_register(tmp_path / "register.xlsx", courses=[a_course(**changes)]))

    assert [(p.code, p.severity) for p in await desk.problems()] == [(code, "warning")]
    assert counts[Table.PROGRAMMES].added == 1


async def test_an_empty_fee_and_a_zero_fee_are_unknown_and_not_free(desk: _Desk, tmp_path: Path) -> None:
    courses = [a_course("900001A", **{"Tuition Fee": ""}), a_course("900002B", **{"Tuition Fee": 0})]

    await desk.take(a_register(tmp_path / "register.xlsx", courses=courses))

    assert [programme.tuition for programme in await desk.programmes()] == [None, None]


async def test_a_name_has_single_spaces_and_the_same_row_with_more_is_unchanged(desk: _Desk, tmp_path: Path) -> None:
    await desk.take(a_register(tmp_path / "1.xlsx", courses=[a_course(**{"Course Name": "Master of  Two Spaces "})]))

    counts = await desk.take(
        a_register(tmp_path / "2.xlsx", courses=[a_course(**{"Course Name": "Master of Two Spaces"})])
    )

    assert [programme.name for programme in await desk.programmes()] == ["Master of Two Spaces"]
    assert counts[Table.PROGRAMMES] == Counts(read=1, unchanged=1)


async def test_each_row_of_a_course_location_that_leads_nowhere_is_named(desk: _Desk, tmp_path: Path) -> None:
    path = a_register(
        tmp_path / "register.xlsx",
        institutions=[a_provider(), a_provider("90002B")],
        locations=[a_location(), a_location("Other", "90002B"), a_location()],
        course_locations=[
            a_course_location(),
            a_course_location(),
            a_course_location(name="Nowhere"),
            a_course_location("999999Z"),
            a_course_location(name="Other", provider="90002B"),
        ],
    )

    counts = await desk.take(path)

    assert {(p.sheet, p.row, p.code) for p in await desk.problems()} == {
        ("Locations", 6, "import.row_repeated"),
        ("Course Locations", 5, "import.row_repeated"),
        ("Course Locations", 6, "import.unknown_location"),
        ("Course Locations", 7, "import.unknown_course"),
        ("Course Locations", 8, "import.other_institution"),
    }
    assert counts[Table.OFFERINGS] == Counts(read=5, added=1, refused=4)


async def test_a_second_edition_adds_changes_and_withdraws(desk: _Desk, tmp_path: Path) -> None:
    first = [a_course("900001A"), a_course("900002B"), a_course("900003C")]
    await desk.take(a_register(tmp_path / "1.xlsx", courses=first))
    second = [a_course("900001A"), a_course("900002B", **{"Tuition Fee": 90_000}), a_course("900004D")]

    counts = await desk.take(a_register(tmp_path / "2.xlsx", courses=second, generated="03/04/2027"))

    assert counts[Table.PROGRAMMES] == Counts(read=3, added=1, changed=1, removed=1, unchanged=1)
    expired = {programme.key: programme.expired for programme in await desk.programmes()}
    assert expired == {
        "cricos:900001A": False, "cricos:900002B": False, "cricos:900003C": True, "cricos:900004D": False,
    }  # fmt: skip


async def test_the_same_file_twice_changes_nothing(desk: _Desk, tmp_path: Path) -> None:
    path = a_register(tmp_path / "register.xlsx")
    await desk.take(path)
    before = await desk.programmes()

    await desk.take(path)

    assert desk.run is not None
    assert desk.run.changed_nothing
    assert await desk.programmes() == before


async def test_a_dry_run_reports_the_same_and_changes_nothing(desk: _Desk, tmp_path: Path) -> None:
    await desk.take(a_register(tmp_path / "1.xlsx", courses=[a_course("900001A"), a_course("900002B")]))
    before = await desk.programmes()
    path = a_register(tmp_path / "2.xlsx", courses=[a_course("900001A", **{"Tuition Fee": 0}), a_course("900003C")])

    dry = await desk.take(path, dry_run=True)
    dry_problems, after_dry_run = await desk.problems(), await desk.programmes()
    real = await desk.take(path)

    assert after_dry_run == before
    assert (dry, dry_problems) == (real, await desk.problems())


async def test_a_mistake_in_a_row_does_not_withdraw_what_stands(desk: _Desk, tmp_path: Path) -> None:
    await desk.take(a_register(tmp_path / "1.xlsx"))

    counts = await desk.take(a_register(tmp_path / "2.xlsx", courses=[a_course(**{"Tuition Fee": "?"})]))

    assert counts[Table.PROGRAMMES] == Counts(read=1, refused=1)
    assert [programme.expired for programme in await desk.programmes()] == [False]


async def test_a_course_that_comes_back_keeps_its_id(desk: _Desk, tmp_path: Path) -> None:
    with_it = a_register(tmp_path / "1.xlsx")
    await desk.take(with_it)
    [before] = await desk.programmes()
    await desk.take(a_register(tmp_path / "2.xlsx", courses=[a_course("900009Z")], course_locations=[]))

    counts = await desk.take(with_it)

    assert before in await desk.programmes()
    assert (counts[Table.PROGRAMMES].added, counts[Table.OFFERINGS].added) == (1, 1)


async def test_only_who_keeps_the_catalogue_may_import(desk: _Desk, tmp_path: Path) -> None:
    source = CricosWorkbook(a_register(tmp_path / "register.xlsx"))

    with pytest.raises(Forbidden):
        await ImportCatalogue(desk.transactions, desk.ids)(STUDENT, source)


def _far_cell(path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    _with_sheet(path, f"<worksheet><sheetData>{far}</sheetData></worksheet>")


def _formula(path: Path) -> None:
    _with_sheet(path, '<worksheet><sheetData><row r="4"><c r="U4"><f>1+1</f><v>2</v></c></row></sheetData></worksheet>')


def _wide_characters(path: Path) -> None:
    _with_sheet(path, "<worksheet/>".encode("utf-16").decode("latin-1"))


def _entity(path: Path) -> None:
    _with_sheet(path, '<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>')


def _no_zip(path: Path) -> None:
    path.write_bytes(b"code,name\n900001A,Master\n")


def _cut_off(path: Path) -> None:
    path.write_bytes(a_register(path).read_bytes()[:-200])


def _bomb(path: Path) -> None:
    _with_sheet(path, "<worksheet>" + " " * 30_000_000)


def _lying_bomb(path: Path) -> None:
    """A part that says it is small: the directory's size is not to be believed."""
    _bomb(path)
    content = path.read_bytes()
    size = struct.pack("<I", 30_000_000 + len("<worksheet>"))
    path.write_bytes(content.replace(size, struct.pack("<I", 100)))


def _more_texts_than_there_is_room_for(path: Path) -> None:
    """One kilobyte that would make the parser ask for a hundred gigabytes, and end the process when it gets none."""
    a_register(path)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/sharedStrings.xml", '<sst uniqueCount="4294967295"><si><t>one</t></si></sst>')


def _far_cell_behind_blanks(path: Path) -> None:
    """Blanks that are longer than the pieces in which a part is looked at, and than their overlap."""
    cell = f'<c r{" " * 700_000}={chr(10) * 700_000}"XFD1048576"><v>1</v></c>'
    _with_sheet(path, f"<worksheet><sheetData><row>{cell}</row></sheetData></worksheet>")


def _far_cell_after_a_blank(path: Path) -> None:
    _with_sheet(path, '<worksheet><sheetData><row><c r ="XFD1048576"><v>1</v></c></row></sheetData></worksheet>')


def _far_cell_before_a_blank(path: Path) -> None:
    _with_sheet(path, '<worksheet><sheetData><row><c r= "XFD1048576"><v>1</v></c></row></sheetData></worksheet>')


def _missing_sheet(path: Path) -> None:
    a_register(path, locations=None)


def _missing_column(path: Path) -> None:
    a_register(path, courses=[])
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content.replace(b"Tuition Fee</t>", b"Price</t>"))


def _long_list(path: Path) -> None:
    a_register(path)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/_rels/workbook.xml.rels"] += b" " * 1_000_000
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def _with_sheet(path: Path, xml: str) -> None:
    registers.write_workbook(path, dict.fromkeys(("Purpose Statement", *SHEETS), xml))


@pytest.mark.parametrize(
    ("spoil", "code", "place"),
    [
        (_no_zip, "workbook.not_a_zip", "register.xlsx"),
        (_cut_off, "workbook.not_a_zip", "register.xlsx"),
        (_bomb, "workbook.too_large", "register.xlsx"),
        (_lying_bomb, "workbook.not_a_zip", "register.xlsx"),
        (_far_cell, "workbook.cell_too_far", "register.xlsx: xl/worksheets/"),
        (_far_cell_after_a_blank, "workbook.cell_too_far", "register.xlsx: xl/worksheets/"),
        (_far_cell_before_a_blank, "workbook.cell_too_far", "register.xlsx: xl/worksheets/"),
        (_far_cell_behind_blanks, "workbook.cell_too_far", "register.xlsx: xl/worksheets/"),
        (_more_texts_than_there_is_room_for, "workbook.count_too_large", "register.xlsx: xl/sharedStrings.xml"),
        (_formula, "workbook.formula", "register.xlsx: xl/worksheets/"),
        (_wide_characters, "workbook.not_utf8", "register.xlsx: xl/worksheets/"),
        (_entity, "workbook.document_type", "register.xlsx: xl/worksheets/"),
        (_missing_sheet, "workbook.sheet_missing", "register.xlsx"),
        (_missing_column, "workbook.column_missing", "register.xlsx: Courses, row 3"),
    ],
)
async def test_a_workbook_that_cannot_be_used_is_refused_by_place_and_nothing_changes(
    desk: _Desk, tmp_path: Path, spoil: Any, code: str, place: str
) -> None:
    await desk.take(a_register(tmp_path / "before.xlsx"))
    before = await desk.programmes()
    path = tmp_path / "register.xlsx"
    spoil(path)

    with pytest.raises(BrokenCatalogue) as refusal:
        await desk.take(path, limits=Limits(unpacked=10_000_000))

    assert {reason.code for reason in refusal.value.reasons} == {code}
    assert all(reason.where.startswith(place) for reason in refusal.value.reasons)
    assert await desk.programmes() == before


async def test_a_refused_workbook_leaves_a_report_that_says_why(desk: _Desk, tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    _no_zip(path)
    seen: list[Import] = []
    add = MemoryIds(0)

    with pytest.raises(BrokenCatalogue):
        await ImportCatalogue(desk.transactions, add)(KEEPER, CricosWorkbook(path))

    import_id = MemoryIds(0).new()
    seen.append((await GetImport(desk.transactions)(KEEPER, import_id)).run)  # type: ignore[arg-type]
    problems = await ListRowProblems(desk.transactions)(KEEPER, import_id)  # type: ignore[arg-type]
    assert [(run.state, run.counts) for run in seen] == [(State.REFUSED, {})]
    assert [problem.code for problem in problems] == ["workbook.not_a_zip"]


async def test_a_list_of_sheets_that_is_too_long_to_parse_is_not_parsed(desk: _Desk, tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    _long_list(path)

    with pytest.raises(BrokenCatalogue) as refusal:
        await desk.take(path)

    [reason] = refusal.value.reasons
    assert (reason.code, reason.where) == ("workbook.too_large", "register.xlsx: xl/_rels/workbook.xml.rels")
