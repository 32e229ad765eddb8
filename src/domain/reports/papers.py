"""The papers of a readiness report: those of the mission's list, and how long each that is there can be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from ..documents.checklist import CheckedItem
from ..documents.document import Document
from ..documents.judging import judge
from ..planning.schedule import Schedule
from ..planning.target_case import CheckedPapers
from ..rulebook.pack import Rulebook
from .content import Block, Joined, Mark, Paragraph, Section, Table, Text, Titled, said, told
from .standing import sourced


def papers_section(checked: Sequence[CheckedPapers], schedule: Schedule) -> Iterator[Section]:
    """Yield each mission's list in its order, judged for the day on which the papers will be used."""
    titles = {outlook.target.key: outlook.target.title for outlook in schedule.outlooks}
    for one in checked:
        blocks: list[Block] = [
            Paragraph(said("report.papers_used_on", on=one.used_on.isoformat(), target=titles.get(one.target, ""))),
            _list(one),
            Paragraph(
                Joined((Titled(one.checklist), sourced(one.checklist.source, one.checklist.confidence)), ": "),
                Mark.SMALL,
            ),
        ]
        yield Section(said("report.papers_of_list"), tuple(blocks))


def _list(checked: CheckedPapers) -> Table:
    head = said("report.number"), said("report.paper"), said("report.stands"), said("report.good_until")
    rows = tuple((one.item.order, Titled(one.item), _stands(one), one.judgement.good_until) for one in checked.items)
    return Table(head, rows, (1, 6, 5, 3))


def _stands(checked: CheckedItem) -> Text:
    if checked.needed is False:
        return said("page.not_needed")
    if checked.needed is None:
        return said("report.perhaps_needed")
    return told(checked.judgement.reason)


def kept_section(documents: Sequence[Document], rulebook: Rulebook, on: date) -> Iterator[Section]:
    """Yield the papers that are there, each as it stands on the day, by the rule for its kind; nothing without any."""
    if not documents:
        return
    head = (
        said("report.paper"),
        said("report.today"),
        said("report.good_until"),
        said("report.checked"),
        said("report.rule"),
    )
    rows = []
    for document in sorted(documents, key=lambda one: (one.kind, one.id)):
        kind = rulebook.document_kinds.get(document.kind)
        judged = judge(document, kind, on)
        newest = document.newest
        rows.append(
            (
                Titled(kind) if kind is not None else document.kind,
                told(judged.reason),
                judged.good_until,
                said("report.state_is", state=newest.verification.value) if newest is not None else "",
                sourced(kind.source, kind.confidence) if kind is not None else "",
            )
        )
    yield Section(said("report.papers_kept"), (Table(head, tuple(rows), (3, 4, 2, 2, 5)),))
