"""The part of a plan's page that goes through the papers."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from ..screen import heading, indented, item
from ..words import day, listed, named, say
from .plan_view import PapersView, PaperView

_MARKS = {"usable": "x", "answered": "-", "unknown": "?"}


def papers_part(papers: PapersView, *, country: str = "") -> Iterator[RenderableType]:
    """Yield the checklist in its order, with what is missing; ``country`` where there are those of several."""
    used = say("used_on", on=day(papers.used_on))
    yield heading(say("papers"), f"{country[:1].upper()}{country[1:]}, {used}" if country else used)
    yield indented(_papers_in_short(papers))
    for place in papers.items:
        yield _paper(place, papers)
    name, edition = papers.title, papers.version
    whose = say(
        "checklist", checklist=name, id=edition, authority=named("authority", papers.authority), trust=papers.confidence
    )
    yield indented(whose)
    if papers.rules:
        yield indented(say("whole_file", rules=" ".join(papers.rules)))


def _papers_in_short(papers: PapersView) -> str:
    needed = [place for place in papers.items if place.needed]
    perhaps = sum(place.needed is None for place in papers.items)
    parts = [say("needed_here", count=len(needed))]
    parts += [say("perhaps", count=perhaps)] if perhaps else []
    parts.append(say("count_at_hand", count=sum(place.standing == "usable" for place in needed)))
    unlisted = "" if papers.listed else f" {say('no_papers_listed')}"
    return say("places", count=len(papers.items), listed=", ".join(parts)) + unlisted


def _paper(place: PaperView, papers: PapersView) -> RenderableType:
    line = Text(place.title, "dim" if place.needed is False else "")
    more = [say("copies", count=place.copies)] if place.copies else []
    more += [say("together_with", papers=listed([_lower(paper) for paper in place.also]))] if place.also else []
    line.append(f" ({', '.join(more)})" if more else "")
    return item(f"{place.order:>2} [{_mark(place)}]", line.append(f": {_stands(place, any_listed=papers.listed)}"))


def _mark(place: PaperView) -> str:
    if place.needed is False:
        return "-"
    return "?" if place.needed is None else _MARKS.get(place.standing, " ")


def _stands(place: PaperView, *, any_listed: bool) -> str:
    if place.needed is False:
        return say("not_needed")
    if place.needed is None:
        return say("depends_on", names=listed([named("circumstance", name) for name in place.depends_on]))
    if place.standing == "missing":
        return say("missing" if any_listed else "to_come")
    if place.standing == "usable":
        if not place.originals:
            return say("to_copy_at_hand")
        return say("at_hand_until", on=day(place.good_until)) if place.good_until else say("at_hand")
    return place.says


def _lower(title: str) -> str:
    """Begin a title in the middle of a sentence, unless its first word is an abbreviation."""
    return title if title[:2].isupper() else title[0].lower() + title[1:]
