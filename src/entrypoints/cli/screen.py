"""Printing for people, in 80 columns or what the terminal has; colours only on a terminal."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_NARROW, _USUAL, _WIDE = 60, 80, 100


class Whole(str):
    """A line that is printed as it is, however long."""

    __slots__ = ()


def show(lines: Iterable[RenderableType]) -> None:
    """Print the lines to stdout, wrapped; blanks at the ends of lines are left out."""
    sys.stdout.write(as_shown(lines))


def as_shown(lines: Iterable[RenderableType]) -> str:
    """Return the lines as they suit this process's stdout."""
    is_terminal = sys.stdout.isatty()
    width = min(max(shutil.get_terminal_size().columns, _NARROW), _WIDE) if is_terminal else _USUAL
    return rendered(lines, width=width, colours=is_terminal and "NO_COLOR" not in os.environ)


def rendered(lines: Iterable[RenderableType], *, width: int = _USUAL, colours: bool = False) -> str:
    """Return the lines as they are printed in so many columns."""
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=width,
        force_terminal=colours,
        color_system="auto" if colours else None,
        no_color=not colours,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for line in lines:
        if isinstance(line, Whole):
            buffer.write(f"{line}\n")
        else:
            # What must not be wrapped is printed as it is: a path that is broken can be neither copied nor searched.
            console.print(line, soft_wrap=isinstance(line, Text) and line.no_wrap is True)
    return "\n".join(line.rstrip() for line in buffer.getvalue().split("\n"))


def heading(title: str, beside: str = "") -> Text:
    """Return a heading with a blank line before it."""
    return Text.assemble("\n", (title.upper(), "bold"), f"  {beside}" if beside else "")


def indented(text: Text | str, by: int = 2) -> Padding:
    """Return the text, moved in by so many columns on every line."""
    return Padding(text if isinstance(text, Text) else Text(text), (0, 0, 0, by))


def item(marker: str, text: Text | str, by: int = 2) -> Padding:
    """Return the text behind its marker, later lines under the first one's text."""
    table = Table.grid()
    table.add_column(min_width=len(marker) + 1, no_wrap=True)
    table.add_column()
    table.add_row(Text(f"{marker} "), text if isinstance(text, Text) else Text(text))
    return Padding(table, (0, 0, 0, by), expand=False)


def unbroken(*parts: str | tuple[str, str]) -> Text:
    """Return the parts, each a text or a text and its style, as one line that is never wrapped."""
    return Text.assemble(*parts, no_wrap=True)


def address(url: str, by: int = 2) -> Whole:
    """Return the web address on a line of its own that is never broken, so that it can be followed."""
    return Whole(f"{' ' * by}{url}")


def print_json(data: Any) -> None:
    """Print the data as JSON, the same bytes for equal data."""
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2, default=_plain)
    sys.stdout.write("\n")


def _plain(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")
