"""The pages of verdicts: the ranked list, and one verdict in full."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from ..language import is_english
from ..screen import address, heading, indented, item
from ..words import day, listed, named, say, trust
from .match_view import FindingView, MatchesView, MatchView, UnlocksView

_COLOUR = {"met": "green", "probably_met": "green", "unknown": "yellow", "not_met": "red"}
_MARK = {"met": "[x]", "probably_met": "[~]", "unknown": "[?]", "not_met": "[ ]"}


def matches_page(view: MatchesView) -> Iterator[RenderableType]:
    """Yield the ranked list from top to bottom."""
    counts = ", ".join(
        say("match_count", count=count, standing=_word(standing)) for standing, count in view.counts.items()
    )
    yield Text(say("match_head", whole=_whole(view), counts=counts), style="bold")
    for number, match in enumerate(view.matches, start=1):
        yield Text("")
        yield from _match(number, match)
    if view.total > len(view.matches):
        yield Text("\n" + say("match_more", count=view.total - len(view.matches)))
    yield Text(f"\n{say('match_explained')} {say('match_no_chances')}")


def unlocks_page(view: UnlocksView) -> Iterator[RenderableType]:
    """Yield what would open most, from top to bottom."""
    yield Text(say("unlock_head", whole=_whole(view), open=view.open), style="bold")
    for number, one in enumerate(view.unlocks, start=1):
        yield Text("")
        line = Text.assemble((f"{one.says[:1].upper()}{one.says[1:]}", "bold"), say("unlock_more", count=one.opened))
        if one.words_left:
            line.append(say("unlock_words", count=one.words_left))
        yield item(f"{number:>2}.", line, 0)
        if one.at_best:
            yield item("!", say("unlock_at_best"), 4)
        for programme in one.programmes:
            yield item("-", programme, 4)
    if not view.unlocks:
        yield Text("\n" + say("unlock_none"))
    if view.unanswered:
        yield Text("\n" + say("unlock_unanswered", field=", ".join(view.unanswered)))
    yield Text(f"\n{say('unlock_order')} {say('match_no_chances')}")


def _whole(view: MatchesView | UnlocksView) -> str:
    """Return how many programmes there are, for whom and on which day, as far as these are known."""
    programmes = say("programmes", count=view.total)
    whose = [
        *([say("match_for", name=view.name)] if view.name else ()),
        *([say("match_on", on=day(view.on))] if view.on else ()),
    ]
    return say("match_whole", programmes=programmes, whose=" ".join(whose)) if whose else programmes


def _word(standing: str) -> str:
    return say(f"match_{standing}")


def _match(number: int, match: MatchView) -> Iterator[RenderableType]:
    line = Text.assemble(_standing(match), ": ", (_title(match), "bold"))
    yield item(f"{number:>2}.", line, 0)
    yield indented(say("match_programme", key=match.key), 4)
    for finding in _deciding(match.finding):
        yield item("-", finding.says, 4)
    yield item(">", _changes(match.finding), 4)
    if fitting := listed([say(f"match_fit_{name}") for name, fits in match.fit.items() if fits == "yes"]):
        yield item("+", say("match_fits", fits=fitting), 4)
    for warning in match.warnings:
        yield item("!", warning, 4)
    yield from _source(match, 4)
    if match.read_on is None:
        urls = dict.fromkeys(finding.source_url for finding in _deciding(match.finding) if finding.source_url)
        yield from (address(url, 4) for url in urls)


def _standing(match: MatchView) -> Text:
    """Return how the programme stands, and how far everything that decides about it can be trusted."""
    word = _word(match.standing)
    return Text.assemble((word, f"bold {_COLOUR[match.standing]}"), f" [{match.finding.confidence}]")


def _title(match: MatchView) -> str:
    where = f"{match.city}, {match.country}" if match.city else match.country
    return f"{match.name}, {match.institution} ({where})"


def _source(match: MatchView, by: int) -> Iterator[RenderableType]:
    if match.read_on is None:
        return
    yield indented(say("match_source", source=match.source_title, on=day(match.read_on)), by)
    if match.source_url:
        yield address(match.source_url, by)


def _deciding(finding: FindingView) -> Iterator[FindingView]:
    """Yield the findings that make the verdict no better than it is; of alternatives, the best one only."""
    if not finding.parts:
        yield finding
    elif finding.code == "any_of":
        best = next((part for part in finding.parts if part.standing == finding.standing), finding.parts[0])
        yield from _deciding(best)
    else:
        for part in finding.parts:
            if part.standing == finding.standing:
                yield from _deciding(part)


def _changes(finding: FindingView) -> str:
    if finding.standing == "met":
        return say("match_nothing_to_change")
    if not finding.changes:
        return say("match_no_change_helps")
    return say("match_cheapest", changes=listed(list(finding.changes)))


def verdict_page(match: MatchView, on: str) -> Iterator[RenderableType]:
    """Yield everything about one verdict from top to bottom."""
    yield Text.assemble((_title(match), "bold"))
    tuition = say("verdict_tuition", amount=match.tuition) if match.tuition else say("verdict_no_tuition")
    level = match.level if is_english() else named("level", match.level)
    yield Text(f"{match.key}: {level}, {tuition}")
    yield Text.assemble("\n", say("verdict_on", on=on), " ", _standing(match), say("stop"))
    yield Text(match.summary if not is_english() and match.summary else _changes(match.finding))
    yield heading(say("verdict_required"), say("verdict_marks"))
    yield from _tree(match.finding, 2)
    if match.notes or match.warnings:
        yield heading(say("verdict_to_know"))
        for note in (*match.warnings, *match.notes):
            yield item("-", note)
    yield heading(say("leans_on_this"))
    yield from _source(match, 2)
    names = dict.fromkeys(name for leaf in _leaves(match.finding) for name in leaf.rests_on)
    if names:
        yield item("-", say("verdict_tables", names=", ".join(names)))
    yield item("-", trust())
    yield item("-", say("match_no_chances"))


def _tree(finding: FindingView, depth: int) -> Iterator[RenderableType]:
    mark = _MARK[finding.standing]
    if finding.parts:
        yield item(mark, finding.says, depth)
        for part in finding.parts:
            yield from _tree(part, depth + 4)
        return
    line = Text(finding.says)
    if finding.distance:
        line.append(
            f" {say('verdict_short', distance=finding.distance)}" if finding.code != "test.too_low" else ""
        )  # which says so
    if finding.changes and finding.code != "stated.not_judged":  # whose sentence says already who judges
        line.append(f" {say('verdict_to_change', changes=listed(list(finding.changes)))}")
    yield item(mark, line.append(f" [{finding.confidence}]"), depth)
    for added in _added(finding):
        yield item("!", added, depth + 4)
    if finding.source_url:
        yield address(finding.source_url, depth + 4)


def _added(finding: FindingView) -> Iterator[str]:
    """Yield what stands beside a finding: who said otherwise, how long a result counts, what will matter later."""
    said = finding.override
    if said is not None:
        until = say("verdict_override_until", on=day(said.until)) if said.until else ""
        yield say(
            "verdict_override", by=said.by, on=day(said.on), until=until, reason=said.reason, ruled=_word(said.ruled)
        )
    if finding.counts_until is not None and finding.held_on is not None and finding.standing != "not_met":
        until, on = day(finding.counts_until), day(finding.held_on)
        yield say(f"verdict_counts_{finding.decided_by}", until=until, on=on)
    yield from finding.notices


def _leaves(finding: FindingView) -> Iterator[FindingView]:
    if not finding.parts:
        yield finding
    for part in finding.parts:
        yield from _leaves(part)
