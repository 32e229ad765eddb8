"""When an application may be sent: each rule a yes or no question, and all reasons against it at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from ..catalogue.intake import DatedDeadline, DeadlineKind, last_moment
from ..catalogue.programme import Programme
from ..catalogue.requirement import AllOf, AnyOf, DocumentNeeded, Requirement
from ..documents.document import Document
from ..documents.judging import Judgement, Usability, judge_best
from ..profile.profile import Profile
from ..rulebook.free_entry import needs_visa
from ..rulebook.pack import Rulebook
from ..shared.dataclass import dataclass
from ..shared.errors import Params, Reason
from ..shared.times import ZoneLookup, day_in
from .application import Application

FURTHEST_YEARS = 10
_SERVES = (Usability.USABLE, Usability.ANSWERED)


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a submission is judged by, and that is sent with it."""

    profile: Profile
    programme: Programme
    documents: tuple[Document, ...]
    rulebook: Rulebook
    zones: ZoneLookup


def missing(application: Application, case: Case, at: datetime) -> tuple[Reason, ...]:
    """Return everything that stands against sending the application at the moment; empty when nothing does."""
    return (
        *_about_the_student(case.profile),
        *_about_the_programme(application, case.programme),
        *_about_time(application, case, at),
        *(judged.reason for judged in lacking_documents(case, at)),
    )


def has_name(profile: Profile) -> bool:
    """Whether the profile says who she is."""
    return bool(profile.name.strip())


def has_qualification(profile: Profile) -> bool:
    """Whether the profile holds anything that she has learned or is learning."""
    return bool(profile.qualifications)


def has_all_documents(case: Case, at: datetime) -> bool:
    """Whether every paper that the programme asks for can be used at the moment, or has an answer in its place."""
    return not lacking_documents(case, at)


def is_in_time(deadline: DatedDeadline | None, at: datetime, zones: ZoneLookup) -> bool:
    """Whether the moment is not after the deadline's last one; what has no known deadline is in time."""
    return deadline is None or at <= last_moment(deadline.last, zones)


def is_open(deadline: DatedDeadline | None, at: datetime, zones: ZoneLookup) -> bool:
    """Whether applications are taken already; without a known first day they are."""
    return deadline is None or deadline.opens_on is None or day_in(at, zones(deadline.last.zone)) >= deadline.opens_on


def deadline_of(application: Application, case: Case) -> DatedDeadline | None:
    """Return the application deadline that binds this student, or None when none is known.

    Whoever needs a visa to study in the country, as far as the rules say, has the stricter of the two.
    """
    intake = case.programme.intake(application.term, application.starts_on)
    if intake is None:
        return None
    country, people = case.programme.institution.country, case.profile.citizenships
    visa = needs_visa(country, people, case.rulebook, application.starts_on)
    return intake.deadline(DeadlineKind.APPLICATION, application.starts_on.year, visa_required=visa)


def lacking_documents(case: Case, at: datetime) -> tuple[Judgement, ...]:
    """Return a judgement for each paper asked for that cannot be used on the day of the moment.

    Of several of which one is enough, the one that is nearest stands for all.
    """
    zone = case.programme.institution.zone
    day = day_in(at, case.zones(zone) if zone else UTC)
    judged = (_best(kinds, case, day) for kinds in kinds_asked(case.programme.requirement))
    return tuple(best for best in judged if best.usability not in _SERVES)


def kinds_asked(requirement: Requirement | None) -> tuple[tuple[str, ...], ...]:
    """Return the kinds of papers that must come along; each entry is satisfied by any one of its kinds.

    A paper that may be replaced by something else, such as a test, is not asked for.
    """
    return tuple(dict.fromkeys(_kinds(requirement))) if requirement is not None else ()


def _kinds(requirement: Requirement) -> Iterator[tuple[str, ...]]:
    match requirement:
        case DocumentNeeded():
            yield (requirement.kind,)
        case AllOf():
            for part in requirement.parts:
                yield from _kinds(part)
        case AnyOf():
            papers = [part.kind for part in requirement.parts if isinstance(part, DocumentNeeded)]
            if papers and len(papers) == len(requirement.parts):
                yield tuple(papers)


def _best(kinds: tuple[str, ...], case: Case, day: date) -> Judgement:
    order = list(Usability)
    judged: Iterable[Judgement] = (
        judge_best(case.documents, kind, case.rulebook.document_kinds.get(kind), day) for kind in kinds
    )
    return min(judged, key=lambda one: order.index(one.usability))


def _about_the_student(profile: Profile) -> Iterator[Reason]:
    if not has_name(profile):
        yield Reason("profile.no_name", {}, "profile.name")
    if not has_qualification(profile):
        yield Reason("profile.no_qualification", {}, "profile.qualifications")


def _about_the_programme(application: Application, programme: Programme) -> Iterator[Reason]:
    if programme.expired:
        yield Reason("programme.no_longer_offered", {"programme": programme.key})
    if programme.intake(application.term, application.starts_on) is None:
        yield unknown_intake(programme, application.term, application.starts_on)


def unknown_intake(programme: Programme, term: str, starts_on: date) -> Reason:
    """Return the reason that says which intake the programme does not have, and which terms it has."""
    known = ", ".join(dict.fromkeys(intake.term for intake in programme.intakes))
    params = {"term": term[:40], "starts_on": starts_on.isoformat(), "known": known}
    return Reason("application.intake_unknown", params, "intake")


def begin_problems(starts_on: date, today: date) -> Iterator[Reason]:
    """Yield why studies that begin on the day cannot be applied for: they have begun, or it is too far away."""
    if starts_on < today:
        yield Reason("application.intake_has_begun", {"starts_on": starts_on.isoformat()}, "starts_on")
    elif starts_on.year > today.year + FURTHEST_YEARS:
        yield Reason("application.intake_too_far", {"years": FURTHEST_YEARS}, "starts_on")


def _about_time(application: Application, case: Case, at: datetime) -> Iterator[Reason]:
    deadline = deadline_of(application, case)
    if deadline is None:
        return
    if not is_open(deadline, at, case.zones):
        yield Reason("application.not_open_yet", {"opens_on": str(deadline.opens_on), "zone": deadline.last.zone})
    if not is_in_time(deadline, at, case.zones):
        last = last_moment(deadline.last, case.zones)
        params: Params = {
            "deadline": deadline.last.local.isoformat(timespec="minutes"),
            "zone": deadline.last.zone,
            "instant": last.isoformat(),
            "late_seconds": int((at - last).total_seconds()),
        }
        yield Reason("application.deadline_passed", params)
