"""The command ``check-pack``: whether rule packs can be used, and what they hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.text import Text

from ...adapters.bundled.packs import bundled_rulebook
from ...adapters.system.clock import SystemClock
from ...domain.rulebook.errors import BrokenPack
from ...domain.rulebook.pack import Rulebook, RulePack
from ...domain.rulebook.reading import read_pack
from .bundle import day_option, read_text
from .errors import NEGATIVE, CommandFailed
from .screen import Whole, item, print_json, show, unbroken
from .words import CONFIDENCE, counted, day, sentences_of


@dataclass(frozen=True, slots=True)
class PackSummary:
    """What one pack holds; ``facts`` counts them by confidence."""

    file: str
    id: str
    title: str
    version: str
    review_by: date
    stale: bool
    sha256: str
    facts: dict[str, int]
    contents: dict[str, int]


def check_pack(
    files: Annotated[list[Path], Parameter(name="FILE", negative=())],
    /,
    *,
    today: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Check rule packs: each problem with its file and line, or what the pack holds. Exits with 1 on any problem.

    Parameters
    ----------
    files
        The packs, as TOML files. They are also held against one another and against the packs that ship.
    today
        The day to tell a stale pack by, as YYYY-MM-DD.
    json
        Print everything as JSON.
    """
    on = day_option(today, "--today") or SystemClock().now().date()
    packs: dict[Path, RulePack] = {}
    problems: list[str] = []
    for file in dict.fromkeys(files):
        try:
            packs[file] = read_pack(read_text(file), str(file))
        except BrokenPack as error:
            problems += sentences_of(error, str(file))
        except CommandFailed as failure:
            problems += failure.lines
    problems += _problems_together(packs)
    summaries = [_summary(file, pack, on) for file, pack in packs.items()]
    if json:
        print_json({"ok": not problems, "problems": problems, "packs": [asdict(one) for one in summaries]})
    else:
        show([*_page(summaries), *map(Whole, problems)])
    return NEGATIVE if problems else 0


def _problems_together(packs: dict[Path, RulePack]) -> list[str]:
    """Return what is wrong between the packs and with those that ship; a newer version takes a shipped one's place."""
    ids = {pack.id for pack in packs.values()}
    shipped = [pack for pack in bundled_rulebook().packs if pack.id not in ids]
    try:
        Rulebook((*shipped, *packs.values()))
    except BrokenPack as error:
        return sentences_of(error, ", ".join(map(str, packs)))
    return []


def _summary(file: Path, pack: RulePack, on: date) -> PackSummary:
    by_confidence = Counter(fact.confidence.value for fact in pack.facts)
    contents = {
        "tests": len(pack.tests),
        "concordances": len(pack.concordances),
        "grade scales": len(pack.grade_scales),
        "grade conversions": len(pack.grade_conversions),
        "kinds of papers": len(pack.document_kinds),
        "checklists": len(pack.checklists),
        "pathways": len(pack.pathways),
        "money rules": len(pack.money_rules),
        "usual intakes": len(pack.intakes),
        "closures": len(pack.closures),
    }
    return PackSummary(
        file=str(file),
        id=pack.id,
        title=pack.title,
        version=pack.version,
        review_by=pack.review_by,
        stale=pack.is_stale(on),
        sha256=pack.sha256,
        facts={letter: by_confidence[letter] for letter in CONFIDENCE},
        contents={name: count for name, count in contents.items() if count},
    )


def _page(summaries: list[PackSummary]) -> Iterator[RenderableType]:
    for one in summaries:
        yield unbroken((f"{one.file}: good", "bold green"), f", {one.title}")
        review = f"to be reviewed by {day(one.review_by)}"
        stale = Text(" OUT OF DATE: it should have been reviewed by now.", style="red") if one.stale else Text("")
        yield item("-", Text(f"{one.id}, version {one.version}, {review}.").append_text(stale))
        counts = ", ".join(f"{count} {letter} ({CONFIDENCE[letter]})" for letter, count in one.facts.items() if count)
        yield item("-", f"{counted(sum(one.facts.values()), 'fact')}{': ' if counts else ''}{counts}.")
        if one.contents:
            yield item("-", f"Also: {', '.join(f'{name} {count}' for name, count in one.contents.items())}.")
