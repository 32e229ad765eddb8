"""Bringing together what a schedule follows from: targets, the pathways for them, and the rules of their time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import UTC, date, tzinfo
from decimal import Decimal

from ..applications.application import Application
from ..catalogue.intake import Basis
from ..catalogue.programme import Programme
from ..documents.document import Document
from ..profile.profile import Profile
from ..rulebook.conditions import Circumstance
from ..rulebook.facts import Scope
from ..rulebook.pack import Rulebook
from ..rulebook.pathways import DAYS_OF, LeadTime, Pathway
from ..shared.dataclass import dataclass
from ..shared.errors import Params, Reason, RuleBroken
from ..shared.times import ZoneLookup
from .applied import known_from_applications, lost_by_applications, passed_deadlines
from .calendars import ClosedDaysLookup, calendars_for
from .known import known_steps
from .routes import is_passport_unsure, made_for, no_pathway
from .schedule import Reports, Schedule
from .scheduling import make_schedule
from .situation import Before, Situation
from .target import Target, TargetRef, target_of


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a situation may be told besides profile and rules: holidays, papers, applications, pathways taken earlier.

    ``pinned`` names the pathway of a target by its id, by the target's key. Moments of applications are told in days
    of the zone ``home``.
    """

    closed_days: ClosedDaysLookup | None = None
    documents: Sequence[Document] = ()
    applications: Sequence[Application] = ()
    home: tzinfo = UTC
    pinned: Mapping[str, str] = field(default_factory=dict)


NOTHING_AROUND = Surroundings()


def find_target(
    programme: Programme, ref: TargetRef, zones: ZoneLookup, home_zone: str, *, visa_required: bool = True
) -> Target:
    """Return the target; raise RuleBroken when the programme has no such intake or it does not begin on that day.

    Deadlines count that are for everybody, or for those who need a visa where she needs one.
    """
    intake = programme.intake(ref.term, ref.starts_on)
    if intake is None:
        raise RuleBroken(_no_intake(programme, ref))
    return target_of(programme, intake, ref.starts_on, zones, home_zone, visa_required=visa_required)


def _no_intake(programme: Programme, ref: TargetRef) -> Reason:
    of_term = [intake for intake in programme.intakes if intake.term == ref.term]
    if not of_term:
        known = ", ".join(dict.fromkeys(intake.term for intake in programme.intakes))
        return Reason("plan.no_such_intake", {"term": ref.term[:40], "known": known}, "targets.term")
    starts = [intake.starts_in(ref.starts_on.year) or intake.starts.on for intake in of_term]
    known = ", ".join(start.isoformat() for start in starts if start)
    return Reason(
        "plan.intake_starts_otherwise", {"given": ref.starts_on.isoformat(), "starts_on": known}, "targets.starts_on"
    )


def has_begun(programme: Programme, ref: TargetRef, today: date, where: str) -> Reason:
    """Return the reason that studies of the target have begun, with the next beginning where one is known."""
    starts = (one.starts_in(year) for one in programme.intakes for year in range(today.year, today.year + 3))
    coming = min((day for day in starts if day is not None and day >= today), default=None)
    params: Params = {"starts_on": ref.starts_on.isoformat()}
    if coming is None:
        return Reason("plan.intake_has_begun", params, where)
    return Reason("plan.intake_has_begun_next", {**params, "next": coming.isoformat()}, where)


def find_pathways(
    targets: Sequence[Target], profile: Profile, rulebook: Rulebook, pinned: Mapping[str, str] | None = None
) -> dict[str, Pathway]:
    """Return the pathway of each target by its key: the pinned one while the rules have it, or else the one for her.

    Raises RuleBroken when a target has none, and without any target.
    """
    if not targets:
        raise RuleBroken(Reason("plan.no_target", {}, "targets"))
    found: dict[str, Pathway] = {}
    for target in targets:
        kept = rulebook.pathways.get((pinned or {}).get(target.key, ""))
        pathway = kept or made_for(target, profile, rulebook)
        if pathway is None:
            raise RuleBroken(no_pathway(target, profile, rulebook))
        found[target.key] = pathway
    return found


def find_pathway(
    targets: Sequence[Target], profile: Profile, rulebook: Rulebook, pinned: Mapping[str, str] | None = None
) -> Pathway:
    """Return the pathway of the first target; raise RuleBroken when any has none, and without any target."""
    return next(iter(find_pathways(targets, profile, rulebook, pinned).values()))


def situation_of(
    targets: Sequence[Target],
    pathway: Pathway,
    profile: Profile,
    rulebook: Rulebook,
    today: date,
    reports: Reports,
    durations: Mapping[str, int],
    around: Surroundings = NOTHING_AROUND,
) -> Situation:
    """Return the situation of a student on a day."""
    known = profile.known_circumstances(today)
    ways = find_pathways(targets, profile, rulebook, around.pinned)
    home = profile.residence.country if profile.residence else ""
    countries = [way.country for way in ways.values()]
    unsure = {ways[one.key].id for one in targets if is_passport_unsure(one, ways[one.key], profile, rulebook)}
    answers = {
        **known_steps(ways.values(), profile, around.documents, rulebook, today, unsure),
        **known_from_applications(targets, ways, around.applications, around.home, today),
    }
    return Situation(
        today=today,
        targets=tuple(targets),
        reports=reports,
        circumstances=known,
        durations=durations,
        lead_days=_lead_days(targets, ways, known, rulebook, today),
        calendars=calendars_for(home, countries, today, around.closed_days) if around.closed_days else {},
        pathways={key: way for key, way in ways.items() if way is not pathway},
        known=answers,
        lost=lost_by_applications(targets, around.applications, around.home, today),
        passed=passed_deadlines(targets, ways, reports, answers, today),
        not_before=_not_before(targets, ways, rulebook),
        citizenships=profile.citizenships or (),
    )


def schedule_for(
    targets: Sequence[Target],
    profile: Profile,
    rulebook: Rulebook,
    today: date,
    zones_version: str,
    *,
    reports: Reports | None = None,
    durations: Mapping[str, int] | None = None,
    around: Surroundings = NOTHING_AROUND,
) -> Schedule:
    """Return the schedule of a student for her targets: the embedded library's one call."""
    pathway = find_pathway(targets, profile, rulebook, around.pinned)
    situation = situation_of(targets, pathway, profile, rulebook, today, reports or {}, durations or {}, around)
    return make_schedule(situation, pathway, rulebook, zones_version)


def _lead_days(
    targets: Sequence[Target],
    ways: Mapping[str, Pathway],
    circumstances: Mapping[str, Circumstance],
    rulebook: Rulebook,
    today: date,
) -> dict[tuple[str, str], int]:
    """Return how many days before its deadline each step has to be done, where a lead time applies or may."""
    found: dict[tuple[str, str], int] = {}
    for target in targets:
        way = ways[target.key]
        for lead_time in way.lead_times:
            fact = rulebook.in_force(lead_time.fact, today, _scope_of(way))
            if fact is None or not isinstance(fact.value, Decimal) or fact.unit not in DAYS_OF:
                continue
            # While it is not known whether the lead time applies, the stricter day counts.
            holds = lead_time.when.answer({**circumstances, **target.circumstances}).holds
            if holds is not False and _is_for(lead_time, target):
                key = (lead_time.step, target.key)
                found[key] = max(found.get(key, 0), int(fact.value * DAYS_OF[fact.unit]))
    return found


def _not_before(
    targets: Sequence[Target], ways: Mapping[str, Pathway], rulebook: Rulebook
) -> dict[tuple[str, str], Before]:
    """Return how long before studies each step can begin at the earliest, where the rules know it for that intake."""
    found: dict[tuple[str, str], Before] = {}
    for target in targets:
        way = ways[target.key]
        for step in way.steps:
            if not step.not_before:
                continue
            fact = rulebook.in_force(step.not_before, target.starts_on, _scope_of(way))
            if fact is None or not isinstance(fact.value, Decimal):
                continue
            count = int(fact.value)
            found[step.code, target.key] = (
                Before(days=count * DAYS_OF[fact.unit]) if fact.unit in DAYS_OF else Before(months=count)
            )
    return found


def _is_for(lead_time: LeadTime, target: Target) -> bool:
    """Whether the lead time is for deadlines of the target's basis; one that is not stated may be any."""
    if not lead_time.basis or target.apply_by is None:
        return True
    return target.apply_by.basis in (Basis.NOT_STATED, lead_time.basis)


def _scope_of(pathway: Pathway) -> Scope:
    return Scope(pathway.country, pathway.mission, pathway.nationality, pathway.level)
