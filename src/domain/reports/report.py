"""A report: asked for, made in the background, kept sealed for a while, and gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, NotFound, Reason, RuleBroken
from ..shared.ids import AccountId, PlanId, ReportId, StudentId
from ..shared.states import Move, move_for
from .events import ReportMade

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


class Kind(StrEnum):
    """What a report is about."""

    READINESS = "readiness"
    """Of one student: where she stands, what is next, and on what that rests."""
    CASELOAD = "caseload"
    """Every student of whoever asks, the most urgent first."""
    DEADLINES = "deadlines"
    BACKLOG = "backlog"
    FUNNEL = "funnel"
    RULES = "rules"
    IMPORTS = "imports"
    """How good the files were that were brought in: what was wrong in which column, how often."""


class Form(StrEnum):
    """As what kind of file it comes."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


class State(StrEnum):
    """How far a report is."""

    ASKED = "asked"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    """Its time was over, or whoever asked may not see any more what is in it."""


class Action(StrEnum):
    """What is done to a report."""

    BEGIN = "begin"
    PUBLISH = "publish"
    FAIL = "fail"
    WITHDRAW = "withdraw"


class Side(StrEnum):
    """Who does it."""

    JOB = "job"
    SWEEP = "job or sweep"


MOVES = (
    Move(Action.BEGIN, (State.ASKED, State.MAKING), State.MAKING, Side.JOB),
    Move(Action.PUBLISH, (State.MAKING,), State.READY, Side.JOB),
    Move(Action.FAIL, (State.ASKED, State.MAKING), State.FAILED, Side.JOB),
    Move(Action.WITHDRAW, (State.ASKED, State.MAKING, State.READY), State.WITHDRAWN, Side.SWEEP),
)
"""A job that was killed begins again, so making leads to making."""

FORMS = {kind: frozenset({Form.PDF}) if kind is Kind.READINESS else frozenset(Form) for kind in Kind}
LISTS_STUDENTS = frozenset({Kind.CASELOAD, Kind.DEADLINES, Kind.BACKLOG})
"""Kinds that name several students: whoever of them is erased takes all such files along."""


@dataclass(slots=True)
class Report:
    """One report, kept sealed. ``sha256`` names it in the store; ``content_sha256`` and ``size`` are of what is in it.

    ``student_id`` and ``plan_id`` say about whom and which plan a readiness report is; others have neither.
    ``because`` is the code of the reason why it could not be made.
    """

    id: ReportId
    kind: Kind
    form: Form
    language: str
    asked_by: AccountId
    asked_at: datetime
    student_id: StudentId | None = None
    plan_id: PlanId | None = None
    state: State = State.ASKED
    because: str = ""
    sha256: str = ""
    size: int = 0
    content_sha256: str = ""
    made_at: datetime | None = None
    until: datetime | None = None
    """Until when the file is kept."""
    version: int = 0

    @property
    def holder(self) -> StudentId:
        """Under whose keys the file is sealed: those of the student whom it is about, or else of whoever asked."""
        return self.student_id if self.student_id is not None else StudentId(self.asked_by)

    @property
    def file_name(self) -> str:
        """The name under which the file is handed over."""
        day = f"-{self.made_at:%Y-%m-%d}" if self.made_at is not None else ""
        return f"{self.kind.value}{day}.{self.form.value}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be made."""
        return move_for(MOVES, Action.FAIL, self.state) is not None

    def begin(self) -> None:
        """Let it be made; raise RuleBroken where it is not to be made any more."""
        self._move(Action.BEGIN)

    def publish(self, sha256: str, size: int, content_sha256: str, now: datetime, lasting: timedelta) -> ReportMade:
        """Let the file be had, and return the event; raise RuleBroken where it is not being made any more."""
        self._move(Action.PUBLISH)
        self.sha256, self.size, self.content_sha256 = sha256, size, content_sha256
        self.made_at, self.until = now, now + lasting
        return self._made()

    def fail(self, because: str) -> ReportMade:
        """Say that it cannot be made, by the code of the reason, and return the event."""
        self._move(Action.FAIL)
        self.because = because
        return self._made()

    def _made(self) -> ReportMade:
        return ReportMade(self.id, self.state.value, self.student_id)

    def withdraw(self) -> None:
        """Let there be no file any more; one that was withdrawn before stays so."""
        if self.state is not State.WITHDRAWN:
            self._move(Action.WITHDRAW)
        self.sha256, self.content_sha256 = "", ""

    def demand_there(self, now: datetime) -> None:
        """Raise RuleBroken while it is made or where it could not be, NotFound once it is gone."""
        if self.is_open:
            raise RuleBroken(Reason("report.not_ready"))
        if self.state is State.FAILED:
            raise RuleBroken(Reason("report.could_not_be_made"))
        if self.state is State.WITHDRAWN or self.until is None or now >= self.until:
            raise NotFound(Reason("report.gone"))

    def _move(self, action: Action) -> None:
        move = move_for(MOVES, action, self.state)
        if move is None:
            raise RuleBroken(Reason("report.not_being_made"))
        self.state = move.target


def check_form(kind: Kind, form: Form) -> None:
    """Raise Invalid for a form in which reports of the kind do not come."""
    if form not in FORMS[kind]:
        forms = ", ".join(sorted(one.value for one in FORMS[kind]))
        raise Invalid(Reason("report.not_in_this_form", {"known": forms}, "form"))
