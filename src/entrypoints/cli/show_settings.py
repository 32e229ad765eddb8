"""The command ``settings``: every setting of the server and what it is now."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.text import Text

from ..settings import Described, WrongSettings, described, read_settings
from .errors import CommandFailed
from .screen import heading, indented, print_json, show
from .words import sentences_of


def settings(*, json: Annotated[bool, Parameter(negative=())] = False) -> int:
    """List every setting of the server, its meaning and what it is now. Settings are environment variables.

    Parameters
    ----------
    json
        Print everything as JSON.
    """
    try:
        found = described(read_settings(os.environ))
    except WrongSettings as error:
        raise CommandFailed(*sentences_of(error)) from error
    if json:
        print_json([asdict(one) for one in found])
    else:
        show(_page(found))
    return 0


def _page(found: tuple[Described, ...]) -> Iterator[RenderableType]:
    section = ""
    for one in found:
        if one.section != section:
            section = one.section
            yield heading(section.rstrip("."))
        now = one.shown or "not set"
        usual = "" if one.shown == one.default else f"  (by default {one.default or 'not set'})"
        yield Text.assemble((one.variable, "bold"), f" = {now}{usual}")
        yield indented(one.meaning)
