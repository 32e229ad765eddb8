"""The pages of verdicts: the ranked list, and one verdict in full."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from ..language import is_english
from ..screen import address, heading, indented, item
from ..words import CONFIDENCE, counted, day, listed
from .match_view import FindingView, MatchesView, MatchView, UnlocksView

_WORD = {"met": "met", "probably_met": "probably met", "unknown": "not known", "not_met": "not met"}
_COLOUR = {"met": "green", "probably_met": "green", "unknown": "yellow", "not_met": "red"}
_MARK = {"met": "[x]", "probably_met": "[~]", "unknown": "[?]", "not_met": "[ ]"}
_FIT = {"field": "your field", "tuition": "your budget", "deadline": "the time: one can still apply"}
_WHOSE = {
    "owner": "by the test's own rule",
    "institution": "for the institution",
    "mission": "for the visa mission",
}
_NO_CHANCES = "This judges stated requirements; it says nothing about the chance of being admitted."


def matches_page(view: MatchesView) -> Iterator[RenderableType]:
    """Yield the ranked list from top to bottom."""
    counts = ", ".join(f"{count} {_WORD[standing]}" for standing, count in view.counts.items())
    whose = f" for {view.name}" if view.name else ""
    on = f" on {day(view.on)}" if view.on else ""
    yield Text(f"{counted(view.total, 'programme')}{whose}{on}: {counts}", style="bold")
    for number, match in enumerate(view.matches, start=1):
        yield Text("")
        yield from _match(number, match)
    if view.total > len(view.matches):
        yield Text(f"\n{counted(view.total - len(view.matches), 'more programme')}; see them with --limit.")
    yield Text(f"\nA full explanation: higherstudy verdict FILE PROGRAMME. {_NO_CHANCES}")


def unlocks_page(view: UnlocksView) -> Iterator[RenderableType]:
    """Yield what would open most, from top to bottom."""
    whose = f" for {view.name}" if view.name else ""
    on = f" on {day(view.on)}" if view.on else ""
    yield Text(f"{view.open} of {counted(view.total, 'programme')} met or probably met{whose}{on}.", style="bold")
    for number, one in enumerate(view.unlocks, start=1):
        yield Text("")
        line = Text.assemble((f"{one.says[:1].upper()}{one.says[1:]}", "bold"), f": {one.opened} more")
        if one.words_left:
            line.append(f", and {one.words_left} that leave only words for you to judge")
        yield item(f"{number:>2}.", line, 0)
        if one.at_best:
            yield item("!", "At best: it depends on what the answer is.", 4)
        for programme in one.programmes:
            yield item("-", programme, 4)
    if not view.unlocks:
        yield Text("\nNo single change of those that are tried would open more.")
    yield Text(f"\nMost for the effort comes first. {_NO_CHANCES}")


def _match(number: int, match: MatchView) -> Iterator[RenderableType]:
    line = Text.assemble(_standing(match), ": ", (_title(match), "bold"))
    yield item(f"{number:>2}.", line, 0)
    yield indented(f"programme {match.key}", 4)
    for finding in _deciding(match.finding):
        yield item("-", finding.says, 4)
    yield item(">", _changes(match.finding), 4)
    if fitting := listed([_FIT[name] for name, fits in match.fit.items() if fits == "yes"]):
        yield item("+", f"It fits {fitting}.", 4)
    for warning in match.warnings:
        yield item("!", warning, 4)
    yield from _source(match, 4)
    if match.read_on is None:
        urls = dict.fromkeys(finding.source_url for finding in _deciding(match.finding) if finding.source_url)
        yield from (address(url, 4) for url in urls)


def _standing(match: MatchView) -> Text:
    """Return how the programme stands, and how far everything that decides about it can be trusted."""
    word = _WORD[match.standing]
    return Text.assemble((word, f"bold {_COLOUR[match.standing]}"), f" [{match.finding.confidence}]")


def _title(match: MatchView) -> str:
    where = f"{match.city}, {match.country}" if match.city else match.country
    return f"{match.name}, {match.institution} ({where})"


def _source(match: MatchView, by: int) -> Iterator[RenderableType]:
    if match.read_on is None:
        return
    yield indented(f"Source: {match.source_title}, read on {day(match.read_on)}.", by)
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
        return "Nothing has to change."
    if not finding.changes:
        return "Nothing that you could change would make it met."
    return f"The cheapest change: {listed(list(finding.changes))}."


def verdict_page(match: MatchView, on: str) -> Iterator[RenderableType]:
    """Yield everything about one verdict from top to bottom."""
    yield Text.assemble((_title(match), "bold"))
    facts = [match.level, f"tuition {match.tuition}" if match.tuition else "tuition not known"]
    yield Text(f"{match.key}: {', '.join(facts)}")
    yield Text.assemble("\nOn ", on, ": ", _standing(match), ".")
    yield Text(match.summary if not is_english() and match.summary else _changes(match.finding))
    yield heading("What is required", "[x] met  [~] probably met  [?] not known  [ ] not met")
    yield from _tree(match.finding, 2)
    if match.notes or match.warnings:
        yield heading("To know")
        for note in (*match.warnings, *match.notes):
            yield item("-", note)
    yield heading("What this leans on")
    yield from _source(match, 2)
    names = dict.fromkeys(name for leaf in _leaves(match.finding) for name in leaf.rests_on)
    if names:
        yield item("-", f"Tables and scales: {', '.join(names)}.")
    yield item(
        "-", f"Letters in brackets: {'; '.join(f'{letter} {meaning}' for letter, meaning in CONFIDENCE.items())}."
    )
    yield item("-", _NO_CHANCES)


def _tree(finding: FindingView, depth: int) -> Iterator[RenderableType]:
    mark = _MARK[finding.standing]
    if finding.parts:
        yield item(mark, finding.says, depth)
        for part in finding.parts:
            yield from _tree(part, depth + 4)
        return
    line = Text(finding.says)
    if finding.distance:
        line.append(f" Short by {finding.distance}." if finding.code != "test.too_low" else "")  # which says so
    if finding.changes and finding.code != "stated.not_judged":  # whose sentence says already who judges
        line.append(f" To change it: {listed(list(finding.changes))}.")
    yield item(mark, line.append(f" [{finding.confidence}]"), depth)
    for added in _added(finding):
        yield item("!", added, depth + 4)
    if finding.source_url:
        yield address(finding.source_url, depth + 4)


def _added(finding: FindingView) -> Iterator[str]:
    """Yield what stands beside a finding: who said otherwise, how long a result counts, what will matter later."""
    said = finding.override
    if said is not None:
        until = f", until {day(said.until)}" if said.until else ""
        yield (
            f"A counsellor ({said.by}) said so on {day(said.on)}{until}: {said.reason} "
            f"By the rules alone it is {_WORD[said.ruled]}."
        )
    if finding.counts_until is not None and finding.held_on is not None and finding.standing != "not_met":
        whose = _WHOSE[finding.decided_by]
        yield f"It counts until {day(finding.counts_until)} {whose}, held against {day(finding.held_on)}."
    yield from finding.notices


def _leaves(finding: FindingView) -> Iterator[FindingView]:
    if not finding.parts:
        yield finding
    for part in finding.parts:
        yield from _leaves(part)
