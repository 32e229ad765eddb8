"""Reports as plain text instead of PDF; for tests, and for teams without a typesetter."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.reports.content import Block, Bullets, Content, Drawn, Paragraph, Picture, Table


class MemoryTypesetting:
    """Writes the words of a report one below another, under the name of a PDF of no version."""

    async def pdf(self, content: Content, language: str) -> bytes:
        return "\n".join(("%PDF-0", *_lines(content, language))).encode()


def _lines(content: Content, language: str) -> Iterator[str]:
    yield f"{language} {content.on.isoformat()}"
    yield str(content.title)
    yield from map(str, content.about)
    for section in content.sections:
        yield f"{'#' * section.level} {section.title}"
        for block in section.blocks:
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text, mark):
            yield f"{mark.value}: {text}"
        case Bullets(items):
            yield from (f"- {one}" for one in items)
        case Table(head, rows, _):
            yield from (" | ".join(map(str, row)) for row in (head, *rows))
        case Drawn(_, shows):
            yield f"[{shows}]"
        case Picture():
            raise TypeError(block)
