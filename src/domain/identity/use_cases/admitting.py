"""Who is let at a student's record, noted where it is not the student herself."""

from __future__ import annotations

from ....ports.answers import Needed
from ....ports.transactions import UnitOfWork
from ...audit.deed import Deed
from ...shared.ids import StudentId
from ..account import Asker
from ..policies import admitted
from ..scopes import Doing, Granted


def admit(work: UnitOfWork, asker: Asker, student_id: StudentId, doing: Doing) -> Granted | None:
    """Return the grant by which the asker does it, None for the student herself.

    With a grant, what the unit changes from here on is done on the student's behalf, the use is noted in the audit
    trail where she sees it, and an answer that the unit keeps is given again only to whoever is still let. Raises what
    ``admitted`` raises.
    """
    granted = admitted(asker, student_id, doing)
    if granted is not None:
        work.act_for(granted.owner)
        work.answers.need(Needed(student_id, doing))
        how = {"by": granted.kind.value}
        work.note(Deed(doing.value, "grant", granted.grant_id, student_id, granted.owner, granted.reason, how))
    return granted
