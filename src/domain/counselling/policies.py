"""Whose students they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ..identity.account import Asker
from ..identity.errors import AccessRefused
from ..identity.grant import Grant
from ..identity.policies import admitted
from ..identity.scopes import Doing, Granted
from ..shared.ids import StudentId


def students_of(
    asker: Asker, held: Iterable[Grant], now: datetime, doing: Doing = Doing.SEE_PLANS
) -> dict[StudentId, Granted]:
    """Return the students whose grants let the asker do that now, each with the grant, ordered by id.

    A grant has to be live by the store and to be one that the asker came with. One's own record is nobody's to counsel.
    """
    live = {grant.student_id for grant in held if grant.account_id == asker.account_id and grant.is_live(now)}
    found = {}
    for student_id in sorted(live):
        try:
            granted = admitted(asker, student_id, doing)
        except AccessRefused:
            continue
        if granted is not None:
            found[student_id] = granted
    return found
