"""A readiness report as PDF: what it says worked out, worded and set, against Typst setting the same words bare;
and how much memory a list of 10,000 rows takes."""

import asyncio
import json
import statistics
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import typst

from benchmarks.results import Result
from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.csv.sheets import CsvSheets
from higherstudy.adapters.svg.pictures import SvgPictures
from higherstudy.adapters.typst.typesetting import TypstTypesetting
from higherstudy.adapters.xlsxwriter.sheets import XlsxSheets
from higherstudy.domain.reports.content import Bullets, Content, Paragraph, Table
from higherstudy.domain.reports.readiness import readiness_content
from higherstudy.domain.reports.use_cases.wording import Wording
from higherstudy.entrypoints.cli.plans.planned import planned_from
from higherstudy.entrypoints.cli.reports.readiness_of_case import readiness_of
from higherstudy.ports.sheets import SheetCell, Sheets

CASE = Path(__file__).parents[1] / "examples" / "dhaka-master-germany.toml"
ON = date(2026, 11, 23)
ROUNDS = 15
LIMIT = 300.0
"""Milliseconds: nobody waits for a page."""
TIMES_BARE = 12.0
ROWS = 10_000
MOST_MIB = 16.0
_BARE = b'#set text(font: "Libertinus Serif")\n#for words in json(bytes(sys.inputs.words)) { par(words) }'


def measure() -> Iterator[Result]:
    """Yield the milliseconds of a report in each language, how many times the bare setting they are, and the memory of
    tables."""
    readiness = readiness_of(planned_from(CASE, ON))
    for language in ("en", "bn"):
        wording = Wording(Messages(language, rulebook=lambda: readiness.rulebook), SvgPictures())

        def ours(wording: Wording = wording, language: str = language) -> Content:
            content = wording.content(readiness_content(readiness))
            asyncio.run(TypstTypesetting().pdf(content, language))
            return content

        words = list(_words(ours()))
        one, bare = _median(ours), _median(lambda words=words: _set_bare(words))  # type: ignore[misc]
        detail = f"{len(words)} texts; bare {bare:.0f} ms"
        yield Result(f"readiness PDF ({language}): milliseconds", one, LIMIT, detail)
        yield Result(f"readiness PDF ({language}): times bare Typst", one / bare, TIMES_BARE)
    for sheets in (CsvSheets(), XlsxSheets()):
        peak, size = asyncio.run(_peak(sheets))
        name = type(sheets).__name__.removesuffix("Sheets").lower()
        yield Result(f"{ROWS} rows as {name}: MiB at most", peak / 2**20, MOST_MIB, f"{size / 2**20:.1f} MiB written")


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def _set_bare(words: Sequence[str]) -> None:
    """Set the words of the report one below another, without tags, tables and picture."""
    compiler = typst.Compiler(input=_BARE, ignore_system_fonts=True)
    compiler.compile(sys_inputs={"words": json.dumps(words)}, format="pdf", pdf_tags=False)


def _words(content: Content) -> Iterator[str]:
    yield str(content.title)
    for section in content.sections:
        yield str(section.title)
        for block in section.blocks:
            match block:
                case Paragraph(text, _):
                    yield str(text)
                case Bullets(items):
                    yield from map(str, items)
                case Table(head, rows, _):
                    yield from (str(cell) for row in (head, *rows) for cell in row)


async def _peak(sheets: Sheets) -> tuple[int, int]:
    async def rows(count: int) -> AsyncIterator[Sequence[SheetCell]]:
        for at in range(count):
            yield [at, f"Student {at:05}", "Computer Science, Saarland University", ON, "x" * 100]

    head = ("Days of room", "Student", "Target", "Arrives", "Next step")
    async for _ in sheets.written("Caseload", head, rows(10), ON):  # what is loaded once
        pass
    tracemalloc.start()
    size = 0
    async for piece in sheets.written("Caseload", head, rows(ROWS), ON):
        size += len(piece)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak, size
