"""Small workbooks in the form of the Australian register, openly made up."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from higherstudy.adapters.workbooks.cricos_rows import SHEETS

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def a_provider(code: str = "90001A", /, **changes: Any) -> list[Any]:
    """A row of the sheet Institutions."""
    given = {
        "CRICOS Provider Code": code,
        "Institution Name": "Synthetic University",
        "Institution Type": "Government",
        "Institution Capacity": 500,
        "Postal Address City": "PERTH",
        "Postal Address State": "WA",
        "Postal Address Postcode": "6000",
    }
    return _row("Institutions", given | changes)


def a_course(code: str = "900001A", /, **changes: Any) -> list[Any]:
    """A row of the sheet Courses."""
    given = {
        "CRICOS Provider Code": "90001A",
        "Institution Name": "Synthetic University",
        "CRICOS Course Code": code,
        "Course Name": "Master of Invented Studies",
        "Dual Qualification": "No",
        "Field of Education 1 Broad Field": "02 - Information Technology",
        "Field of Education 1 Narrow Field": "0201 - Computer Science",
        "Field of Education 1 Detailed Field": "020103 - Programming",
        "Course Level": "Masters Degree (Coursework)",
        "Foundation Studies": "No",
        "Work Component": "No",
        "Course Language": "English",
        "Duration (Weeks)": 104,
        "Tuition Fee": 80_000.5,
        "Non Tuition Fee": 0,
        "Estimated Total Course Cost": 80_000.5,
        "Expired": "No",
    }
    return _row("Courses", given | changes)


def a_location(name: str = "Main Campus", provider: str = "90001A") -> list[Any]:
    """A row of the sheet Locations."""
    given = {
        "CRICOS Provider Code": provider,
        "Location Name": name,
        "City": "PERTH",
        "State": "WA",
        "Postcode": "6000",
    }
    return _row("Locations", given)


def a_course_location(course: str = "900001A", name: str = "Main Campus", provider: str = "90001A") -> list[Any]:
    """A row of the sheet Course Locations."""
    given = {
        "CRICOS Provider Code": provider,
        "CRICOS Course Code": course,
        "Location Name": name,
        "Location City": "PERTH",
        "Location State": "WA",
    }
    return _row("Course Locations", given)


def a_register(path: Path, *, generated: str = "03/01/2027", **sheets: list[list[Any]] | None) -> Path:
    """Write a workbook with one of each, or with the rows given by sheet (institutions, courses, locations,
    course_locations; None leaves the sheet out), and return its path."""
    rows: dict[str, list[list[Any]] | None] = {
        "institutions": [a_provider()],
        "courses": [a_course()],
        "locations": [a_location()],
        "course_locations": [a_course_location()],
        **sheets,
    }
    content = {"Purpose Statement": [["Purpose Statement"], [""], [f"Date generated: {generated}"]]}
    for name, columns in SHEETS.items():
        given = rows[name.lower().replace(" ", "_")]
        if given is not None:
            content[name] = [[name], ["Report generated"], list(columns), *given]
    return write_workbook(path, {name: sheet_xml(cells) for name, cells in content.items()})


def sheet_xml(rows: list[list[Any]]) -> str:
    """Return the rows as a worksheet."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = (_cell(cell, column, number) for column, cell in enumerate(row) if cell != "")
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def write_workbook(path: Path, sheets: dict[str, str]) -> Path:
    """Write a workbook with these worksheets, each given as XML, and return its path."""
    links, entries = [], []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for number, (name, xml) in enumerate(sheets.items(), start=1):
            package.writestr(f"xl/worksheets/sheet{number}.xml", xml)
            entries.append(f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>')
            links.append(_link(number, "worksheet", f"worksheets/sheet{number}.xml"))
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{"".join(entries)}</sheets></workbook>',
        )
        package.writestr("xl/_rels/workbook.xml.rels", _links(links))
        package.writestr("_rels/.rels", _links([_link(1, "officeDocument", "xl/workbook.xml")]))
        package.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
    return path


def _row(sheet: str, given: dict[str, Any]) -> list[Any]:
    return [given.get(column, "") for column in SHEETS[sheet]]


def _cell(cell: Any, column: int, row: int) -> str:
    where = f"{chr(ord('A') + column)}{row}"
    if isinstance(cell, str):
        return f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f'<c r="{where}"><v>{cell}</v></c>'


def _links(links: list[str]) -> str:
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(links)}</Relationships>'


def _link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
