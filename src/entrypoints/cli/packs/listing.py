"""The command ``pack list``: which packs there are, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType

from ....adapters.system.clock import SystemClock
from ..bundle import day_option
from ..screen import print_json, show, unbroken
from ..words import say
from .reading import rulebook_with
from .summary import PackSummary, about, summary_of


def list_packs(
    packs: Annotated[list[Path] | None, Parameter(name="PACK", negative=(), show_default=False)] = None,
    /,
    *,
    today: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """List the rule packs in their order, the lowest layer first, and the name of exactly these together.

    Parameters
    ----------
    packs
        Packs, or folders of packs, to be put in beside those that ship.
    today
        The day to tell a stale pack by, as YYYY-MM-DD.
    json
        Print everything as JSON.
    """
    on = day_option(today, "--today") or SystemClock().now().date()
    rulebook = rulebook_with(packs or ())
    summaries = [summary_of(pack.file, pack, on) for pack in rulebook.packs]
    if json:
        print_json({"edition": rulebook.edition_id, "packs": [asdict(one) for one in summaries]})
    else:
        show(_page(summaries, rulebook.edition_id))
    return 0


def _page(summaries: list[PackSummary], edition: str) -> Iterator[RenderableType]:
    for one in summaries:
        yield unbroken((one.id, "bold"), f", {one.title}")
        yield from about(one)
    yield unbroken(say("pack_edition", id=edition))
