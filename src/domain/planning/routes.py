"""Which pathway a target follows, why, and what else there would be for somebody of several citizenships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..profile.profile import Profile
from ..rulebook.free_entry import FreeEntry, free_entry, leads_without_visa, pathway_of
from ..rulebook.pack import Rulebook
from ..rulebook.pathways import Pathway
from ..shared.errors import Params, Reason
from .target import Target


def made_for(target: Target, profile: Profile, rulebook: Rulebook) -> Pathway | None:
    """Return the pathway that is made for the student and the target, or None."""
    return pathway_of(target.country, target.level, profile.citizenships, rulebook, target.starts_on)


def no_pathway(target: Target, profile: Profile, rulebook: Rulebook) -> Reason:
    """Return the reason that the rules have no pathway for her: that they have none for anybody, or that her
    citizenship is not known, on which it hangs; whom to ask, where she needs no visa."""
    params: Params = {"country": target.country, "level": target.level}
    if not profile.citizenships:
        if any(way.leads_to(target.country, target.level) for way in rulebook.pathways.values()):
            return Reason("plan.citizenship_needed", params, "profile.citizenships")
        return Reason("plan.no_pathway_for_anybody", params, "targets")
    params = {**params, "nationality": ", ".join(profile.citizenships)}
    page = next((_page(one) for one in _free(target, profile, rulebook) if one.fact is not None), None)
    if page is None:
        return Reason("plan.no_pathway", params, "targets")
    return Reason("plan.no_pathway_without_visa", {**params, "source": page}, "targets")


def pathway_changes(
    targets: Sequence[Target], profile: Profile, rulebook: Rulebook, pinned: Mapping[str, str]
) -> tuple[Reason, ...]:
    """Return what another pathway would be now: the rules or the citizenship changed since the plan was made."""
    found = []
    for target in targets:
        kept = pinned.get(target.key)
        now = made_for(target, profile, rulebook)
        if kept is None or (now is not None and now.id == kept):
            continue
        code = "route.would_change" if kept in rulebook.pathways else "route.is_gone"
        params: Params = {"target": target.title, "pathway": kept, "now": now.id if now else ""}
        found.append(Reason("route.fits_no_more" if now is None else code, params, target.key))
    return tuple(found)


def visa_notices(
    targets: Sequence[Target], ways: Mapping[str, Pathway], profile: Profile, rulebook: Rulebook
) -> tuple[Reason, ...]:
    """Return for each country where she needs no visa what follows from it: that the plan has no steps for one and with
    which passport, what her other citizenships would lead to, or that the rules have no such way for her."""
    found: list[Reason] = []
    for target in targets:
        free = _free(target, profile, rulebook)
        notice = _about(target, ways[target.key], free, profile, rulebook) if free else None
        if notice is not None and notice not in found:
            found.append(notice)
    return tuple(found)


def is_passport_unsure(target: Target, way: Pathway, profile: Profile, rulebook: Rulebook) -> bool:
    """Whether the way asks for the passport of one citizenship, and hers may be that of another."""
    free = {one.citizenship for one in _free(target, profile, rulebook)}
    return not free.issuperset(profile.citizenships or ()) and leads_without_visa(way, rulebook, target.starts_on)


def _about(
    target: Target, way: Pathway, free: Sequence[FreeEntry], profile: Profile, rulebook: Rulebook
) -> Reason | None:
    people = [one.citizenship for one in free]
    params: Params = {"country": target.country}
    if leads_without_visa(way, rulebook, target.starts_on):
        named = [one for one in people if one in way.nationality]
        if not named:
            return None  # she keeps a way that is made for others, and hears that it would change
        params = {**params, "nationality": ", ".join(named)}
        others = [one for one in profile.citizenships or () if one not in people]
        instead = rulebook.pathway_for(target.country, target.level, others) if others else None
        if instead is None:
            code = "route.no_visa_at_home" if target.country in named else "route.no_visa"
            return Reason(code, params, "targets")
        return Reason(
            "route.no_visa_but_passport", {**params, "held": ", ".join(others), "pathway": instead.id}, "targets"
        )
    if way is not made_for(target, profile, rulebook):
        return None  # she keeps another way, and hears that it would change
    page = next((_page(one) for one in free if one.fact is not None), None)
    if page is None:
        return Reason("route.visa_steps_at_home", params, "targets")
    params = {**params, "nationality": ", ".join(people), "source": page}
    return Reason("route.visa_steps_not_needed", params, "targets")


def _free(target: Target, profile: Profile, rulebook: Rulebook) -> tuple[FreeEntry, ...]:
    return free_entry(target.country, profile.citizenships or (), rulebook, target.starts_on)


def _page(entry: FreeEntry) -> str:
    """Return where to ask: the page that says so."""
    source = entry.fact.source if entry.fact else None
    return "" if source is None else f"{source.title} ({source.url})" if source.url else source.title
