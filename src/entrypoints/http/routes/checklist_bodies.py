"""How a checklist is sent, judged for a case."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from ....domain.documents.checklist import CheckedItem
from ....domain.planning.target_case import CheckedPapers
from ..wire import Id, ReasonBody, SourceBody, reason_body, source_body, warning_bodies
from ..words import text_of


class CheckedItemBody(msgspec.Struct, frozen=True, kw_only=True):
    """One place of the checklist; ``needed`` null means that it depends on what is not known yet."""

    order: int
    code: str
    title: str
    section: str
    documents: list[str]
    original: int
    copies: int
    needed: bool | None
    depends_on: list[str]
    adds: list[str]
    usability: str
    reason: ReasonBody
    document_id: Id | None
    good_until: date | None
    note: str
    confidence: str
    verified: bool


class PackRuleBody(msgspec.Struct, frozen=True):
    """A rule about the papers as a whole."""

    code: str
    text: str
    confidence: str
    source_url: str


class ChecklistBody(msgspec.Struct, frozen=True, kw_only=True):
    """A mission's checklist for this case, judged on the day of use. The authority's own list always wins."""

    id: str
    target: Annotated[str, msgspec.Meta(description="The key of the target that it is for.")]
    title: str
    version: str
    mission: str
    authority: str
    used_on: date
    items: list[CheckedItemBody]
    rules: list[PackRuleBody]
    source: SourceBody
    confidence: str
    warnings: Annotated[list[ReasonBody], msgspec.Meta(description="What of these rules is stale or unverified.")]


def checklist_body(found: CheckedPapers) -> ChecklistBody:
    """Return the checklist as it is sent."""
    checklist = found.checklist
    return ChecklistBody(
        id=checklist.id,
        target=found.target,
        title=text_of(checklist),
        version=checklist.version,
        mission=checklist.mission,
        authority=checklist.authority,
        used_on=found.used_on,
        items=[_checked(item) for item in found.items],
        rules=[PackRuleBody(r.code, text_of(r, "text"), r.confidence.value, r.source.url) for r in checklist.rules],
        source=source_body(checklist.source),
        confidence=checklist.confidence.value,
        warnings=warning_bodies(found.warnings),
    )


def _checked(checked: CheckedItem) -> CheckedItemBody:
    item, judged = checked.item, checked.judgement
    return CheckedItemBody(
        order=item.order,
        code=item.code,
        title=text_of(item),
        section=item.section,
        documents=list(item.documents),
        original=item.original,
        copies=item.copies,
        needed=checked.needed,
        depends_on=list(checked.depends_on),
        adds=list(checked.adds),
        usability=judged.usability.value,
        reason=reason_body(judged.reason),
        document_id=str(judged.document.id) if judged.document else None,
        good_until=judged.good_until,
        note=text_of(item, "note"),
        confidence=item.confidence.value,
        verified=item.confidence.is_verified,
    )
