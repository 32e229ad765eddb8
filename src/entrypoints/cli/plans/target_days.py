"""The days on which a case's plan has the application, the appointment and the enrolment for a programme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ....domain.catalogue.programme import Programme
from ....domain.documents.document import Document
from ....domain.matching.evidence import Days
from ....domain.planning.case import Case
from ....domain.shared.errors import DomainError
from ..bundle import Bundle
from .planning_case import plan_case


def days_of_target(
    programme: Programme, case: Case, documents: Sequence[Document], bundle: Bundle, today: date
) -> Days | None:
    """Return the days of the first target at the programme; None where the case does not aim at it or has no plan."""
    wanted = {target.key for target in case.targets if target.ref.programme_id == programme.id}
    if not wanted:
        return None
    try:
        cases = plan_case(case, documents, bundle, today).cases
    except DomainError:  # a verdict can be given without any plan
        return None
    return next(one.days for one in cases if one.target.key in wanted)
