"""Looks at a workbook before it is parsed: a hostile one must cost little and be named for what it is."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.shared.errors import Reason

_PIECE = 1 << 18
_OVERLAP = 32
# A parser lays a sheet out as a full grid, so that one cell far out is enough to fill the memory.
_FAR_CELL = re.compile(rb"r\s*=\s*[\"']([A-Za-z]{2,3}[0-9]|[A-Za-z]?[0-9]{6})")
# A parser makes room for as many texts as a part says that it holds, and dies where there is no such room.
_COUNT = re.compile(rb"ount\s*=\s*[\"'](?:[0-9]{8}|[0-9]*[^0-9\"'])")
_BLANKS = re.compile(rb"\s{8,}")
# One search, which leaps from = to =, tells of a piece that there is neither a far cell nor a blank to hide one behind.
_SUSPECT = re.compile(rb"=(?:[\t\n\r ]|(?<=[\t\n\r ]=)|(?<=r=)[\"'](?:[A-Za-z]{2,3}[0-9]|[A-Za-z]?[0-9]{6}))")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_FORMULA_START = b"<f"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)


_LISTS = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_LARGEST_LIST = 1_000_000  # the two lists of sheets are parsed whole; a register's have a few thousand bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a workbook may unpack to, in bytes, and of how many parts it may consist."""

    unpacked: int = 200_000_000
    parts: int = 200


def check_directory(path: Path, name: str, limits: Limits) -> list[str]:
    """Return the names of the parts, the smallest first, going by what the file says of itself.

    Raises BrokenCatalogue when it is no zip, is encrypted, or would unpack to more than the limits.
    """
    with _broken_zip_named(name), zipfile.ZipFile(path) as package:
        parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > limits.parts:
        raise BrokenCatalogue(Reason("workbook.too_many_parts", {"parts": len(parts), "at_most": limits.parts}, name))
    if unpacked > limits.unpacked:
        raise BrokenCatalogue(Reason("workbook.too_large", {"bytes": unpacked, "at_most": limits.unpacked}, name))
    for part in parts:
        if part.filename in _LISTS and part.file_size > _LARGEST_LIST:
            params = {"bytes": part.file_size, "at_most": _LARGEST_LIST}
            raise BrokenCatalogue(Reason("workbook.too_large", params, f"{name}: {part.filename}"))
    if any(part.flag_bits & 1 for part in parts):
        raise BrokenCatalogue(Reason("workbook.encrypted", {}, name))
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise BrokenCatalogue(Reason("workbook.not_a_workbook", {}, name))
    return [part.filename for part in sorted(parts, key=lambda part: part.file_size)]


def part_of_sheet(path: Path, name: str, sheet: str) -> str:
    """Return the part that holds the sheet; raise BrokenCatalogue when the workbook names it twice or not at all.

    The workbook's own two lists must have been checked before.
    """
    relation = f"{{{_RELATIONS}}}id"
    with _broken_zip_named(name), zipfile.ZipFile(path) as package:
        sheets = ET.fromstring(package.read("xl/workbook.xml")).iter(f"{{{_MAIN}}}sheet")  # noqa: S314
        links = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  no DOCTYPE is let in
    names = [(each.get("name"), each.get(relation)) for each in sheets]
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    ids = [id_ for named, id_ in names if named == sheet]
    if not ids:
        raise BrokenCatalogue(Reason("workbook.sheet_missing", {"sheet": sheet}, name))
    if len(ids) != 1 or len(targets) != len(links) or len({id_ for _, id_ in names}) != len(names):
        raise BrokenCatalogue(Reason("workbook.sheet_twice", {"sheet": sheet}, name))
    target = targets.get(ids[0], "")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def check_part(path: Path, name: str, part: str) -> None:
    """Unpack one part as far as it may and look at it: its true size, its checksum, and in sheets what no register
    holds: formulas, and cells further out than column Z and row 99,999.

    Raises BrokenCatalogue naming the part.
    """
    is_sheet = _SHEET.fullmatch(part) is not None
    where = f"{name}: {part}"
    for piece, is_suspect in _pieces(path, name, part):
        if b"\x00" in piece:
            raise BrokenCatalogue(Reason("workbook.not_utf8", {}, where))
        if b"!" in piece and b"<!DOCTYPE" in piece:  # one sign alone is found many times faster than several
            raise BrokenCatalogue(Reason("workbook.document_type", {}, where))
        if not is_sheet:
            if _COUNT.search(piece):
                raise BrokenCatalogue(Reason("workbook.count_too_large", {}, where))
            continue
        if is_suspect and (far := _FAR_CELL.search(piece)):
            cell = far[1].decode("ascii")
            raise BrokenCatalogue(Reason("workbook.cell_too_far", {"cell": cell}, where))
        if b"f" in piece and (b":f" in piece or _FORMULA_START in piece):
            _refuse_formula(piece, where)


def _refuse_formula(piece: bytes, where: str) -> None:
    if found := _FORMULA.search(piece):
        cells = re.findall(rb"r=[\"']([A-Z]+[0-9]+)[\"']", piece[: found.start()])
        cell = cells[-1].decode() if cells else ""
        raise BrokenCatalogue(Reason("workbook.formula", {"cell": cell}, where))


def _pieces(path: Path, name: str, part: str) -> Iterator[tuple[bytes, bool]]:
    """Yield the part in pieces that overlap a little, without long blanks about an equals sign or at the end, so that
    nothing hides across a border, and whether a piece may hold a far cell."""
    with _broken_zip_named(name), zipfile.ZipFile(path) as package, package.open(part) as stream:
        tail = b""
        while piece := stream.read(_PIECE):
            piece = tail + piece
            is_suspect = _SUSPECT.search(piece) is not None
            if is_suspect or piece[-1:].isspace():
                piece = _BLANKS.sub(b" ", piece)
            yield piece, is_suspect
            tail = piece[-_OVERLAP:]


class _broken_zip_named:  # noqa: N801  used as a context manager, like contextlib's own
    """Says what is wrong with the zip in our own words."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, FileNotFoundError):
            raise BrokenCatalogue(Reason("file.missing", {}, self.name)) from error
        # zipfile raises these for damaged, truncated, encrypted and unusual files
        if isinstance(error, ET.ParseError):
            raise BrokenCatalogue(Reason("workbook.unreadable", {"detail": str(error)}, self.name)) from error
        if isinstance(error, KeyError):
            raise BrokenCatalogue(Reason("workbook.not_a_workbook", {}, self.name)) from error
        known = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
        if isinstance(error, (*known, OSError, ValueError)):
            detail = str(error)[:200]
            raise BrokenCatalogue(Reason("workbook.not_a_zip", {"detail": detail}, self.name)) from error
