"""The readiness report of a case file, without any server."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

from ....domain.matching.ranking import matched
from ....domain.reports.readiness import JudgedTarget, Readiness, readiness_content
from ....domain.rulebook.leaning import packs_leaned_on, warnings_for
from ...wiring.setting import set_as_pdf
from ..matches.match_of_case import evidence_of
from ..plans.behind_of_case import checked_papers, leaned_on, needs_of, notices_on_the_way
from ..plans.planned import planned_from
from ..plans.planning_case import Planned


def readiness_pdf(file: Path, today: date | None) -> bytes:
    """Return the report of the case in the file as PDF, in the language of this run; raise CommandFailed for a case
    that cannot be planned."""
    planned = planned_from(file, today)
    return asyncio.run(set_as_pdf(readiness_content(readiness_of(planned)), planned.words.messages))


def readiness_of(planned: Planned) -> Readiness:
    """Return everything that the report of the case says."""
    rulebook, on = planned.bundle.rulebook, planned.schedule.today
    programmes = {programme.id: programme for programme in planned.bundle.programmes.values()}
    evidence = evidence_of(planned.case, planned.documents, rulebook, on)
    verdicts = []
    for case in planned.cases:
        programme = programmes[case.target.ref.programme_id]
        verdicts.append(
            JudgedTarget(case.target, programme, matched(programme, case.on_its_days(evidence), rulebook).verdict)
        )
    papers = checked_papers(planned)
    names = leaned_on(planned, papers)
    return Readiness(
        planned.case.profile.name,
        planned.schedule,
        verdicts,
        needs_of(planned),
        papers,
        planned.documents,
        tuple(notices_on_the_way(planned)),
        warnings_for(rulebook, names, on),
        packs_leaned_on(rulebook, names),
        rulebook,
    )
