"""Putting a report into the words of a language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ....ports.messages import Messages
from ....ports.pictures import Pictures
from ...shared.dataclass import dataclass
from ...shared.errors import ParamValue
from ..content import Block, Bullets, Cell, Content, Drawn, Joined, Paragraph, Picture, Said, Table, Text, Titled


@dataclass(frozen=True)
class Wording:
    """Turns what a report says into ready texts of one language, and its pictures into drawn ones."""

    messages: Messages
    pictures: Pictures

    def content(self, content: Content) -> Content:
        """Return the report with every word ready, as typesetting takes it."""
        return Content(
            self.text(content.title),
            tuple(map(self.text, content.about)),
            content.on,
            tuple(
                replace(one, title=self.text(one.title), blocks=tuple(map(self._block, one.blocks)))
                for one in content.sections
            ),
        )

    def _block(self, block: Block) -> Block:
        match block:
            case Paragraph(text, mark):
                return Paragraph(self.text(text), mark)
            case Bullets(items):
                return Bullets(tuple(map(self.text, items)))
            case Table(head, rows, widths):
                cells = tuple(tuple(map(self.cell, row)) for row in rows)
                return Table(tuple(map(self.text, head)), cells, widths)
            case Picture(timeline, shows):
                return Drawn(self.pictures.timeline(timeline, self.messages), self.text(shows))
            case Drawn():
                return block

    def cell(self, cell: Cell) -> str:
        """Return what stands in the cell as people write it; nothing for None."""
        match cell:
            case None:
                return ""
            case int():
                return self.messages.sentence("report.count", {"count": cell})
            case Decimal():
                return f"{cell:f}"
            case date():
                return self.messages.short_day(cell)
        return self.text(cell)

    def text(self, text: Text) -> str:
        """Return the ready text."""
        match text:
            case str():
                return text
            case Titled(thing, attribute):
                return self.messages.text(thing, attribute)
            case Joined(parts, between):
                return between.join(filter(None, map(self.text, parts)))
            case Said(code, params):
                return self.messages.sentence(code, {name: self._given(one) for name, one in params.items()})

    def _given(self, value: Text | ParamValue) -> ParamValue:
        return self.text(value) if isinstance(value, Said | Titled | Joined) else value
