"""The workbook of Australia's register of courses for overseas students (CRICOS), as the government issues it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from ...domain.imports.catalogue_import import ImportKind, RowProblem, Table
from ...domain.imports.corrections import Corrections
from ...domain.imports.rows import Batch, Edition
from .batches import BATCH, in_thread, sha256_of
from .correcting import Correcting
from .cricos_rows import NUMERIC, ORIGIN, SHEETS, Place, RowReader
from .package import Limits, check_directory, check_part, part_of_sheet
from .sheets import Cell, Rows, Workbook

HEADER_ROW = 3
_PURPOSE = "Purpose Statement"
_GENERATED = re.compile(r"Date generated: (\d{2})/(\d{2})/(\d{4})")


class CricosWorkbook:
    """One edition of the register; implements the port CatalogueSource."""

    kind = ImportKind.CRICOS_WORKBOOK

    def __init__(
        self, path: Path, file_name: str = "", limits: Limits | None = None, corrections: Corrections | None = None
    ) -> None:
        self.path = path
        self.file_name = file_name or path.name
        self.limits = limits or Limits()
        self._workbook: Workbook | None = None
        self._courses_part = ""
        self._correcting = None if corrections is None else Correcting(corrections)

    @cached_property
    def sha256(self) -> str:
        """The hash of the file."""
        return sha256_of(self.path, self.file_name)

    async def open(self) -> Edition:
        """Look at the file as a whole and return which edition it is; raise BrokenCatalogue naming each wrong place."""
        return await asyncio.to_thread(self._open)

    def read(self) -> AsyncIterator[Batch]:
        """Yield institutions, campuses and courses; the rows of course locations come with their courses."""
        return in_thread(self._batches())

    def _open(self) -> Edition:
        parts = check_directory(self.path, self.file_name, self.limits)
        lists = [part for part in parts if part.startswith(("xl/workbook.xml", "xl/_rels/"))]
        for part in lists:
            check_part(self.path, self.file_name, part)
        self._courses_part = part_of_sheet(self.path, self.file_name, "Courses")
        for part in parts:
            if part not in (*lists, self._courses_part):
                check_part(self.path, self.file_name, part)
        self._workbook = Workbook(self.path, self.file_name)
        self._workbook.check_sheets([_PURPOSE, *SHEETS])
        text = "\n".join(str(row[0]) for row in self._workbook.sheet(_PURPOSE).to_python()[:10] if row)
        found = _GENERATED.search(text)
        edition = f"{found[3]}-{found[2]}-{found[1]}" if found else ""
        title = "Australia: register of courses for overseas students (CRICOS)"
        return Edition(ORIGIN, title, edition, url="https://cricos.education.gov.au/")

    def _batches(self) -> Iterator[Batch]:
        """Read sheet after sheet, while the largest is parsed in a second thread."""
        assert self._workbook is not None, "open() comes first"  # noqa: S101
        reader = RowReader()
        with ThreadPoolExecutor(1) as parser:
            courses = parser.submit(self._parsed_courses)
            yield from self._simple(Table.INSTITUTIONS, reader)
            yield from self._simple(Table.CAMPUSES, reader)
            taught_at, batch = _offerings(self._rows("Course Locations"), reader)
            yield batch
            self._workbook = None
            rows = self._rows_of(courses.result(), "Courses")
            del courses
            yield from self._courses(rows, reader, taught_at)
            yield _without_course(taught_at, reader)
        if self._correcting is not None:
            yield Batch(Table.OFFERINGS, problems=tuple(self._correcting.unused()))

    def _parsed_courses(self) -> Any:
        """The largest sheet is looked at only now, beside the reading of the others."""
        check_part(self.path, self.file_name, self._courses_part)
        return Workbook(self.path, self.file_name).sheet("Courses")

    def _rows(self, name: str) -> Rows:
        assert self._workbook is not None, "open() comes first"  # noqa: S101
        return self._rows_of(self._workbook.sheet(name), name)

    def _rows_of(self, sheet: Any, name: str) -> Rows:
        correct = None if self._correcting is None else partial(self._correcting.corrected, numeric=NUMERIC)
        return Rows(sheet, self.file_name, name, SHEETS[name], HEADER_ROW, correct)

    def _simple(self, table: Table, reader: RowReader) -> Iterator[Batch]:
        name = "Institutions" if table is Table.INSTITUTIONS else "Locations"
        read_one: Any = reader.institution if table is Table.INSTITUTIONS else reader.campus
        rows = self._rows(name)
        yield Batch(table, problems=tuple(rows.problems))
        gathered = _Gathered(table, reader)
        for number, cells in rows:
            row = read_one(number, cells)
            if row is not None:
                gathered.rows.append(row)
            else:
                gathered.refuse(cells[0] if table is Table.INSTITUTIONS else None)
        yield gathered.batch()

    def _courses(self, rows: Rows, reader: RowReader, taught_at: dict[Cell, list[Any]]) -> Iterator[Batch]:
        """Rows are read one by one, not in lists: what is let go at once costs a third of what is held."""
        yield Batch(Table.PROGRAMMES, problems=tuple(rows.problems))
        gathered = _Gathered(Table.PROGRAMMES, reader)
        refused = 0
        for number, cells in rows:
            places = taught_at.pop(cells[2], None) or ()
            own = places[::2]
            if any(place.provider != cells[0] for place in own):
                own = [place for place in own if place.provider == cells[0]]
            row = reader.course(number, cells, own)
            if row is None or 2 * len(own) != len(places):
                refused += _refuse_places(places, row is None, cells, reader)
            if row is not None:
                gathered.rows.append(row)
            else:
                gathered.refuse(cells[2])
            if len(gathered.rows) >= BATCH:
                yield gathered.batch()
                gathered = _Gathered(Table.PROGRAMMES, reader)
        yield gathered.batch()
        yield Batch(Table.OFFERINGS, refused=refused)


class _Gathered:
    """The rows of the next batch."""

    def __init__(self, table: Table, reader: RowReader) -> None:
        self.table = table
        self.reader = reader
        self.rows: list[Any] = []
        self.refused = 0
        self.held: list[str] = []

    def refuse(self, code: Cell) -> None:
        """Count a row that could not be taken; what stands under its code stays."""
        self.refused += 1
        if code is not None:
            self.held.append(f"{ORIGIN}:{code}")

    def batch(self) -> Batch:
        """Return what was gathered, with the problems that were noted meanwhile."""
        read = len(self.rows) + self.refused
        return Batch(self.table, tuple(self.rows), _drained(self.reader), read, self.refused, tuple(self.held))


def _offerings(rows: Rows, reader: RowReader) -> tuple[dict[Cell, list[Any]], Batch]:
    """Return, by course code, the places at which each course is taught, each followed by the number of its row."""
    taught_at: dict[Cell, list[Any]] = {}
    read = refused = 0
    known = reader.places
    for number, (provider, _, code, name, city, state) in rows:
        read += 1
        place = known.get((provider, name, city, state)) or _plain_place(known, (provider, name, city, state))
        if place is None:
            reader.wrong(rows.name, number, "Location Name", "import.unknown_location", given=str(name)[:60])
        elif (places := taught_at.get(code)) is None:
            taught_at[code] = [place, number]
            continue
        elif place not in places:
            places += (place, number)
            continue
        else:
            reader.wrong(rows.name, number, "Location Name", "import.row_repeated", given=str(name)[:60])
        refused += 1
    problems = tuple(rows.problems) + _drained(reader)
    return taught_at, Batch(Table.OFFERINGS, problems=problems, read=read, refused=refused)


def _plain_place(known: dict[tuple[Cell, ...], Place], place: tuple[Cell, ...]) -> Place | None:
    return known.get(tuple(" ".join(str(cell).split()) for cell in place))


def _refuse_places(places: Any, course_refused: bool, cells: Any, reader: RowReader) -> int:
    """Name each row of a course location that fell with its course, or that belongs to another institution."""
    refused = 0
    for place, number in zip(places[::2], places[1::2], strict=True):
        if course_refused or place.provider != cells[0]:
            code = "import.course_refused" if course_refused else "import.other_institution"
            reader.wrong("Course Locations", number, "CRICOS Course Code", code, given=str(cells[2])[:60])
            refused += 1
    return refused


def _without_course(taught_at: dict[Cell, list[Any]], reader: RowReader) -> Batch:
    for code, places in taught_at.items():
        for number in places[1::2]:
            reader.wrong(
                "Course Locations", number, "CRICOS Course Code", "import.unknown_course", given=str(code)[:60]
            )
    problems = _drained(reader)
    return Batch(Table.OFFERINGS, problems=problems, refused=len(problems))


def _drained(reader: RowReader) -> tuple[RowProblem, ...]:
    problems, reader.problems = tuple(reader.problems), []
    return problems
