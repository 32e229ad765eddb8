"""What a report says, before anybody has put it into a language or onto a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ..planning.timeline import Timeline
from ..shared.dataclass import dataclass
from ..shared.errors import ParamValue, Reason


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence by its code, as findings, reasons and headings have one. A parameter may itself be something said."""

    code: str
    params: Mapping[str, Text | ParamValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Titled:
    """A text that a thing of a rule pack carries itself, in several languages."""

    thing: object
    attribute: str = "title"


@dataclass(frozen=True, slots=True)
class Joined:
    """Several texts as one: in a row with what stands between them."""

    parts: tuple[Text, ...]
    between: str = " "


Text = str | Said | Titled | Joined
"""Ready words, or what becomes words in the language of the report."""
Cell = str | Said | Titled | Joined | int | Decimal | date | None
"""What stands in one place of a table; a number and a day are written as the form of the report writes them."""


def said(code: str, **params: Text | ParamValue) -> Said:
    """Return the sentence with its parameters."""
    return Said(code, params)


def told(reason: Reason) -> Said:
    """Return the sentence for a reason."""
    return Said(reason.code, reason.params)


class Mark(StrEnum):
    """How a paragraph stands out; what it means is in its words too."""

    PLAIN = "plain"
    STRONG = "strong"
    WARNING = "warning"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A few sentences in a row."""

    text: Text
    mark: Mark = Mark.PLAIN


@dataclass(frozen=True, slots=True)
class Bullets:
    """One thing a line."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; ``widths`` say how the columns share the page."""

    head: tuple[Text, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """The timeline as a picture, and what it shows in words, for whoever cannot see it."""

    timeline: Timeline
    shows: Text


@dataclass(frozen=True, slots=True)
class Drawn:
    """The picture as an SVG file, once it is drawn."""

    svg: bytes
    shows: str


Block = Paragraph | Bullets | Table | Picture | Drawn


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading; ``level`` 2 is within the section before it."""

    title: Text
    blocks: tuple[Block, ...]
    level: int = 1


@dataclass(frozen=True, slots=True)
class Content:
    """A whole report, as of a day."""

    title: Text
    about: tuple[Text, ...]
    on: date
    sections: tuple[Section, ...]
