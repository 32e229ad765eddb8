"""Every parser that takes files from outside: what it reads, how it may refuse, and what a valid file looks like."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import higherstudy.adapters.bundled
from higherstudy.adapters.icalendar.earlier import told_by
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.adapters.workbooks.given_tables import WorkbooksGivenTables
from higherstudy.domain.catalogue.errors import BrokenCatalogue
from higherstudy.domain.documents.errors import FileRefused
from higherstudy.domain.documents.policies import ACCEPTED_TYPES, LONGEST_NAME, clean_file_name, content_type_of
from higherstudy.domain.documents.use_cases.looking import Watched, demand_harmless
from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.reading import read_pack
from higherstudy.domain.shared.errors import DomainError, Invalid

from . import workbooks
from .mutations import damaged

BUNDLED = Path(higherstudy.adapters.bundled.__file__).parent
Make = Callable[[Random], bytes]


@dataclass(frozen=True)
class Parser:
    """One way for a file to come in."""

    make: Make
    """Returns a damaged file."""
    read: Callable[[bytes, Path], None]
    """Reads it to its end."""
    refuses: type[DomainError] | tuple[type[DomainError], ...]
    """Nothing else may come out of it."""
    samples: Callable[[], list[bytes]]
    classics: Callable[[], Iterator[tuple[str, bytes]]] = lambda: iter(())


def _catalogue(ending: str, content: bytes, folder: Path) -> None:
    path = folder / f"given{ending}"
    path.write_bytes(content)
    source: Any = source_of(path)
    opened = source._parsed() if ending == ".toml" else source._open()
    if ending == ".toml":
        source._file = opened
    for _ in source._batches():
        pass


def _people(ending: str, content: bytes, _: Path) -> None:
    table = asyncio.run(WorkbooksGivenTables().read(content, f"given{ending}"))
    assert all(len(row.cells) == len(table.header) for row in table.rows)


def _people_samples() -> list[bytes]:
    rows = "".join(f's{n}@example.org,"Nusrat, number {n}",BD,2003-05-17\n' for n in range(12))
    head = "email,name,nationality,birth_date\n"
    return [(head + rows).encode(), (head + rows.replace("\n", "\r\n")).encode("utf-8-sig")]


def _pack(content: bytes, _: Path) -> None:
    try:
        text = content.decode()  # as the route does, which refuses what is no text
    except UnicodeDecodeError:
        text = content.decode("utf-8", "surrogateescape")
    read_pack(text, "given.toml")


def _paper(content: bytes, _: Path) -> None:
    """Look at and judge a paper, and make a label of its name; the name is damaged as the content is."""

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(content), 1000):
            yield content[at : at + 1000]

    async def taken() -> str:
        watched = Watched(pieces(), at_most=300_000)
        await demand_harmless(None, watched)
        return content_type_of(watched.head)

    content_type = asyncio.run(taken())
    assert content_type in ACCEPTED_TYPES
    name = clean_file_name(content[-200:].decode("utf-8", "replace"), content_type)
    assert 0 < len(name) <= LONGEST_NAME
    assert not set(name) & set('/\\\0\r\n"<>|?*:')
    assert name.strip(". ") == name


def _calendar(content: bytes, _: Path) -> None:
    told_by(content)


def _csv_samples() -> list[bytes]:
    head = (
        "key,institution_key,institution,country,name,level,source_title,retrieved_on,confidence,"
        "tuition,tuition_currency,tuition_per\n"
    )
    rows = "".join(
        f'p{n},lake,Lake University,SE,"Limnology, part {n}",master,A page,2026-11-01,U,1500.50,EUR,semester\n'
        for n in range(12)
    )
    return [(head + rows).encode(), (head + rows.replace("\n", "\r\n")).encode("utf-8-sig")]


def _calendar_samples() -> list[bytes]:
    event = (
        "BEGIN:VEVENT\r\nUID:a{n}@higherstudy\r\nSUMMARY:Apply\r\nDTSTART;VALUE=DATE:20270301\r\nDTEND;VALUE=DATE:20270302\r\n"
        "X-HIGHERSTUDY-MARK:m\r\nSEQUENCE:0\r\nLAST-MODIFIED:20261101T000000Z\r\nDTSTAMP:20261101T000000Z\r\n"
        "STATUS:CONFIRMED\r\nBEGIN:VALARM\r\nTRIGGER:-P1D\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nEND:VALARM\r\nEND:VEVENT\r\n"
    )
    from higherstudy.adapters.icalendar.feed import MARK, PRODUCT

    events = "".join(event.replace("{n}", str(n)).replace("X-HIGHERSTUDY-MARK", MARK.upper()) for n in range(3))
    return [f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\n{events}END:VCALENDAR\r\n".encode()]


_CALENDAR_TOKENS = [
    b"RRULE:FREQ=SECONDLY;COUNT=999999999\r\n",
    b"DTSTART;TZID=../../etc/passwd:20270301T000000\r\n",
    b"DURATION:P99999999999D\r\n",
    b"BEGIN:VTIMEZONE\r\n",
    b"END:VCALENDAR\r\n",
    b"ATTACH:file:///etc/passwd\r\n",
    b"DTSTART:99999999\r\n",
    b"SEQUENCE:1e9\r\n",
    b"\r\n " * 3000,
    b"TZOFFSETFROM:+99999\r\n",
    b";X=" + b"a" * 3000,
    b"LAST-MODIFIED:00010101T000000Z\r\n",
]
_TOML_TOKENS = [
    b"a." * 40 + b"b=1\n",
    b"a." * 20_000 + b"b=1\n",
    b"[[a]]\n" * 3000,
    b"[a]\n[a]\n",
    b"x = 0x" + b"f" * 5000 + b"\n",
    b"x = " + b"9" * 5000 + b"\n",
    b"x = 1e999\n",
    b"x = nan\n",
    b"x = inf\n",
    b"x = 9999-12-31\n",
    b"x = 0001-01-01\n",
    b"x = 2026-01-01T00:00:00+23:59\n",
    b"x = '''\n",
    b'x = """\n',
    b"x = [" + b"1," * 20_000 + b"]\n",
    b"x = {a = {a = {a = 1}}}\n",
    b"retrieved_on = 0001-01-01\n",
    b'amount = "1e999999"\n',
    b'amount = "-0"\n',
]


def _toml_samples() -> list[bytes]:
    return [path.read_bytes()[:40_000] for path in sorted((BUNDLED / "catalogue").glob("*.toml"))]


def _small_catalogues() -> list[bytes]:
    """The head of a bundled catalogue, which can be taken, and its first programmes."""
    found = []
    for whole in _toml_samples():
        parts = whole.split(b"\n[[programmes]]")
        found.append(b"\n[[programmes]]".join(parts[:4]) + b"\n")
    return found


def _pack_samples() -> list[bytes]:
    return [(BUNDLED / "packs" / name).read_bytes() for name in ("ireland.toml", "papers.toml")]


def _paper_samples() -> list[bytes]:
    pdf = (
        b"%PDF-1.7\n1 0 obj <</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert)>>>> endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x02\x00\x00\x00" + b"\x00" * 40
    jpeg = (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03"
        b"\xff\xd9"
    )
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\xff\xff\xff\xffmeta" + b"\x00" * 40
    return [pdf, png, jpeg, heic]


def _one_paper(index: int) -> Parser:
    return Parser(
        lambda rng: damaged(rng, [_paper_samples()[index]] * 5 + _paper_samples()),
        _paper,
        FileRefused,
        lambda: [_paper_samples()[index]],
    )


def _from(samples: Callable[[], list[bytes]], tokens: list[bytes]) -> Make:
    kept: list[bytes] = []

    def make(rng: Random) -> bytes:
        kept.extend(samples() if not kept else ())
        return damaged(rng, kept, tokens)

    return make


def _workbook() -> Make:
    kept: list[bytes] = []

    def make(rng: Random) -> bytes:
        kept.extend(workbooks.samples() if not kept else ())
        return workbooks.damaged_inside(rng, kept)

    return make


PARSERS: dict[str, Parser] = {
    "workbook": Parser(
        _workbook(), partial(_catalogue, ".xlsx"), BrokenCatalogue, workbooks.samples, workbooks.made_by_hand
    ),
    "csv": Parser(_from(_csv_samples, []), partial(_catalogue, ".csv"), BrokenCatalogue, _csv_samples),
    "people.csv": Parser(_from(_people_samples, []), partial(_people, ".csv"), Invalid, _people_samples),
    "people.xlsx": Parser(_workbook(), partial(_people, ".xlsx"), Invalid, workbooks.samples, workbooks.made_by_hand),
    "toml": Parser(
        _from(_small_catalogues, _TOML_TOKENS), partial(_catalogue, ".toml"), BrokenCatalogue, _small_catalogues
    ),
    "pack": Parser(_from(_pack_samples, _TOML_TOKENS), _pack, BrokenPack, _pack_samples),
    "calendar": Parser(_from(_calendar_samples, _CALENDAR_TOKENS), _calendar, Invalid, _calendar_samples),
    "pdf": _one_paper(0),
    "png": _one_paper(1),
    "jpeg": _one_paper(2),
    "heic": _one_paper(3),
}
