"""The part of a plan's page that goes through the papers."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from ..screen import heading, indented, item
from ..words import counted, day, listed
from .plan_view import PapersView, PaperView

_MARKS = {"usable": "x", "answered": "-", "unknown": "?"}


def papers_part(papers: PapersView) -> Iterator[RenderableType]:
    """Yield the checklist in its order, with what is missing."""
    yield heading("Papers", f"as used on {day(papers.used_on)}")
    yield indented(_papers_in_short(papers))
    for place in papers.items:
        yield _paper(place, papers)
    yield indented(
        f"{papers.title}, version {papers.version} ({papers.authority}) [{papers.confidence}]. "
        "The mission's own list always decides."
    )
    if papers.rules:
        yield indented(f"For the whole file: {' '.join(papers.rules)}")


def _papers_in_short(papers: PapersView) -> str:
    needed = [place for place in papers.items if place.needed]
    at_hand = sum(place.standing == "usable" for place in needed)
    perhaps = sum(place.needed is None for place in papers.items)
    parts = [f"{len(needed)} needed here"] + ([f"{perhaps} perhaps"] if perhaps else []) + [f"{at_hand} at hand"]
    unlisted = "" if papers.listed else " This case lists no papers, so all are shown as still to come."
    return f"{counted(len(papers.items), 'place')}, in this order: {', '.join(parts)}.{unlisted}"


def _paper(place: PaperView, papers: PapersView) -> RenderableType:
    line = Text(place.title, "dim" if place.needed is False else "")
    more = [f"{place.copies} copies"] if place.copies else []
    more += [f"with {listed([_lower(paper) for paper in place.also])}"] if place.also else []
    line.append(f" ({', '.join(more)})" if more else "")
    return item(f"{place.order:>2} [{_mark(place)}]", line.append(f": {_stands(place, any_listed=papers.listed)}"))


def _mark(place: PaperView) -> str:
    if place.needed is False:
        return "-"
    return "?" if place.needed is None else _MARKS.get(place.standing, " ")


def _stands(place: PaperView, *, any_listed: bool) -> str:
    if place.needed is False:
        return "not needed here."
    if place.needed is None:
        return f"depends on {listed([name.replace('_', ' ') for name in place.depends_on])}."
    if place.standing == "missing":
        return "missing." if any_listed else "to come."
    if place.standing == "usable":
        until = f", good until {day(place.good_until)}" if place.good_until else ""
        return f"at hand{until}." if place.originals else "the paper to copy is at hand."
    return place.says


def _lower(title: str) -> str:
    """Begin a title in the middle of a sentence, unless its first word is an abbreviation."""
    return title if title[:2].isupper() else title[0].lower() + title[1:]
