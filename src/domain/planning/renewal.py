"""What a renewed passport means for each paper that was made with the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from ..documents.document import Document
from ..profile.profile import Profile
from ..rulebook.pack import Rulebook
from ..rulebook.papers import Checklist, WithNewPassport
from ..rulebook.pathways import PASSPORT
from ..shared.errors import Reason
from .schedule import PlannedStep, Schedule, State, reason
from .target_case import TargetCase

_A_DAY = timedelta(days=1)


def renewal_notices(
    cases: Sequence[TargetCase], schedule: Schedule, profile: Profile, documents: Iterable[Document], rulebook: Rulebook
) -> tuple[Reason, ...]:
    """Return what is to be done with each paper that names the passport and was made before the newest one was issued,
    or, while a renewal is under way or has to come, before today's end.

    Each names the step that the paper came out of, where there is one. A paper of the kind that was issued since is
    made with the new passport, and nothing is said of it.
    """
    since = _renewed_on(schedule, profile)
    if since is None:
        return ()
    papers = tuple(documents)
    anew = {kind for kind, issued in _dated(papers) if issued >= since}
    made = {kind: where for kind, where in _made_before(since, schedule, papers) if kind not in anew}
    found = [_notice(kind, how, where) for kind, where in made.items() if (how := _rule(kind, rulebook))]
    checklists = [case.checklist for case in cases if case.checklist is not None]
    return (*found, *(_older_ones(checklists, rulebook) if found else ()))


def _renewed_on(schedule: Schedule, profile: Profile) -> date | None:
    """Return the day since which there is the newest passport: tomorrow while it is still to come, None for nothing
    known of a new one."""
    passport, today = profile.passport, schedule.today
    over = passport is not None and passport.expires_on is not None and passport.expires_on < today
    if over or any(_is_renewal_ahead(step) for step in schedule.steps):
        return today + _A_DAY
    issued = passport.issued_on if passport else None
    return issued if issued is not None and issued <= today else None


def _is_renewal_ahead(step: PlannedStep) -> bool:
    if PASSPORT not in step.task.step.answered_by or step.state is State.DONE:
        return False
    return step.state is State.IN_PROGRESS or (step.answered is not None and step.answered.code == "known.runs_out")


def _made_before(since: date, schedule: Schedule, papers: Iterable[Document]) -> Iterator[tuple[str, str]]:
    """Yield each kind of paper that was made before the day, with the key of its step or else its place."""
    for kind, issued in _dated(papers):
        if issued < since:
            yield kind, f"documents.{kind}"
    for step in schedule.steps:
        begun = step.finish if step.state is State.DONE else step.start
        if step.state is not State.TO_DO and begun < since:
            yield from ((kind, step.key) for kind in step.task.step.documents_out)


def _dated(papers: Iterable[Document]) -> Iterator[tuple[str, date]]:
    for paper in papers:
        if paper.newest is not None and paper.newest.stated.issued_on is not None:
            yield paper.kind, paper.newest.stated.issued_on


def _rule(kind: str, rulebook: Rulebook) -> WithNewPassport:
    known = rulebook.document_kinds.get(kind)
    return known.with_new_passport if known else WithNewPassport.UNTOUCHED


def _older_ones(checklists: Sequence[Checklist], rulebook: Rulebook) -> Iterator[Reason]:
    """Yield what a mission's list wants to see of the passports before."""
    listed = (kind for one in checklists for item in one.items for kind in item.documents)
    added = (kind for one in checklists for item in one.items for more in item.additions for kind in more.add)
    for kind in dict.fromkeys((*listed, *added)):
        if _rule(kind, rulebook) is WithNewPassport.TAKE_ALONG:
            yield _notice(kind, WithNewPassport.TAKE_ALONG, f"documents.{kind}")


def _notice(kind: str, how: WithNewPassport, where: str) -> Reason:
    return reason(f"passport_renewed.{how.value}", where, document=kind)
