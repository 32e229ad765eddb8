"""What one pack is and holds, as values and as lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rich.console import RenderableType
from rich.text import Text

from ....adapters.bundled.messages import Messages
from ....domain.rulebook.kinds import KINDS
from ....domain.rulebook.pack import RulePack
from ..language import language
from ..screen import item
from ..words import CONFIDENCE, day, locale, say


@dataclass(frozen=True, slots=True)
class PackSummary:
    """What one pack holds; ``facts`` counts them by confidence, ``contents`` everything else by kind."""

    file: str
    id: str
    title: str
    version: str
    layer: str
    review_by: date
    stale: bool
    sha256: str
    facts: dict[str, int]
    contents: dict[str, int]


def summary_of(file: str, pack: RulePack, on: date) -> PackSummary:
    """Return what the pack holds, and whether it is out of date on the day."""
    by_confidence = Counter(fact.confidence.value for fact in pack.facts)
    counts = {f"{kind.title}s": len(tuple(kind.of(pack))) for kind in KINDS if kind.list != "facts"}
    return PackSummary(
        file=file,
        id=pack.id,
        title=Messages(language()).text(pack),
        version=pack.version,
        layer=pack.layer.value,
        review_by=pack.review_by,
        stale=pack.is_stale(on),
        sha256=pack.sha256,
        facts={letter: by_confidence[letter] for letter in CONFIDENCE},
        contents={name: count for name, count in counts.items() if count},
    )


def about(one: PackSummary) -> Iterator[RenderableType]:
    """Yield what the pack is, how far its facts can be trusted, and what else it holds."""
    stale = Text(f" {say('pack_overdue')}", style="red") if one.stale else Text("")
    known = say("pack_is", id=one.id, known=one.version, layer=one.layer, on=day(one.review_by))
    yield item("-", Text(known).append_text(stale))
    counts = ", ".join(
        say("pack_by_trust", count=count, letter=letter, trust=say(f"trust_{letter.lower()}"))
        for letter, count in one.facts.items()
        if count
    )
    yield item("-", f"{say('pack_facts', count=sum(one.facts.values()))}{': ' if counts else ''}{counts}{say('stop')}")
    if one.contents:
        contents = ", ".join(f"{kind_name(name)} {locale().number(count)}" for name, count in one.contents.items())
        yield item("-", say("pack_also", contents=contents))


def kind_name(kinds: str) -> str:
    """Return what records of one kind are called, as "grade scales", in the language of this run."""
    return say(f"kind_{kinds.replace(' ', '_')}")
