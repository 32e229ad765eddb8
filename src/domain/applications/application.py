"""An application: its whole life as one table, its history, and what was sent."""

from __future__ import annotations

import base64
from datetime import date, datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import Conflict, Reason, RuleBroken
from ..shared.ids import AccountId, ApplicationId, ProgrammeId, StudentId
from ..shared.states import Move, actions_from, move_for
from .events import ApplicationMoved, ApplicationStarted, ApplicationSubmitted


class State(StrEnum):
    """How far an application is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    PAPERS_REQUESTED = "papers_requested"
    OFFER_CONDITIONAL = "offer_conditional"
    OFFER_UNCONDITIONAL = "offer_unconditional"
    ACCEPTED = "accepted"
    ENROLLED = "enrolled"
    DECLINED = "declined"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Action(StrEnum):
    """What either side can do."""

    SUBMIT = "submit"
    ACKNOWLEDGE = "acknowledge"
    REQUEST_PAPERS = "request_papers"
    SEND_PAPERS = "send_papers"
    OFFER_WITH_CONDITIONS = "offer_with_conditions"
    OFFER = "offer"
    REJECT = "reject"
    ACCEPT = "accept"
    DECLINE = "decline"
    ENROL = "enrol"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"


class Side(StrEnum):
    """Who acts: the student, or the institution, whose acts are recorded here when they become known."""

    STUDENT = "student"
    INSTITUTION = "institution"


_OPEN = (State.SUBMITTED, State.ACKNOWLEDGED, State.PAPERS_REQUESTED)
_OFFERS = (State.OFFER_CONDITIONAL, State.OFFER_UNCONDITIONAL)

MOVES = (
    Move(Action.SUBMIT, (State.DRAFT,), State.SUBMITTED, Side.STUDENT),
    Move(Action.ACKNOWLEDGE, (State.SUBMITTED,), State.ACKNOWLEDGED, Side.INSTITUTION),
    Move(Action.REQUEST_PAPERS, (State.SUBMITTED, State.ACKNOWLEDGED), State.PAPERS_REQUESTED, Side.INSTITUTION),
    Move(Action.SEND_PAPERS, (State.PAPERS_REQUESTED,), State.ACKNOWLEDGED, Side.STUDENT),
    Move(Action.OFFER_WITH_CONDITIONS, _OPEN, State.OFFER_CONDITIONAL, Side.INSTITUTION),
    Move(Action.OFFER, (*_OPEN, State.OFFER_CONDITIONAL), State.OFFER_UNCONDITIONAL, Side.INSTITUTION),
    Move(Action.REJECT, (*_OPEN, State.OFFER_CONDITIONAL), State.REJECTED, Side.INSTITUTION),
    Move(Action.ACCEPT, _OFFERS, State.ACCEPTED, Side.STUDENT),
    Move(Action.DECLINE, _OFFERS, State.DECLINED, Side.STUDENT),
    Move(Action.ENROL, (State.ACCEPTED,), State.ENROLLED, Side.INSTITUTION),
    Move(Action.LAPSE, (State.PAPERS_REQUESTED, *_OFFERS, State.ACCEPTED), State.LAPSED, Side.INSTITUTION),
    Move(Action.WITHDRAW, (State.DRAFT, *_OPEN, *_OFFERS, State.ACCEPTED), State.WITHDRAWN, Side.STUDENT),
)
# In these nothing more comes, so the same programme and intake may be applied for again.
ENDED = frozenset({State.DECLINED, State.REJECTED, State.WITHDRAWN, State.LAPSED})


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One thing that was done: when, by which side, recorded by which account."""

    action: Action
    before: State
    after: State
    side: Side
    at: datetime
    recorded_by: AccountId
    note: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must still be met, and by which day where one was named."""

    what: str
    by: date | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What came back: with conditions, or without any, and the last day to answer where one was named."""

    conditions: tuple[Condition, ...] = ()
    answer_by: date | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of a submission. ``spare_seconds`` are whole seconds that were left; None without a known deadline."""

    number: str
    application_id: ApplicationId
    submitted_at: datetime
    snapshot_sha256: str
    deadline: datetime | None = None
    deadline_zone: str = ""
    spare_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """When it was sent, what exactly was sent (by its hash), and the deadline it was judged against."""

    at: datetime
    snapshot_sha256: str
    deadline: datetime | None = None
    deadline_zone: str = ""

    @property
    def spare_seconds(self) -> int | None:
        """Whole seconds left at the deadline; None without a known one."""
        return None if self.deadline is None else int((self.deadline - self.at).total_seconds())


@dataclass(slots=True)
class Application:
    """One student's application for one intake of one programme."""

    id: ApplicationId
    student_id: StudentId
    programme_id: ProgrammeId
    term: str
    starts_on: date
    started_at: datetime
    state: State = State.DRAFT
    history: tuple[HistoryEntry, ...] = ()
    receipt: Receipt | None = None
    offer: Offer | None = None
    version: int = 0

    @property
    def is_live(self) -> bool:
        """Whether something may still come of it, so that no second one of its kind may begin."""
        return self.state not in ENDED

    @property
    def possible(self) -> tuple[Action, ...]:
        """What can be done now."""
        return actions_from(MOVES, self.state)

    def started(self) -> ApplicationStarted:
        """Return what beginning this application means to others."""
        return ApplicationStarted(self.id, self.student_id, self.programme_id, self.term)

    def demand_can_submit(self) -> None:
        """Raise Conflict when it was sent before, RuleBroken when it can no longer be sent."""
        if self.receipt is not None:
            raise Conflict(Reason("application.submitted_already", {"receipt": self.receipt.number}))
        self._move(Action.SUBMIT)

    def submit(self, submission: Submission, by: AccountId) -> ApplicationSubmitted:
        """Note that it was sent, and give the receipt; what was sent cannot change any more."""
        self.demand_can_submit()
        self.receipt = Receipt(
            number=_receipt_number(self.id, submission.at),
            application_id=self.id,
            submitted_at=submission.at,
            snapshot_sha256=submission.snapshot_sha256,
            deadline=submission.deadline,
            deadline_zone=submission.deadline_zone,
            spare_seconds=submission.spare_seconds,
        )
        self._take(Action.SUBMIT, submission.at, by, "")
        return ApplicationSubmitted(self.id, self.student_id, self.receipt.number, submission.snapshot_sha256)

    def act(self, action: Action, at: datetime, by: AccountId, note: str = "") -> ApplicationMoved:
        """Take an action other than submitting or offering; raise RuleBroken where the table has none."""
        if action in (Action.SUBMIT, Action.OFFER_WITH_CONDITIONS, Action.OFFER):
            raise RuleBroken(Reason("application.action_needs_more", {"action": action.value}, "action"))
        return self._take(action, at, by, note)

    def receive_offer(self, offer: Offer, at: datetime, by: AccountId, note: str = "") -> ApplicationMoved:
        """Note the offer; with conditions it is a conditional one."""
        action = Action.OFFER_WITH_CONDITIONS if offer.conditions else Action.OFFER
        moved = self._take(action, at, by, note)
        self.offer = offer
        return moved

    def _take(self, action: Action, at: datetime, by: AccountId, note: str) -> ApplicationMoved:
        move = self._move(action)
        self.history = (*self.history, HistoryEntry(action, self.state, move.target, move.by, at, by, note))
        self.state = move.target
        return ApplicationMoved(self.id, self.student_id, action.value, self.state.value)

    def _move(self, action: Action) -> Move[State, Action, Side]:
        move = move_for(MOVES, action, self.state)
        if move is None:
            params = {"action": action.value, "state": self.state.value, "possible": ", ".join(self.possible)}
            raise RuleBroken(Reason("application.action_not_possible", params, "action"))
        return move


def side_of(action: Action) -> Side:
    """Return who takes the action."""
    return next(move.by for move in MOVES if move.action is action)


def _receipt_number(application_id: ApplicationId, at: datetime) -> str:
    """The day and the random half of the id, which no two applications share, in letters that can be read aloud."""
    tail = base64.b32encode(application_id.bytes[8:]).decode().rstrip("=")
    return f"HS-{at:%Y%m%d}-{tail[:4]}-{tail[4:9]}-{tail[9:]}"
