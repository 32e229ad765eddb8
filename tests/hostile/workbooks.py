"""Workbooks that are damaged inside: parts are changed and packed anew, so that damage gets past the checksums."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from registers import a_course, a_course_location, a_location, a_provider, a_register

from .mutations import damaged

Parts = dict[str, bytes]
_SHEET = "xl/worksheets/sheet3.xml"

TOKENS = [
    b'<!DOCTYPE a [<!ENTITY b "c">]>',
    b"<!DOCTYPE a>",
    b'<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd">',
    b"&b;",
    b"&#0;",
    b"&#xFFFFFFFF;",
    b"&amp;" * 2000,
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<?xml version='1.0' encoding='utf-16'?>",
    b'<c r="A1048576"><v>1</v></c>',
    b'<c r="XFD1"><v>1</v></c>',
    b'<c r="ZZZZZZZZ9"><v>1</v></c>',
    b'<c r="A0"><v>1</v></c>',
    b'<c r="A-1"><v>1</v></c>',
    b'<c r=""><v>1</v></c>',
    b"<c><v>1</v></c>" * 500,
    b'<row r="4294967295"/>',
    b'<row r="-1"/>',
    b'<dimension ref="A1:XFD1048576"/>',
    b'<dimension ref="XFD1048576:A1"/>',
    b'<f>WEBSERVICE("http://127.0.0.1/")</f>',
    b'<c r="B4" t="s"><v>4294967295</v></c>',
    b'<c r="B4" t="s"><v>-1</v></c>',
    b'<c r="B4" t="e"><v>#REF!</v></c>',
    b'<c r="B4" t="b"><v>2</v></c>',
    b'<c r="B4" t="d"><v>9999-99-99</v></c>',
    b'<c r="B4" s="99999"><v>1e308</v></c>',
    b'<c r="B4" t="unheard"><v>x</v></c>',
    b"<v>1e309</v>",
    b"<v>NaN</v>",
    b"<mergeCell ref='A1:Z99999'/>",
    b"xmlns=''",
    b"<a:f xmlns:a='x'/>",
    b"Target='../../../../etc/passwd'",
    b"Target='http://127.0.0.1/' TargetMode='External'",
]


def samples() -> list[bytes]:
    """Return registers that can be taken."""
    courses = [a_course(f"9{number:05}A") for number in range(1, 6)]
    places = [a_course_location(f"9{number:05}A") for number in range(1, 6)]
    return [
        _register(),
        _register(courses=courses, course_locations=places),
        _register(
            institutions=[a_provider(), a_provider("90002B")], locations=[a_location(), a_location("Other", "90002B")]
        ),
    ]


def _register(**sheets: Any) -> bytes:
    with TemporaryDirectory() as folder:
        return a_register(Path(folder) / "register.xlsx", **sheets).read_bytes()


def parts_of(workbook: bytes) -> Parts:
    """Return what is in the package."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Parts, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a package of these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return content.getvalue()


def damaged_inside(rng: Random, workbooks: list[bytes]) -> bytes:
    """Return a workbook with damage in one or two of its parts, or in the package around them."""
    if rng.random() < 0.2:
        return damaged(rng, workbooks)
    parts = parts_of(rng.choice(workbooks))
    names = sorted(parts)
    for _ in range(rng.choice((1, 1, 2))):
        name = rng.choice(names)
        change = rng.randrange(8)
        if change == 0:
            parts.pop(name, None)
        elif change == 1:
            parts[rng.choice(_NAMES)] = parts.get(name, b"")
        elif change == 2:
            parts["xl/sharedStrings.xml"] = rng.choice(_STRINGS)
        else:
            parts[name] = damaged(rng, [parts.get(name) or b"<a/>"], TOKENS)
    return packed(parts, rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)))


_NAMES = [
    "../../../../tmp/higherstudy-was-here.xml",
    "/etc/passwd",
    "C:\\windows\\system.ini",
    "xl/worksheets/../workbook.xml",
    "xl/worksheets/sheet1.xml/",
    " ",
    "x" * 5000,
    "xl/vbaProject.bin",
    "xl/externalLinks/externalLink1.xml",
    "\u202exml.1teehs",
]
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRINGS = [
    b'<sst xmlns="%s" count="4294967295" uniqueCount="4294967295"><si><t>one</t></si></sst>' % _MAIN,
    b'<sst xmlns="%s" uniqueCount="18446744073709551615"/>' % _MAIN,
    b'<sst xmlns="%s">' % _MAIN + b"<si><t>%s</t></si>" % (b"a" * 1000) * 500,
    b"",
]


def made_by_hand() -> Iterator[tuple[str, bytes]]:
    """Yield the classics, by name."""
    parts = parts_of(_register())
    for name, change in _CLASSICS.items():
        yield name, change(dict(parts))


def _with_sheet(xml: bytes, sheet: str = _SHEET) -> Callable[[Parts], bytes]:
    return lambda parts: packed({**parts, sheet: xml})


def _with_rows(rows: bytes, before: bytes = b"") -> Callable[[Parts], bytes]:
    return _with_sheet(
        b'<worksheet xmlns="' + _MAIN + b'">' + before + b"<sheetData>" + rows + b"</sheetData></worksheet>"
    )


def _laughs(parts: Parts) -> bytes:
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    return packed({**parts, _SHEET: b'<!DOCTYPE l [<!ENTITY l0 "lol">' + entities + b"]><worksheet>&l9;</worksheet>"})


def _in_the_list(xml: bytes) -> Callable[[Parts], bytes]:
    return lambda parts: packed({**parts, "xl/workbook.xml": xml})


def _bomb(parts: Parts) -> bytes:
    return packed({**parts, _SHEET: bytes(210_000_000)})


def _many_bombs(parts: Parts) -> bytes:
    return packed({**parts, **{f"xl/media/{n}.png": bytes(2_500_000) for n in range(90)}})


def _nested(parts: Parts) -> bytes:
    inner = packed(parts)
    for _ in range(8):
        inner = (
            packed({"xl/workbook.xml": inner, **{f"{n}.zip": inner for n in range(4)}})
            if len(inner) < 200_000
            else inner
        )
    return packed({**parts, _SHEET: inner})


def _overlapping(parts: Parts) -> bytes:
    """Every entry of the directory leads to the same bytes: one part counts two hundred times."""
    content = bytearray(packed({f"xl/{n:03}.xml": b"a" * 900_000 if n == 0 else b"" for n in range(199)} | parts))
    begin = content.index(b"PK\x01\x02")
    first = content[begin + 42 : begin + 46]
    at = begin
    while (at := content.find(b"PK\x01\x02", at + 1)) > 0:
        content[at + 42 : at + 46] = first
    return bytes(content)


def _locked(parts: Parts) -> bytes:
    content = bytearray(packed(parts))
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        content[at + 8] |= 1
    return bytes(content)


_XXE = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_CLASSICS: dict[str, Callable[[Parts], bytes]] = {
    "billion laughs": _laughs,
    "quadratic blow-up": _with_sheet(
        b'<!DOCTYPE w [<!ENTITY x "' + b"a" * 50_000 + b'">]><worksheet>' + b"&x;" * 50_000 + b"</worksheet>"
    ),
    "external entity in a sheet": _with_sheet(_XXE + b"<worksheet>&x;</worksheet>"),
    "external entity in the list of sheets": _in_the_list(_XXE + b"<workbook>&x;</workbook>"),
    "external document type": _with_sheet(b'<!DOCTYPE w SYSTEM "http://127.0.0.1:9/x.dtd"><worksheet/>'),
    "document type in other letters": _with_sheet((_XXE + b"<worksheet>&x;</worksheet>").decode().encode("utf-16")),
    "document type in EBCDIC": _with_sheet(b'<?xml version="1.0" encoding="cp037"?>' + "<!DOCTYPE a>".encode("cp037")),
    "zip bomb": _bomb,
    "ninety bombs": _many_bombs,
    "zip in a zip": _nested,
    "overlapping parts": _overlapping,
    "locked": _locked,
    "201 parts": lambda parts: packed({**parts, **{f"xl/media/{n}": b"" for n in range(201)}}),
    "huge dimension": _with_rows(b'<row r="1"><c r="A1"><v>1</v></c></row>', b'<dimension ref="A1:XFD1048576"/>'),
    "last cell": _with_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "last row without cells": _with_rows(b'<row r="1048576"><c><v>1</v></c></row>'),
    "cells without places": _with_rows((b"<row>" + b"<c><v>1</v></c>" * 16_384 + b"</row>") * 20),
    "spaced reference": _with_rows(b'<row r="1"><c r  =  "XFD1048576"><v>1</v></c></row>'),
    "escaped reference": _with_rows(b'<row r="1"><c r="&#88;FD1048576"><v>1</v></c></row>'),
    "formula": _with_rows(b'<row r="4"><c r="A4"><f>1</f><v>1</v></c></row>'),
    "deep nesting": _with_sheet(b"<a>" * 200_000),
    "endless attribute": _with_sheet(b'<worksheet a="' + b"a" * 3_000_000),
    "many attributes": _with_sheet(b"<worksheet " + b" ".join(b'a%d="1"' % n for n in range(50_000)) + b"/>"),
    "strings that say they are many": lambda parts: packed({**parts, "xl/sharedStrings.xml": _STRINGS[0]}),
    "strings that say they are more": lambda parts: packed({**parts, "xl/sharedStrings.xml": _STRINGS[1]}),
    "a sheet outside": _in_the_list(
        b'<workbook xmlns="%s" xmlns:r="x"><sheets><sheet name="Courses" r:id="rId1"/></sheets></workbook>' % _MAIN
    ),
    "nothing": lambda _: b"",
    "an empty package": lambda _: packed({}),
}
