"""Whether a paper can be used on a day: a pure question of its dates and of the rule for its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from ..rulebook.papers import DocumentKind
from ..shared.dataclass import dataclass
from ..shared.errors import Params, Reason
from ..shared.sources import Confidence, Source
from ..shared.times import add_months
from .document import Document, Verification, Version


class Usability(StrEnum):
    """What can be said of a paper for one day."""

    USABLE = "usable"
    ANSWERED = "answered"
    UNKNOWN = "unknown"
    NOT_YET = "not_yet"
    ENDS_TOO_SOON = "ends_too_soon"
    EXPIRED = "expired"
    REJECTED = "rejected"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What holds for a paper on the day, why, until when it stays usable, and whose rule says so."""

    usability: Usability
    reason: Reason
    kind: str
    on: date
    document: Document | None = None
    number: int | None = None
    good_until: date | None = None
    source: Source | None = None
    confidence: Confidence | None = None

    @property
    def is_usable(self) -> bool:
        """Whether the paper itself can be used on the day."""
        return self.usability is Usability.USABLE


def judge(document: Document, kind: DocumentKind | None, on: date) -> Judgement:
    """Return whether the newest version can be used on the day; a paper is still good on its last day.

    ``kind`` is the rulebook's entry for the document's kind; without one nothing is known about its validity.
    """
    number = document.newest.number if document.newest else None
    usability, reason, good_until = _judged(document, kind, on)
    return Judgement(
        usability,
        reason,
        document.kind,
        on,
        document,
        number,
        good_until,
        kind.source if kind else None,
        kind.confidence if kind else None,
    )


def judge_best(documents: Iterable[Document], code: str, kind: DocumentKind | None, on: date) -> Judgement:
    """Return the judgement of that document of the kind which serves best on the day; MISSING without any."""
    judged = [judge(document, kind, on) for document in documents if document.kind == code]
    order = list(Usability)
    missing = Judgement(Usability.MISSING, _reason(code, "document.missing"), code, on)
    return min(judged, key=lambda found: order.index(found.usability), default=missing)


def usable_kinds(documents: Iterable[Document], kinds: Mapping[str, DocumentKind], on: date) -> dict[str, bool | None]:
    """Return for each kind that the student has a paper of whether one is usable on the day; None is not known."""
    papers = tuple(documents)
    best = {code: judge_best(papers, code, kinds.get(code), on) for code in sorted({paper.kind for paper in papers})}
    return {code: None if j.usability is Usability.UNKNOWN else j.is_usable for code, j in best.items()}


_Finding = tuple[Usability, Reason, date | None]


def _judged(document: Document, kind: DocumentKind | None, on: date) -> _Finding:
    code, newest = document.kind, document.newest
    if document.answer is not None:
        return Usability.ANSWERED, _reason(code, f"document.{document.answer.answer.value}"), None
    if newest is None:
        return Usability.MISSING, _reason(code, "document.missing"), None
    if newest.verification is Verification.REJECTED:
        params: Params = {"because": newest.rejected_because, "version": newest.number}
        return Usability.REJECTED, _reason(code, "document.rejected", params), None
    if kind is None:
        return Usability.UNKNOWN, _reason(code, "document.unknown_kind"), None
    return _by_dates(newest, kind, on)


def _by_dates(version: Version, kind: DocumentKind, on: date) -> _Finding:
    issued, expires = version.stated.issued_on, version.stated.expires_on
    if issued is not None and issued > on:
        params = {"issued_on": issued.isoformat(), "on": on.isoformat()}
        return Usability.NOT_YET, _reason(kind.code, "document.not_issued_yet", params), None
    if kind.uses_expiry_date and expires is None:
        return Usability.UNKNOWN, _reason(kind.code, "document.expiry_unknown"), None
    if kind.valid_months is not None and issued is None:
        return Usability.UNKNOWN, _reason(kind.code, "document.issue_date_unknown"), None
    by_age = add_months(issued, kind.valid_months) if issued and kind.valid_months is not None else None
    good_until = min((day for day in (expires, by_age) if day is not None), default=None)
    if good_until is None:
        return Usability.USABLE, _reason(kind.code, "document.usable"), None
    return _until(good_until, expires, kind, on)


def _until(good_until: date, expires: date | None, kind: DocumentKind, on: date) -> _Finding:
    params: dict[str, str | int] = {"good_until": good_until.isoformat(), "on": on.isoformat()}
    if good_until < on:
        return Usability.EXPIRED, _reason(kind.code, "document.expired", params), good_until
    if expires is not None and expires < add_months(on, kind.remaining_months):
        longer = {**params, "remaining_months": kind.remaining_months}
        return Usability.ENDS_TOO_SOON, _reason(kind.code, "document.ends_too_soon", longer), good_until
    return Usability.USABLE, _reason(kind.code, "document.usable", params), good_until


def _reason(kind: str, code: str, params: Params | None = None) -> Reason:
    return Reason(code, {"kind": kind, **(params or {})}, f"documents.{kind}")
