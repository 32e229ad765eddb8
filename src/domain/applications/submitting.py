"""Sending an application: all reasons against it, or a receipt and a snapshot that never changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..catalogue.intake import last_moment
from ..catalogue.writing import programme_data
from ..documents.document import Document
from ..profile.writing import profile_data
from ..shared.canonical import canonical_bytes, sha256_of
from ..shared.errors import refuse_if_any
from ..shared.ids import AccountId
from .application import Application, Submission
from .events import ApplicationSubmitted
from .policies import Case, deadline_of, missing

FORM = "higherstudy.application.v1"


def submit(application: Application, case: Case, at: datetime, by: AccountId) -> tuple[ApplicationSubmitted, bytes]:
    """Send the application and return the event and the bytes of its snapshot, whose hash the receipt carries.

    ``at`` is when the request was received. Raises Conflict when it was sent before, RuleBroken with every reason
    that stands against it.
    """
    application.demand_can_submit()
    refuse_if_any(missing(application, case, at))
    deadline = deadline_of(application, case)
    last = last_moment(deadline.last, case.zones) if deadline else None
    zone = deadline.last.zone if deadline else ""
    content = canonical_bytes(snapshot_data(application, case, at, last, zone))
    event = application.submit(Submission(at, sha256_of(content), last, zone), by)
    return event, content


def snapshot_data(
    application: Application, case: Case, at: datetime, deadline: datetime | None, zone: str
) -> dict[str, Any]:
    """Return everything that is sent: the profile, the programme and its intake, the papers by their hashes, and
    the edition of the rules that it was judged by."""
    return {
        "form": FORM,
        "application": str(application.id),
        "student": str(application.student_id),
        "submitted_at": _utc(at),
        "intake": {"term": application.term, "starts_on": application.starts_on.isoformat()},
        "deadline": None if deadline is None else {"instant": _utc(deadline), "zone": zone},
        "profile": profile_data(case.profile),
        "programme": programme_data(case.programme),
        "documents": [_document(one) for one in sorted(case.documents, key=lambda one: one.id.bytes)],
        "rulebook": list(case.rulebook.edition),
    }


def _document(document: Document) -> dict[str, Any]:
    newest, answer = document.newest, document.answer
    return {
        "id": str(document.id),
        "kind": document.kind,
        "label": document.label,
        "answer": answer and {"answer": answer.answer.value, "reason": answer.reason},
        "version": newest
        and {
            "number": newest.number,
            "sha256": newest.sha256,
            "size": newest.size,
            "content_type": newest.content_type,
        },
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
