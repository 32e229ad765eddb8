"""The command ``pack diff``: what a new version of packs changes, record by record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.text import Text

from ....adapters.bundled.packs import bundled_rulebook
from ....domain.rulebook.comparing import How, PackDiff, RecordChange, compare_packs
from ....domain.rulebook.fact_words import figure_of
from ....domain.rulebook.facts import Fact
from ....domain.rulebook.kinds import KINDS
from ....domain.rulebook.layers import replaced_by
from ....domain.rulebook.pack import RulePack
from ..screen import heading, indented, item, print_json, show
from ..words import Words, say
from .reading import BUNDLED, packs_at
from .summary import kind_name

_MARKS = {How.ADDED: ("+", "green"), How.REMOVED: ("-", "red"), How.CHANGED: ("~", "yellow")}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field before and after; None where it is not there."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One record that is not as it was; ``says`` is what a fact says, ``was`` its figure before where that differs."""

    kind: str
    id: str
    how: str
    pack_before: str
    pack_after: str
    says: str
    was: str
    fields: tuple[FieldView, ...]


def diff(
    old: str,
    new: str,
    /,
    *,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Compare rule packs: the records that were added, removed and changed, and how. Exits with 0 also if some were.

    Parameters
    ----------
    old
        A pack, a folder of packs, or the word bundled for those that ship.
    new
        The same; beside bundled it is put in among those that ship, in the place of a pack with its id.
    json
        Print everything as JSON.
    """
    before, after = _both(old, new)
    found = compare_packs(before, after)
    words = Words(bundled_rulebook())
    changes = [_view(change, words) for change in found.changes]
    if json:
        print_json({"before": found.before, "after": found.after, "changes": list(map(asdict, changes))})
    else:
        show(_page(found, changes))
    return 0


def _both(old: str, new: str) -> tuple[tuple[RulePack, ...], tuple[RulePack, ...]]:
    shipped = bundled_rulebook().packs
    older = () if old == BUNDLED else packs_at([Path(old)])
    newer = () if new == BUNDLED else packs_at([Path(new)])
    if BUNDLED in (old, new):
        return replaced_by(shipped, older), replaced_by(shipped, newer)
    return older, newer


def _view(change: RecordChange, words: Words) -> ChangeView:
    return ChangeView(
        kind=change.kind,
        id=change.name,
        how=change.how.value,
        pack_before=change.before,
        pack_after=change.after,
        says=words.fact(change.fact) if change.fact else "",
        was=words.figure(change.was) if change.was and change.fact and _differ(change.was, change.fact) else "",
        fields=tuple(FieldView(one.field, one.before, one.after) for one in change.fields),
    )


def _differ(one: Fact, other: Fact) -> bool:
    return figure_of(one) != figure_of(other)


def _page(found: PackDiff, changes: list[ChangeView]) -> Iterator[RenderableType]:
    if not changes:
        yield Text(say("diff_none"), style="bold")
        return
    counts = ", ".join(say(f"diff_{how.value}", count=count) for how in How if (count := found.count(how)))
    yield Text(say("diff_head", count=len(changes), counts=counts), style="bold")
    for kind in KINDS:
        of_kind = [change for change in changes if change.kind == kind.list]
        if of_kind:
            yield heading(kind_name(f"{kind.title}s"))
        for change in of_kind:
            yield from _lines(change)


def _lines(change: ChangeView) -> Iterator[RenderableType]:
    mark, style = _MARKS[How(change.how)]
    told = f": {change.says}" if change.says else ""
    was = say("diff_was", known=change.was) if change.was else ""
    yield item(mark, Text.assemble((change.id, style), told, was))
    for one in change.fields:
        yield indented(say("diff_field", id=one.field, given=_said(one.after), known=_said(one.before)), 4)


def _said(value: str | None) -> str:
    return say("diff_not_said") if value is None else value
