"""Lists for staff: what stands in their columns, and how one student, paper or record becomes a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from ..applications.application import State as ApplicationState
from ..documents.document import Document, Verification
from ..imports.catalogue_import import Import, Severity
from ..planning.schedule import Outcome, Outlook, Schedule
from ..planning.views import todays_actions
from ..rulebook.pack import Rulebook, RulePack
from ..shared.dataclass import dataclass
from ..shared.ids import StudentId
from ..shared.sources import Confidence, Source
from .content import Cell, Content, Section, Table, Text, Titled, said
from .report import Kind

Row = tuple[Cell, ...]
MOST_ROWS_IN_PDF = 2_000
"""More rows are for programs that read tables, not for pages."""
_HEADS: Mapping[Kind, tuple[str, ...]] = {
    Kind.CASELOAD: ("slack", "student", "target", "outcome", "arrives", "next", "finish_by"),
    Kind.DEADLINES: ("your_last_day", "days_left", "student", "target", "as_stated", "zone", "source"),
    Kind.BACKLOG: ("waits", "uploaded", "student", "paper", "state"),
    Kind.FUNNEL: ("state", "how_many", "share"),
    Kind.RULES: ("pack", "record", "stands", "confidence", "read_on", "review_by", "source"),
    Kind.IMPORTS: (
        "begun",
        "file",
        "of_what",
        "state",
        "rows_read",
        "rows_refused",
        "column",
        "problem",
        "how_bad",
        "how_many",
    ),
}
_WIDTHS: Mapping[Kind, tuple[int, ...]] = {
    Kind.CASELOAD: (2, 4, 6, 3, 3, 6, 3),
    Kind.DEADLINES: (3, 2, 4, 5, 4, 4, 5),
    Kind.BACKLOG: (2, 3, 4, 5, 3),
    Kind.FUNNEL: (6, 2, 2),
    Kind.RULES: (3, 6, 4, 2, 3, 3, 5),
    Kind.IMPORTS: (3, 5, 4, 3, 2, 2, 4, 6, 2, 2),
}
_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.ON_TIME: "page.stands_on_time",
    Outcome.AT_RISK: "page.stands_at_risk",
    Outcome.LATE: "page.stands_late",
    Outcome.LOST: "page.stands_lost",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A student as lists show her: her name where she gave one."""

    student_id: StudentId
    name: str

    @property
    def shown(self) -> str:
        """Her name, or her id where there is none."""
        return self.name or str(self.student_id)


def head_of(kind: Kind) -> tuple[Text, ...]:
    """Return the head of the kind's table."""
    return tuple(said(f"report.{name}") for name in _HEADS[kind])


def title_of(kind: Kind) -> Text:
    """Return what the kind of list is called."""
    return said(f"report.{kind.value}_title")


def list_content(kind: Kind, rows: Sequence[Row], on: date) -> Content:
    """Return the list as a report on pages."""
    about = said("report.as_of", on=on.isoformat()), said("report.rows", count=len(rows))
    table = Table(head_of(kind), tuple(rows), _WIDTHS[kind])
    return Content(title_of(kind), about, on, (Section(title_of(kind), (table,)),))


def caseload_row(student: Listed, schedule: Schedule) -> tuple[int, Row]:
    """Return the student's row with her slack, by which the list is ordered: the least first."""
    lead, action = schedule.outlook, todays_actions(schedule).next
    outcome = "page.stands_window_missed" if _misses_window(lead) else _OUTCOMES[lead.outcome]
    step = None if action is None else action.step
    row: Row = (
        lead.slack,
        student.shown,
        lead.target.title,
        said(outcome),
        lead.arrives_on,
        "" if step is None else Titled(step.task.step),
        None if step is None else step.latest_finish,
    )
    return lead.slack, row


def _misses_window(lead: Outlook) -> bool:
    return lead.outcome is Outcome.AT_RISK and lead.misses_window


def unplanned_row(student: Listed, code: str) -> Row:
    """Return the row of a student without a plan, or with one that cannot be worked out any more."""
    return (None, student.shown, "", said(code), None, "", None)


def deadline_rows(student: Listed, schedule: Schedule, applied: frozenset[str]) -> Iterator[tuple[date, Row]]:
    """Yield a row for each deadline ahead of a target that is not lost and not applied for, with its day."""
    for outlook in schedule.outlooks:
        target, by = outlook.target, outlook.target.apply_by
        if by is None or outlook.outcome is Outcome.LOST or target.key in applied or by.has_passed(schedule.today):
            continue
        left = (by.last_day - schedule.today).days
        yield by.last_day, (by.last_day, left, student.shown, target.title, by.local, by.zone, by.source.title)


def backlog_rows(
    student: Listed, documents: Sequence[Document], rulebook: Rulebook, today: date
) -> Iterator[tuple[int, Row]]:
    """Yield a row for each paper that waits for somebody: to be checked, or to be brought anew after a refusal."""
    for document in documents:
        newest = document.newest
        if newest is None or newest.verification is Verification.VERIFIED or document.answer is not None:
            continue
        kind = rulebook.document_kinds.get(document.kind)
        uploaded = newest.uploaded_at.date()
        days = (today - uploaded).days
        paper = document.kind if kind is None else Titled(kind)
        state = said("report.state_is", state=newest.verification.value)
        yield -days, (days, uploaded, student.shown, paper, state)


def funnel_rows(counts: Mapping[ApplicationState, int]) -> Iterator[Row]:
    """Yield how many applications are how far, in the order in which they get there."""
    total = sum(counts.values())
    for state in ApplicationState:
        count = counts.get(state, 0)
        share = Decimal(count * 1000 // total) / 10 if total else Decimal(0)
        yield said("report.state_is", state=state.value), count, share


def rule_rows(rulebook: Rulebook, today: date) -> Iterator[Row]:
    """Yield each pack that is out of date, then each record that nobody has verified or that is no longer in force, and
    of packs that are out of date every record."""
    for pack in rulebook.packs:
        stale = pack.is_stale(today)
        if stale:
            yield Titled(pack), pack.version, said("report.out_of_date"), "", None, pack.review_by, ""
        for fact in pack.facts:
            ended = fact.valid_to is not None and fact.valid_to < today
            yield from _record(pack, fact.id, fact.confidence, fact.source, ended=ended, stale=stale)
        for kind in pack.document_kinds:
            yield from _record(pack, f"document:{kind.code}", kind.confidence, kind.source, ended=False, stale=stale)


def import_rows(run: Import, problems: Mapping[tuple[str, str, Severity], int]) -> Iterator[Row]:
    """Yield a row for each column and problem of an import, the most frequent first; one row where nothing was wrong.

    ``problems`` counts them by column, code and how bad they are.
    """
    counts = run.counts.values()
    read, refused = sum(one.read for one in counts), sum(one.refused for one in counts)
    of_what = said(f"report.import_of_{run.kind.value}")
    state = said(f"report.import_{'undone' if run.undone_by else run.state.value}")
    head = (run.started_at.date(), run.file_name, of_what, state, read, refused)
    if not problems:
        yield *head, "", "", "", 0
    for (column, code, severity), number in sorted(problems.items(), key=lambda one: (-one[1], one[0])):
        yield *head, column, code, said(f"report.is_{severity.value}"), number


def _record(
    pack: RulePack, name: str, confidence: Confidence, source: Source, *, ended: bool, stale: bool
) -> Iterator[Row]:
    codes = [
        code
        for code, holds in (
            ("report.unverified_fact", not confidence.is_verified),
            ("report.ended", ended),
            ("report.out_of_date", stale),
        )
        if holds
    ]
    if codes:
        trust, read_on = confidence.value, source.retrieved_on
        yield Titled(pack), name, said(codes[0]), trust, read_on, pack.review_by, source.url or source.title
