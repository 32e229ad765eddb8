"""Reading kinds of documents, and checklists."""

from __future__ import annotations

from ..shared.reading import Record
from ..shared.sourced import Sources, source_of
from ..shared.sources import Confidence
from .limits import MOST_MONTHS
from .papers import Addition, Checklist, ChecklistItem, DocumentKind, PackRule, WithNewPassport
from .reading_conditions import maybe_condition, read_condition


def read_document_kind(r: Record, sources: Sources) -> DocumentKind:
    """Return the kind of document in the record; what is wrong with it is noted."""
    kind = DocumentKind(
        code=r.text("code"),
        title=r.text("title"),
        title_bn=r.text("title_bn", ""),
        valid_months=r.maybe_integer("valid_months", least=1, most=MOST_MONTHS),
        uses_expiry_date=r.flag("uses_expiry_date", False),
        remaining_months=r.integer("remaining_months", 0, most=MOST_MONTHS),
        with_new_passport=r.choice("with_new_passport", WithNewPassport, WithNewPassport.UNTOUCHED),
        note=r.text("note", ""),
        source=source_of(r, sources),
        confidence=r.choice("confidence", Confidence),
    )
    r.done()
    return kind


def read_checklist(r: Record, sources: Sources) -> Checklist:
    """Return the checklist with its items in the record; what is wrong with it is noted."""
    rules = []
    for rule in r.tables("rules"):
        rules.append(
            PackRule(
                code=rule.text("code"),
                text=rule.text("text"),
                text_bn=rule.text("text_bn", ""),
                source=source_of(rule, sources),
                confidence=rule.choice("confidence", Confidence),
            )
        )
        rule.done()
    checklist = Checklist(
        id=r.text("id"),
        title=r.text("title"),
        title_bn=r.text("title_bn", ""),
        version=r.text("version"),
        mission=r.text("mission"),
        authority=r.text("authority"),
        used_at=r.text("used_at"),
        items=tuple(_item(entry) for entry in r.tables("items")),
        rules=tuple(rules),
        source=source_of(r, sources),
        confidence=r.choice("confidence", Confidence),
    )
    r.text("note", "")
    r.done()
    return checklist


def _item(r: Record) -> ChecklistItem:
    additions = []
    for more in r.tables("when_to_add"):
        additions.append(Addition(read_condition(more, "when"), more.texts("add"), more.text("text", "")))
        more.done()
    one = r.text("document", "")
    item = ChecklistItem(
        code=r.text("code"),
        order=r.integer("order"),
        section=r.text("section", "main"),
        title=r.text("title"),
        documents=(one,) if one else r.texts("one_of"),
        original=r.integer("original", 0),
        copies=r.integer("copies", 0),
        required=r.flag("required", not r.has("required_when")),
        required_when=maybe_condition(r, "required_when"),
        additions=tuple(additions),
        note=r.text("note", ""),
        title_bn=r.text("title_bn", ""),
        note_bn=r.text("note_bn", ""),
        confidence=r.choice("confidence", Confidence),
    )
    r.done()
    return item
