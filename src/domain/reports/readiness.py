"""The readiness report of a student: where she stands, what is next, and everything that this rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..catalogue.programme import Programme
from ..documents.document import Document
from ..funding.need import MoneyNeed
from ..matching.verdict import Verdict
from ..planning.schedule import Schedule
from ..planning.target import Target
from ..planning.target_case import CheckedPapers
from ..rulebook.pack import Rulebook, RulePack
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from .behind import leaning_section, money_section, notice_section
from .content import Content, Section, Text, said
from .papers import kept_section, papers_section
from .standing import deadline_section, next_section, standing_section, steps_section, timeline_section
from .verdicts import verdict_sections


@dataclass(frozen=True, slots=True)
class JudgedTarget:
    """A target of the plan with its programme and the verdict on its days."""

    target: Target
    programme: Programme
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Readiness:
    """Everything that a readiness report is written from, as of one day.

    ``verdicts``, ``needs`` and ``papers`` begin with those of the leading target. ``warnings`` say what of the rules
    is stale or unverified, as ``warnings_for`` does, and ``packs`` are those leaned on.
    """

    name: str
    schedule: Schedule
    verdicts: Sequence[JudgedTarget]
    needs: Sequence[tuple[Target, MoneyNeed]]
    papers: Sequence[CheckedPapers]
    documents: Sequence[Document]
    notices: Sequence[Reason]
    warnings: Sequence[str]
    packs: Sequence[RulePack]
    rulebook: Rulebook


def readiness_content(found: Readiness) -> Content:
    """Return what the report says; equal inputs give an equal report."""
    schedule = found.schedule
    return Content(
        title=said("report.readiness_title", name=found.name) if found.name else said("report.readiness_title_bare"),
        about=tuple(_about(found)),
        on=schedule.today,
        sections=tuple(_sections(found)),
    )


def _about(found: Readiness) -> Iterator[Text]:
    yield said("report.as_of", on=found.schedule.today.isoformat())
    yield said("page.no_admission")


def _sections(found: Readiness) -> Iterator[Section]:
    schedule, rulebook = found.schedule, found.rulebook
    yield standing_section(schedule)
    yield next_section(schedule)
    yield timeline_section(schedule)
    yield deadline_section(schedule)
    yield from verdict_sections([(one.target, one.programme, one.verdict) for one in found.verdicts], rulebook)
    yield money_section(found.needs, rulebook)
    yield from papers_section(found.papers, schedule)
    yield from kept_section(found.documents, rulebook, schedule.today)
    yield from notice_section(found.notices)
    yield steps_section(schedule)
    yield leaning_section(found.warnings, found.packs, schedule)
