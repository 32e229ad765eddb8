"""What a profile and the papers at hand answer already, so that nobody is asked for it again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from ..documents.document import Document
from ..documents.judging import judge_best
from ..profile.profile import Profile
from ..rulebook.pack import Rulebook
from ..rulebook.pathways import DEGREE, PASSPORT, Pathway, StepDefinition, StepKind, StepScope
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from ..shared.times import add_months
from .schedule import Report, reason


@dataclass(frozen=True, slots=True)
class Known:
    """A step that counts as done though nobody reported it, why, and until when what answers it is good.

    ``good_until`` is None where it does not run out. A report of the student goes before it.
    """

    report: Report
    reason: Reason
    good_until: date | None = None


def known_steps(
    pathways: Iterable[Pathway],
    profile: Profile,
    documents: Iterable[Document],
    rulebook: Rulebook,
    today: date,
    passport_unsure: Collection[str] = (),
) -> dict[str, Known]:
    """Return by its code each step that the profile or the papers answer today; the best answer counts.

    ``passport_unsure`` are ids of pathways that ask for a passport of which nobody knows whether it is the one she has:
    it answers nothing there.
    Whether it is still good when it will be used is for the schedule to tell, which knows the day.
    """
    papers = tuple(documents)
    found: dict[str, Known] = {}
    for step in (
        step
        for pathway in pathways
        for step in pathway.steps
        if pathway.id not in passport_unsure or PASSPORT not in step.answered_by
    ):
        answers = [*_from_profile(step, profile, rulebook, today), *_from_papers(step, papers, rulebook, today)]
        if answers:
            found[step.code] = max(answers, key=lambda known: known.good_until or date.max)
    return found


def _from_profile(step: StepDefinition, profile: Profile, rulebook: Rulebook, today: date) -> Iterator[Known]:
    wanted = set(step.answered_by)
    if not wanted:
        return
    for result in profile.tests or ():
        test = rulebook.tests.get(result.code)
        if result.code in wanted and test is not None and result.taken_on <= today:
            months = test.valid_months
            until = None if months is None else add_months(result.taken_on, months)
            why = reason("known.test", step.code, test=result.code, taken_on=result.taken_on.isoformat())
            yield from _if_good(Known(Report(finished_on=result.taken_on), why, until), today)
    passport = profile.passport
    if PASSPORT in wanted and passport is not None and passport.expires_on is not None:
        got = passport.issued_on or today
        why = reason("known.passport", step.code, expires_on=passport.expires_on.isoformat())
        if got <= today:
            yield from _if_good(Known(Report(finished_on=got), why, passport.expires_on), today)
    if DEGREE in wanted:
        ends = [one.finished_on for one in profile.qualifications or () if one.finished_on is not None]
        done = [day for day in ends if day <= today]
        if done:
            why = reason("known.degree", step.code, finished_on=max(done).isoformat())
            yield Known(Report(finished_on=max(done)), why)


def _from_papers(
    step: StepDefinition, papers: tuple[Document, ...], rulebook: Rulebook, today: date
) -> Iterator[Known]:
    """A task for all targets is answered when every paper that comes out of it is at hand and can be used.

    A paper does not say for which target it is, and the reference of a queue does not say that it has called.
    """
    is_shared_task = step.scope is StepScope.SHARED and step.kind is StepKind.TASK
    if not step.documents_out or not papers or not is_shared_task:
        return
    judged = [judge_best(papers, code, rulebook.document_kinds.get(code), today) for code in step.documents_out]
    if all(one.is_usable for one in judged):
        until = min((one.good_until for one in judged if one.good_until is not None), default=None)
        why = reason("known.papers", step.code, papers=", ".join(step.documents_out))
        yield Known(Report(finished_on=today), why, until)


def _if_good(known: Known, today: date) -> Iterator[Known]:
    if known.good_until is None or known.good_until >= today:
        yield known


def used_last(code: str, steps: Mapping[str, StepDefinition]) -> tuple[str, ...]:
    """Return the codes of the steps that take what comes out of the step with the code."""
    gives = set(steps[code].documents_out)
    return tuple(other.code for other in steps.values() if gives & set(other.documents_in))
