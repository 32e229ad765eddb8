"""The command ``pack check``: whether rule packs can be used, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType

from ....adapters.bundled.packs import bundled_rulebook
from ....adapters.system.clock import SystemClock
from ....domain.rulebook.errors import BrokenPack
from ....domain.rulebook.pack import RulePack
from ....domain.rulebook.reading import read_pack
from ..bundle import day_option, read_text
from ..errors import NEGATIVE, CommandFailed
from ..screen import Whole, print_json, show, unbroken
from ..words import say, sentences_of
from .reading import files_in
from .summary import PackSummary, about, summary_of


def check(
    files: Annotated[list[Path], Parameter(name="PACK", negative=())],
    /,
    *,
    today: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Check rule packs: each problem with its file and line, or what the pack holds. Exits with 1 on any problem.

    Parameters
    ----------
    files
        The packs, as TOML files or folders of them. They are also held against one another and against the packs that
        ship.
    today
        The day to tell a stale pack by, as YYYY-MM-DD.
    json
        Print everything as JSON.
    """
    on = day_option(today, "--today") or SystemClock().now().date()
    packs: dict[Path, RulePack] = {}
    problems: list[str] = []
    for file in files_in(files):
        try:
            packs[file] = read_pack(read_text(file), str(file))
        except BrokenPack as error:
            problems += sentences_of(error, str(file))
        except CommandFailed as failure:
            problems += failure.lines
    together = _problems_together(packs)
    problems += together
    summaries = [summary_of(str(file), pack, on) for file, pack in packs.items()]
    if json:
        print_json({"ok": not problems, "problems": problems, "packs": [asdict(one) for one in summaries]})
    else:
        # None of them is good where they cannot be used together; which of them would be is told by checking fewer.
        show([*_page([] if together else summaries), *map(Whole, problems)])
    return NEGATIVE if problems else 0


def _problems_together(packs: dict[Path, RulePack]) -> list[str]:
    """Return what is wrong between the packs and with those that ship; a newer version takes a shipped one's place."""
    try:
        bundled_rulebook().with_packs(packs.values())
    except BrokenPack as error:
        return sentences_of(error, ", ".join(map(str, packs)))
    return []


def _page(summaries: list[PackSummary]) -> Iterator[RenderableType]:
    for one in summaries:
        yield unbroken((say("pack_good", known=one.file), "bold green"), f", {one.title}")
        yield from about(one)
