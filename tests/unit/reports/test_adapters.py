"""What sets, draws and writes reports, each by the suite of its port."""

import csv
import io
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import date
from decimal import Decimal

import pdf_oxide
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from plan_builders import schedule

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.csv.sheets import CsvSheets
from higherstudy.adapters.memory.pictures import MemoryPictures
from higherstudy.adapters.memory.sheets import MemorySheets
from higherstudy.adapters.memory.typesetting import MemoryTypesetting
from higherstudy.adapters.svg.pictures import SvgPictures
from higherstudy.adapters.typst.drawable import drawable
from higherstudy.adapters.typst.typesetting import TypstTypesetting
from higherstudy.adapters.xlsxwriter.sheets import XlsxSheets
from higherstudy.domain.planning.timeline import Timeline, timeline_of
from higherstudy.ports.contracts.pictures import PicturesContract
from higherstudy.ports.contracts.sheets import SheetsContract
from higherstudy.ports.contracts.typesetting import HOSTILE, TypesettingContract, a_content
from higherstudy.ports.sheets import SheetCell, Sheets

BANGLA = "শিক্ষার্থীর বিশ্ববিদ্যালয়ের আবেদনপত্র ক্ষুদ্র জ্ঞান স্ত্রী, ভর্তি (১৪ সেপ্টেম্বর ২০২৭) অ্যাকাউন্ট; VFS-এ টট কর্ম্ম।"


class TestTypstTypesetting(TypesettingContract):
    @pytest.fixture
    def typesetting(self) -> TypstTypesetting:
        return TypstTypesetting()


class TestMemoryTypesetting(TypesettingContract):
    @pytest.fixture
    def typesetting(self) -> MemoryTypesetting:
        return MemoryTypesetting()


class TestCsvSheets(SheetsContract):
    @pytest.fixture
    def sheets(self) -> CsvSheets:
        return CsvSheets()


class TestXlsxSheets(SheetsContract):
    @pytest.fixture
    def sheets(self) -> XlsxSheets:
        return XlsxSheets()


class TestMemorySheets(SheetsContract):
    @pytest.fixture
    def sheets(self) -> MemorySheets:
        return MemorySheets()


class _Pictures(PicturesContract):
    @pytest.fixture
    def messages(self) -> Messages:
        return Messages()

    @pytest.fixture
    def timeline(self) -> Timeline:
        return timeline_of(schedule())


class TestSvgPictures(_Pictures, PicturesContract):
    @pytest.fixture
    def pictures(self) -> SvgPictures:
        return SvgPictures()


class TestMemoryPictures(_Pictures, PicturesContract):
    @pytest.fixture
    def pictures(self) -> MemoryPictures:
        return MemoryPictures()


def words_by_pdfium(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(page.get_textpage().get_text_range() for page in document)


def words_by_oxide(pdf: bytes) -> str:
    document = pdf_oxide.PdfDocument.from_bytes(pdf)
    return " ".join(document.extract_text(at) for at in range(document.page_count()))


@pytest.mark.parametrize("read", [words_by_pdfium, words_by_oxide])
async def test_bangla_is_taken_out_as_it_was_written_by_two_readers(read: object) -> None:
    made = await TypstTypesetting().pdf(a_content(BANGLA), "bn")

    told = read(made).split()  # type: ignore[operator]
    missing = [word for word in BANGLA.split() if word not in told]

    assert missing == []


async def test_bangla_looks_as_typst_has_drawn_it(monkeypatch: pytest.MonkeyPatch) -> None:
    content = a_content(BANGLA)
    made = await TypstTypesetting().pdf(content, "bn")
    monkeypatch.setattr("higherstudy.adapters.typst.mending.mended", lambda pdf: pdf)
    drawn = await TypstTypesetting().pdf(content, "bn")

    assert made != drawn
    for ours, theirs in zip(pypdfium2.PdfDocument(made), pypdfium2.PdfDocument(drawn), strict=True):
        bitmaps = [page.render(scale=2) for page in (ours, theirs)]
        here, there = (bitmap.to_numpy().astype(int) for bitmap in bitmaps)
        assert abs(here - there).max() < 128  # a letter that moved or is gone is black on white


@pytest.mark.parametrize("language", ["en", "bn"])
async def test_a_report_is_tagged_with_title_language_headings_table_heads_and_words_for_its_picture(
    language: str,
) -> None:
    made = await TypstTypesetting().pdf(a_content("প্রস্তুতি", "Readiness"), language)

    with pikepdf.open(io.BytesIO(made)) as document:
        root = document.Root
        tags = [
            str(one.S)
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/P" in one
        ]
        pictures = [
            one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        ]
        with document.open_metadata() as said:
            assert (said["pdfuaid:part"], said["dc:title"]) == ("1", "প্রস্তুতি")
        assert (str(root.Lang), bool(root.MarkInfo.Marked), bool(root.ViewerPreferences.DisplayDocTitle)) == (
            language,
            True,
            True,
        )
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/P"} <= set(tags)
    assert [str(one.Alt) for one in pictures] == ["প্রস্তুতি"]


async def test_markup_in_a_name_is_text_and_what_turns_letters_round_is_written_out() -> None:
    told = words_by_pdfium(await TypstTypesetting().pdf(a_content(*HOSTILE[:2]), "en"))
    plain = "".join(told.split())

    assert "".join(HOSTILE[0].split()) in plain
    assert "pdf[U+202E]fdp.exe" in plain
    assert "[U+674E][U+96F7]" in plain


def test_signs_of_the_region_and_of_the_latin_world_are_drawn_as_they_are() -> None:
    assert (
        drawable("শিক্ষার্থী, Größe, Łódź, Ἀθήνα, Москва, हिन्दी → €") == "শিক্ষার্থী, Größe, Łódź, Ἀθήνα, Москва, हिन्दी → €"
    )


async def test_another_process_that_hashes_otherwise_writes_the_same_bytes() -> None:
    here = await _hashes()
    program = (
        "import asyncio, sys; sys.path.insert(0, 'tests'); from unit.reports.test_adapters import _hashes; "
        "print(asyncio.run(_hashes()))"
    )
    there = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert there == {here}


async def _hashes() -> str:
    import hashlib

    made = [await TypstTypesetting().pdf(a_content(BANGLA, "Readiness"), "bn")]
    made += [await written(one, [["Sample", 1], ["=x", Decimal("0.5")], [None, date(2026, 11, 23)]]) for one in SHEETS]
    return " ".join(hashlib.sha256(one).hexdigest() for one in made)


SHEETS: tuple[Sheets, ...] = (CsvSheets(), XlsxSheets())


async def written(sheets: Sheets, rows: Sequence[Sequence[SheetCell]]) -> bytes:
    async def given() -> AsyncIterator[Sequence[SheetCell]]:
        for row in rows:
            yield row

    return b"".join([piece async for piece in sheets.written("List", ("a", "b"), given(), date(2026, 11, 23))])


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "https://x.example", "12", "{=1}"]


async def test_no_cell_of_a_csv_is_a_formula() -> None:
    made = (await written(CsvSheets(), [[one, -3] for one in FORMULAS])).decode("utf-8-sig")

    _, *rows = csv.reader(io.StringIO(made, newline=""))
    assert [row[0].removeprefix("'") for row in rows] == FORMULAS
    assert [row[0] for row in rows if row[0][0] in "=+-@\t\r"] == []
    assert {row[1] for row in rows} == {"-3"}  # a number is one


async def test_no_cell_of_a_workbook_is_a_formula_a_number_or_a_link_that_was_a_text() -> None:
    made = await written(XlsxSheets(), [[one, -3] for one in FORMULAS])

    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert not any("hyperlink" in one for one in (sheet, *parts.namelist()))
    assert "<f>" not in sheet
    assert sheet.count('t="inlineStr"') == len(FORMULAS) + 2  # and its head
    assert sheet.count("<v>-3</v>") == len(FORMULAS)
