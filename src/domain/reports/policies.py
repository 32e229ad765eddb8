"""Who may ask for which report."""

from ..identity.account import Asker, Role
from ..identity.errors import RoleRefused
from ..identity.policies import counts_for, is_staff
from ..identity.scopes import Doing
from ..shared.ids import StudentId
from .report import Kind

NEEDED = (Doing.SEE_PLANS, Doing.SEE_VERDICTS, Doing.SEE_PAPERS)
"""What a readiness report shows."""
_SHOWN = {
    Kind.CASELOAD: Doing.SEE_PLANS,
    Kind.DEADLINES: Doing.SEE_PLANS,
    Kind.BACKLOG: Doing.SEE_PAPERS,
    Kind.FUNNEL: Doing.SEE_APPLICATIONS,
}


def demand_list(asker: Asker) -> None:
    """Raise RoleRefused, which is a Forbidden, unless the asker may have lists: staff alone. Which students are in
    it is a matter of their grants."""
    if not is_staff(asker):
        raise RoleRefused(Role.COUNSELLOR.value)


def counts_everybody(asker: Asker, kind: Kind) -> bool:
    """Whether the list counts all students, since nobody in it is named and the asker looks after everything."""
    return kind is Kind.FUNNEL and Role.ADMIN in asker.roles


def students_for(asker: Asker, kind: Kind) -> tuple[StudentId, ...]:
    """Return the students who let the asker see what such a list shows, by rising id."""
    doing = _SHOWN[kind]
    return tuple(
        sorted(
            student_id
            for student_id, granted in asker.grants.items()
            if any(one.lets(doing) and counts_for(asker, one.kind) for one in granted)
        )
    )


def doing_of(kind: Kind) -> Doing:
    """Return what is done with the record of each student in such a list."""
    return _SHOWN[kind]
