"""Kinds of documents, and the checklists that a mission wants them in."""

from __future__ import annotations

from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.sources import Confidence, Source
from .conditions import Condition


class WithNewPassport(StrEnum):
    """What becomes of a paper that names a passport when the passport is renewed; UNTOUCHED for all others.

    Whoever keeps it puts it right, it is made anew, the old one is taken along, or whoever issued it has to be asked.
    """

    UNTOUCHED = ""
    PUT_RIGHT = "put_right"
    MAKE_ANEW = "make_anew"
    TAKE_ALONG = "take_along"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of paper, how long it can be used, and what a new passport means for it."""

    code: str
    title: str
    source: Source
    confidence: Confidence
    title_bn: str = ""
    valid_months: int | None = None
    uses_expiry_date: bool = False
    remaining_months: int = 0
    note: str = ""
    with_new_passport: WithNewPassport = WithNewPassport.UNTOUCHED


@dataclass(frozen=True, slots=True)
class PackRule:
    """A rule about the papers as a whole, such as that nothing may be stapled."""

    code: str
    text: str
    source: Source
    confidence: Confidence
    text_bn: str = ""


@dataclass(frozen=True, slots=True)
class Addition:
    """More papers that an item asks for under a condition."""

    when: Condition
    add: tuple[str, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One place of a checklist: one paper, or one of several."""

    code: str
    order: int
    title: str
    documents: tuple[str, ...]
    confidence: Confidence
    section: str = "main"
    original: int = 0
    copies: int = 0
    required_when: Condition | None = None
    required: bool = True
    additions: tuple[Addition, ...] = ()
    note: str = ""
    title_bn: str = ""
    note_bn: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """The papers of one mission in its order, in one version; the authority's own list always wins."""

    id: str
    title: str
    version: str
    mission: str
    authority: str
    used_at: str
    items: tuple[ChecklistItem, ...]
    rules: tuple[PackRule, ...]
    source: Source
    confidence: Confidence
    title_bn: str = ""
