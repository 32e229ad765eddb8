"""What a student can show on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from types import MappingProxyType

from ..documents.document import Document
from ..documents.judging import judge_best, usable_kinds
from ..profile.profile import Profile
from ..rulebook.papers import DocumentKind
from ..shared.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a case on which a test result has to count; what is not known yet is None."""

    application: date | None = None
    enrolment: date | None = None
    appointment: date | None = None


@dataclass(frozen=True, slots=True)
class Serving:
    """The paper that serves best for its kind: its place in the list from 0, and when it was issued, where stated."""

    index: int
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The profile and the papers that are usable on the day; papers that nobody listed (None) are unknown.

    ``papers`` maps a kind of document to whether one is usable: yes, no, or not known. With ``days`` a test result is
    held against the days of the case; without, against ``on``. They belong to the question and are no evidence.
    ``serving`` names the paper behind each kind, where it is known.
    """

    profile: Profile
    on: date
    papers: Mapping[str, bool | None] | None = None
    days: Days | None = None
    serving: Mapping[str, Serving] = field(default_factory=lambda: MappingProxyType({}))


def evidence_with(
    profile: Profile,
    documents: Iterable[Document],
    kinds: Mapping[str, DocumentKind],
    on: date,
    days: Days | None = None,
) -> Evidence:
    """Return what the profile and all papers of the student show on the day, each kind by the best paper of it."""
    listed = tuple(documents)
    serving: dict[str, Serving] = {}
    for kind in {document.kind for document in listed}:
        best = judge_best(listed, kind, kinds.get(kind), on).document
        if best is not None:
            newest = best.newest
            serving[kind] = Serving(listed.index(best), newest.stated.issued_on if newest else None)
    return Evidence(profile, on, usable_kinds(listed, kinds, on), days, serving)
