"""Bringing together what a schedule follows from: targets, the pathway for them, and the rules of its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from ..catalogue.programme import Programme
from ..profile.profile import Profile
from ..rulebook.conditions import Circumstance
from ..rulebook.facts import Scope
from ..rulebook.pack import Rulebook
from ..rulebook.pathways import DAYS_OF, Pathway
from ..shared.errors import Reason, RuleBroken
from ..shared.times import ZoneLookup
from .passes import Situation
from .schedule import Reports, Schedule
from .scheduling import make_schedule
from .target import Target, TargetRef, target_of


def find_target(programme: Programme, ref: TargetRef, zones: ZoneLookup, home_zone: str) -> Target:
    """Return the target; raise RuleBroken when the programme has no such intake or it does not begin on that day."""
    intake = programme.intake(ref.term, ref.starts_on)
    if intake is None:
        raise RuleBroken(_no_intake(programme, ref))
    return target_of(programme, intake, ref.starts_on, zones, home_zone)


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


def find_pathway(targets: Sequence[Target], profile: Profile, rulebook: Rulebook) -> Pathway:
    """Return the one pathway that leads to all targets; raise RuleBroken when there is none, or more than one.

    Without any target there is no pathway either.
    """
    if not targets:
        raise RuleBroken(Reason("plan.no_target", {}, "targets"))
    people = profile.citizenships or ()
    found: dict[str, Pathway] = {}
    for target in targets:
        pathway = rulebook.pathway_for(target.country, target.level, people)
        if pathway is None:
            params = {"country": target.country, "level": target.level, "nationality": ", ".join(people)}
            raise RuleBroken(Reason("plan.no_pathway", params, "targets"))
        found[pathway.id] = pathway
    if len(found) > 1:
        raise RuleBroken(Reason("plan.several_pathways", {"pathways": ", ".join(sorted(found))}, "targets"))
    return next(iter(found.values()))


def situation_of(
    targets: Sequence[Target],
    pathway: Pathway,
    profile: Profile,
    rulebook: Rulebook,
    today: date,
    reports: Reports,
    durations: Mapping[str, int],
) -> Situation:
    """Return the situation of a student on a day."""
    known = profile.known_circumstances(today)
    return Situation(
        today=today,
        targets=tuple(targets),
        reports=reports,
        circumstances=known,
        durations=durations,
        lead_days=_lead_days(targets, pathway, known, rulebook, today),
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
) -> Schedule:
    """Return the schedule of a student for her targets: the embedded library's one call."""
    pathway = find_pathway(targets, profile, rulebook)
    situation = situation_of(targets, pathway, profile, rulebook, today, reports or {}, durations or {})
    return make_schedule(situation, pathway, rulebook, zones_version)


def _lead_days(
    targets: Sequence[Target],
    pathway: Pathway,
    circumstances: Mapping[str, Circumstance],
    rulebook: Rulebook,
    today: date,
) -> dict[tuple[str, str], int]:
    """Return how many days before its deadline each step has to be done, where a lead time applies or may."""
    found = {}
    for lead_time in pathway.lead_times:
        fact = rulebook.in_force(lead_time.fact, today, _scope_of(pathway))
        if fact is None or not isinstance(fact.value, Decimal) or fact.unit not in DAYS_OF:
            continue
        days = int(fact.value * DAYS_OF[fact.unit])
        for target in targets:
            # While it is not known whether the lead time applies, the stricter day counts.
            if lead_time.when.answer({**circumstances, **target.circumstances}).holds is not False:
                found[(lead_time.step, target.key)] = days
    return found


def _scope_of(pathway: Pathway) -> Scope:
    return Scope(pathway.country, pathway.mission, pathway.nationality, pathway.level)
