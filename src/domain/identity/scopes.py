"""What one person may be let do with another's record, and what each thing that is done needs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from ..shared.dataclass import dataclass
from ..shared.ids import AccountId, GrantId


class Scope(StrEnum):
    """What a student can give to somebody who helps her."""

    READ_PLAN = "read_plan"
    """See the profile, plans, verdicts, money, applications, and which papers there are, not what is in them."""
    READ_PAPERS = "read_papers"
    """Open the papers themselves, and what was sent with an application."""
    UPLOAD = "upload"
    """Add papers and versions, and answer for papers that there are not."""
    CHANGE_PROFILE = "change_profile"
    ACT = "act"
    """Change plans, and act on applications up to submitting and answering offers."""
    PAY = "pay"


class Kind(StrEnum):
    """How a grant came about."""

    GIVEN = "given"
    """The student gave it to somebody of her choice, who accepted it."""
    TAKEN = "taken"
    """An administrator took it, for a while and for a stated reason that the student sees."""


class Doing(StrEnum):
    """What is done with a student's record; the code is what the audit trail calls it."""

    SEE_PROFILE = "profile.seen"
    CHANGE_PROFILE = "profile.changed"
    SEE_PLANS = "plan.seen"
    CHANGE_PLANS = "plan.changed"
    SHARE_CALENDAR = "calendar.shared"
    SEE_VERDICTS = "verdict.seen"
    OVERRIDE_VERDICTS = "verdict.overridden"
    SEE_PAPERS = "paper.seen"
    ADD_PAPERS = "paper.added"
    OPEN_PAPERS = "paper.opened"
    CHECK_PAPERS = "paper.checked"
    SEE_APPLICATIONS = "application.seen"
    SEE_WHAT_WAS_SENT = "application.opened"
    PREPARE_APPLICATIONS = "application.prepared"
    DECIDE_ON_APPLICATIONS = "application.decided"
    RECORD_ON_APPLICATIONS = "application.recorded"
    SEE_ORDERS = "order.seen"
    PLACE_ORDERS = "order.placed"
    PAY_ORDERS = "order.paid"
    ASK_FOR_REFUNDS = "refund.asked"
    SEE_GRANTS = "grant.seen"
    SEE_ACTIVITY = "activity.seen"
    GIVE_GRANTS = "grant.given"
    SEE_NOTES = "note.seen"
    ADD_NOTES = "note.added"
    SEE_TASKS = "task.seen"
    GIVE_TASKS = "task.given"
    FINISH_TASKS = "task.finished"


NEEDS: Mapping[Doing, frozenset[Scope]] = MappingProxyType(
    {
        Doing.SEE_PROFILE: frozenset({Scope.READ_PLAN, Scope.CHANGE_PROFILE}),
        Doing.CHANGE_PROFILE: frozenset({Scope.CHANGE_PROFILE}),
        Doing.SEE_PLANS: frozenset({Scope.READ_PLAN, Scope.ACT}),
        Doing.CHANGE_PLANS: frozenset({Scope.ACT}),
        Doing.SEE_VERDICTS: frozenset({Scope.READ_PLAN}),
        Doing.OVERRIDE_VERDICTS: frozenset({Scope.READ_PLAN}),
        Doing.SEE_PAPERS: frozenset({Scope.READ_PLAN, Scope.READ_PAPERS, Scope.UPLOAD}),
        Doing.ADD_PAPERS: frozenset({Scope.UPLOAD}),
        Doing.OPEN_PAPERS: frozenset({Scope.READ_PAPERS}),
        Doing.CHECK_PAPERS: frozenset({Scope.READ_PAPERS}),
        Doing.SEE_APPLICATIONS: frozenset({Scope.READ_PLAN, Scope.ACT}),
        Doing.SEE_WHAT_WAS_SENT: frozenset({Scope.READ_PAPERS}),
        Doing.PREPARE_APPLICATIONS: frozenset({Scope.ACT}),
        Doing.DECIDE_ON_APPLICATIONS: frozenset({Scope.ACT}),
        Doing.RECORD_ON_APPLICATIONS: frozenset({Scope.ACT}),
        Doing.SEE_ORDERS: frozenset({Scope.PAY, Scope.ACT}),
        Doing.PLACE_ORDERS: frozenset({Scope.PAY, Scope.ACT}),
        Doing.PAY_ORDERS: frozenset({Scope.PAY}),
        Doing.SEE_NOTES: frozenset({Scope.READ_PLAN}),
        Doing.ADD_NOTES: frozenset({Scope.READ_PLAN}),
        Doing.SEE_TASKS: frozenset({Scope.READ_PLAN}),
        Doing.GIVE_TASKS: frozenset({Scope.READ_PLAN}),
        Doing.FINISH_TASKS: frozenset({Scope.ACT}),
    }
)
"""Any one of these scopes will do. What is not named here only the student herself does."""

STAFF_ALONE = frozenset({Doing.OVERRIDE_VERDICTS, Doing.CHECK_PAPERS, Doing.ADD_NOTES, Doing.GIVE_TASKS})
"""What a counsellor or an administrator does with a grant, and the student never for herself."""

NEVER_BY_TAKING = frozenset({Doing.DECIDE_ON_APPLICATIONS, Doing.PLACE_ORDERS})
"""What nobody does in a student's place who was not asked to by her."""

TO_BE_TAKEN = frozenset({Scope.READ_PLAN, Scope.READ_PAPERS, Scope.UPLOAD, Scope.CHANGE_PROFILE, Scope.ACT})
"""What an administrator can take: never her money."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant that is live, as whoever holds it comes with it; ``owner`` is the account of the student."""

    grant_id: GrantId
    owner: AccountId
    scopes: frozenset[Scope]
    kind: Kind = Kind.GIVEN
    reason: str = ""

    def lets(self, doing: Doing) -> bool:
        """Whether it is enough for that, the holder's own roles apart."""
        if self.kind is Kind.TAKEN and doing in NEVER_BY_TAKING:
            return False
        return bool(self.scopes & NEEDS.get(doing, frozenset()))
