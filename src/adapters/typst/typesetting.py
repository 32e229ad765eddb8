"""Reports as PDF, set by Typst from a template of ours and data."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ...domain.reports.content import Block, Bullets, Content, Drawn, Paragraph, Section, Table
from ...domain.shared.errors import Reason, RuleBroken
from .drawable import drawable
from .picture import parted

if TYPE_CHECKING:
    import typst

_STANDARD: Literal["ua-1"] = "ua-1"
_BANGLA = re.compile("[\u0980-\u09ff]")

Clean = Callable[[str], str]


class TypstTypesetting:
    """Sets a report as a tagged PDF (PDF/UA-1) with fonts that ship; nothing of the system is looked at."""

    async def pdf(self, content: Content, language: str) -> bytes:
        return await asyncio.to_thread(_set, content, language)


def _set(content: Content, language: str) -> bytes:
    on = datetime.combine(content.on, time(), UTC)
    try:
        made = _compiled(_data(content, language, drawable), on)
    except BaseException as error:
        if not _is_of_typst(error):
            raise
        # Signs that can be drawn, though not together, or so many marks on one letter that Typst gives up.
        made = _compiled(_data(content, language, lambda text: drawable(text, surely=True)), on)
    if not _BANGLA.search(repr(content)):
        return made
    from .mending import mended  # noqa: PLC0415

    return mended(made)


def _is_of_typst(error: BaseException) -> bool:
    """Whether the typesetter could not set the text: it refuses, or breaks off by what is no ordinary exception."""
    import typst  # noqa: PLC0415 - when the first report is set

    return isinstance(error, typst.TypstError) or type(error).__name__ == "PanicException"


def _compiled(data: Mapping[str, Any], on: datetime) -> bytes:
    template = resources.files(__package__).joinpath("report.typ").read_bytes()
    inputs = {"report": json.dumps(data, ensure_ascii=False)}
    import typst  # noqa: PLC0415

    # One that has refused something once finds its own text no more, so each document gets a new one.
    compiler = typst.Compiler(input=template, font_paths=_fonts())
    made = compiler.compile(sys_inputs=inputs, format="pdf", pdf_standards=[_STANDARD], timestamp=on)
    if not isinstance(made, bytes):
        raise RuleBroken(Reason("report.could_not_be_made"))
    return made


@cache
def _fonts() -> typst.Fonts:
    import typst  # noqa: PLC0415

    folder = Path(str(resources.files(__package__).joinpath("fonts")))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])


def _data(content: Content, language: str, clean: Clean) -> dict[str, Any]:
    return {
        "language": language,
        "title": clean(str(content.title)),
        "about": [clean(str(one)) for one in content.about],
        "sections": [_section(one, clean) for one in content.sections],
    }


def _section(section: Section, clean: Clean) -> dict[str, Any]:
    return {
        "title": clean(str(section.title)),
        "level": section.level,
        "blocks": [_block(one, clean) for one in section.blocks],
    }


def _block(block: Block, clean: Clean) -> dict[str, Any]:
    match block:
        case Paragraph(text, mark):
            return {"is": "paragraph", "text": clean(str(text)), "mark": mark.value}
        case Bullets(items):
            return {"is": "bullets", "items": [clean(str(one)) for one in items]}
        case Table(head, rows, widths):
            return {
                "is": "table",
                "head": [clean(str(one)) for one in head],
                "rows": [[clean(str(cell)) for cell in row] for row in rows],
                "widths": list(widths or (1 for _ in head)),
            }
        case Drawn(svg, shows):
            return {"is": "picture", "pages": parted(svg, clean), "alt": clean(shows)}
    raise TypeError(block)
