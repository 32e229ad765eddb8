"""Going through a mission's checklist: which papers this case needs, and how each stands on the day of use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ..rulebook.conditions import Circumstances
from ..rulebook.papers import Checklist, ChecklistItem, DocumentKind
from ..shared.dataclass import dataclass
from .document import Document
from .judging import Judgement, Usability, judge_best


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """One place of the checklist for one case.

    ``needed`` is yes, no, or not known (None); ``depends_on`` names what would have to be known to tell, and to tell
    which further papers belong here. ``adds`` are those that the case asks for because of this item.
    """

    item: ChecklistItem
    needed: bool | None
    depends_on: tuple[str, ...]
    adds: tuple[str, ...]
    judgement: Judgement


def check_items(
    checklist: Checklist,
    circumstances: Circumstances,
    documents: Sequence[Document],
    kinds: Mapping[str, DocumentKind],
    on: date,
) -> tuple[CheckedItem, ...]:
    """Return every item in the mission's order, none left out, with the paper that serves it best on the day."""
    items = sorted(checklist.items, key=lambda item: item.order)
    added = {code for item in items for code in _adds(item, circumstances)}
    return tuple(_checked(item, circumstances, documents, kinds, on, added) for item in items)


def _checked(
    item: ChecklistItem,
    circumstances: Circumstances,
    documents: Sequence[Document],
    kinds: Mapping[str, DocumentKind],
    on: date,
    added: set[str],
) -> CheckedItem:
    answer = item.required_when.answer(circumstances) if item.required_when else None
    needed = answer.holds if answer else item.required
    more = [addition.when.answer(circumstances) for addition in item.additions]
    open_questions = {name for one in more if one.holds is None for name in one.missing}
    if added & set(item.documents):
        needed = True
    if answer and needed is None:
        open_questions |= answer.missing
    order = list(Usability)
    judged = [judge_best(documents, code, kinds.get(code), on) for code in item.documents]
    return CheckedItem(
        item=item,
        needed=needed,
        depends_on=tuple(sorted(open_questions)),
        adds=_adds(item, circumstances),
        judgement=min(judged, key=lambda found: order.index(found.usability)),
    )


def _adds(item: ChecklistItem, circumstances: Circumstances) -> tuple[str, ...]:
    """The further papers that hold for certain."""
    return tuple(code for more in item.additions if more.when.answer(circumstances).holds for code in more.add)
