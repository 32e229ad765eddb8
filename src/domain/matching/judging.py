"""Holding a requirement tree against a student's evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..catalogue.programme import Programme
from ..catalogue.requirement import (
    AllOf,
    AnyOf,
    CitizenshipNeeded,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    Leaf,
    MoneyNeeded,
    Requirement,
    StatedOnly,
    TestNeeded,
)
from ..profile.profile import Qualification
from ..rulebook.facts import Scope
from ..rulebook.free_entry import pathway_of
from ..rulebook.leaning import warnings_for
from ..rulebook.pack import Rulebook, weakest
from ..shared.errors import Params
from ..shared.levels import LEVELS
from .asking import Asking
from .changes import flip_of_all, flip_of_any
from .closures import closure_findings
from .evidence import Evidence
from .grades import judge_grade
from .leaf import finding
from .remembering import Remembered
from .scores import judge_test
from .verdict import Change, Finding, Part, Standing, Used, Verdict

_RUNGS = {level: rung for rung, level in enumerate(LEVELS)}
_JUDGE_YOURSELF = 25  # dearer than taking a test: what surely makes it met is proposed first


def judge_programme(
    programme: Programme, evidence: Evidence, rulebook: Rulebook, remembered: Remembered | None = None
) -> Verdict:
    """Return the verdict for the programme on the evidence's day; nothing is decided about admission itself.

    ``remembered`` are findings of the same evidence and rules.
    """
    found = _programme_finding(programme, evidence, rulebook, remembered)
    if closures := closure_findings(programme.institution.country, programme.level.value, evidence, rulebook):
        found = fold_all([found, *closures])
    names = found.all_it_rests_on()
    if remembered is None:
        leaned_on = warnings_for(rulebook, names, evidence.on)
    else:
        leaned_on = remembered.warnings(names, lambda: warnings_for(rulebook, names, evidence.on))
    return Verdict(
        programme_id=programme.id,
        on=evidence.on,
        finding=found,
        rulebook=rulebook.edition,
        warnings=(*_warnings(programme, found), *leaned_on),
    )


def _warnings(programme: Programme, found: Finding) -> Iterator[str]:
    if programme.synthetic:
        yield "programme.synthetic"
    if not programme.confidence.is_verified:
        yield "programme.unverified"
    elif not found.confidence.is_verified:
        yield "requirement.unverified"


def _programme_finding(
    programme: Programme, evidence: Evidence, rulebook: Rulebook, remembered: Remembered | None
) -> Finding:
    if programme.expired:
        return Finding(Standing.NOT_MET, "programme.expired", {}, programme.confidence, programme.source.id, flip=None)
    if programme.requirement is None:
        return Finding(
            Standing.UNKNOWN,
            "requirement.not_known",
            {},
            programme.confidence,
            programme.source.id,
            programme.source.url,
            flip=ask_institution(programme.institution.name),
        )
    asking = Asking(programme.institution.country, programme.level.value, programme.institution.name)
    scope = scope_of(asking, evidence, rulebook)
    return judge(programme.requirement, evidence, rulebook, asking.institution, scope, remembered)


def ask_institution(name: str) -> tuple[Change, ...]:
    """Return the change of asking an institution what it requires."""
    return (Change("ask_institution", {"institution": name}, 1),)


def scope_of(asking: Asking, evidence: Evidence, rulebook: Rulebook) -> Scope:
    """Return for whom facts are asked for: the student's visa mission is that of the pathway made for her."""
    people = evidence.profile.citizenships or ()
    days = evidence.days
    begins = days.enrolment or evidence.on if days else evidence.on
    pathway = pathway_of(asking.country, asking.level, people, rulebook, begins) if days else None
    return Scope(asking.country, pathway.mission if pathway else "", people, asking.level, asking.institution)


def judge(
    requirement: Requirement,
    evidence: Evidence,
    rulebook: Rulebook,
    institution: str = "",
    scope: Scope | None = None,
    remembered: Remembered | None = None,
) -> Finding:
    """Return how the requirement stands, with the findings of its parts.

    ``institution`` is the name of the one that asks; its own tables are used for its programmes alone. ``scope`` is
    the case that facts about a result's validity are asked for.
    Taking evidence away never turns unknown into met, and a better score never makes a finding worse.
    """
    if isinstance(requirement, AllOf | AnyOf):
        parts = [judge(part, evidence, rulebook, institution, scope, remembered) for part in requirement.parts]
        return fold_all(parts) if isinstance(requirement, AllOf) else fold_any(parts)
    case = scope or Scope(institution=institution)
    if remembered is None:
        return _judge_leaf(requirement, evidence, rulebook, institution, case)
    return remembered.finding(
        requirement, case, lambda: _judge_leaf(requirement, evidence, rulebook, institution, case)
    )


def fold_all(parts: list[Finding]) -> Finding:
    """Return what all of the parts together come to: the least of them."""
    standing = min((part.standing for part in parts), default=Standing.MET)
    flip = flip_of_all([part.flip for part in parts])
    return Finding(standing, "all_of", {}, weakest(part.confidence for part in parts), flip=flip, parts=tuple(parts))


def fold_any(parts: list[Finding]) -> Finding:
    """Return what one of the parts is enough for: the greatest of them."""
    standing = max((part.standing for part in parts), default=Standing.NOT_MET)
    flip = flip_of_any(standing, [part.flip for part in parts])
    deciding = [part.confidence for part in parts if part.standing is standing]
    return Finding(standing, "any_of", {}, weakest(deciding), flip=flip, parts=tuple(parts))


def _judge_leaf(leaf: Leaf, evidence: Evidence, rulebook: Rulebook, institution: str, scope: Scope) -> Finding:
    match leaf:
        case TestNeeded():
            return judge_test(leaf, evidence, rulebook, scope)
        case GradeNeeded():
            return judge_grade(leaf, evidence, rulebook, institution)
        case DegreeNeeded():
            return _degree(leaf, evidence)
        case DocumentNeeded():
            return _document(leaf, evidence)
        case ExperienceNeeded():
            return _experience(leaf, evidence)
        case CitizenshipNeeded():
            return _citizenship(leaf, evidence)
        case MoneyNeeded():
            return _money(leaf, evidence)
        case StatedOnly():
            flip = (Change("judge_yourself", {}, _JUDGE_YOURSELF),)
            return finding(leaf, Standing.UNKNOWN, "stated.not_judged", {"text": leaf.text}, flip=flip)


def _degree(leaf: DegreeNeeded, evidence: Evidence) -> Finding:
    wanted: Params = {"level": leaf.level, "fields": ", ".join(leaf.fields)}
    qualifications = evidence.profile.qualifications
    if qualifications is None:
        return finding(leaf, Standing.UNKNOWN, "degree.not_stated", wanted, flip=_state("qualifications"))
    found = [_one_degree(leaf, index, one, evidence.on) for index, one in enumerate(qualifications)]
    if not found:
        return finding(leaf, Standing.NOT_MET, "degree.missing", wanted, flip=None)
    return max(found, key=lambda one: one.standing)


def _one_degree(leaf: DegreeNeeded, index: int, held: Qualification, on: date) -> Finding:
    params: Params = {"level": leaf.level, "fields": ", ".join(leaf.fields), "title": held.title or held.level}
    used = (Used("qualifications", index, held.title or held.level, held.finished_on),)
    standing, finished_on = degree_standing(leaf, held, on), held.finished_on
    fits = _field_fits(leaf.fields, held.fields)
    below = _levels_below(held.level, leaf.level)
    if below != 0:
        far = f"{below} level" if below == 1 else f"{below} levels" if below else ""
        return finding(leaf, standing, "degree.level_too_low", params, flip=None, distance=far, used=used)
    if fits is False:
        return finding(leaf, standing, "degree.other_field", params, flip=None, used=used)
    if fits is None or finished_on is None:
        missing = "qualifications.fields" if fits is None else "qualifications.finished_on"
        return finding(leaf, standing, "degree.details_unknown", params, flip=_state(missing), used=used)
    if finished_on > on:
        expected = {**params, "finished_on": finished_on.isoformat()}
        far = f"{(finished_on - on).days} days"
        flip = _finish(finished_on)
        return finding(leaf, standing, "degree.expected", expected, flip=flip, distance=far, used=used)
    return finding(leaf, standing, "degree.held", params, used=used)


def degree_standing(leaf: DegreeNeeded, held: Qualification, on: date) -> Standing:
    """Return how one degree stands against the leaf on the day."""
    if _levels_below(held.level, leaf.level) != 0:
        return Standing.NOT_MET
    fits = _field_fits(leaf.fields, held.fields)
    if fits is False:
        return Standing.NOT_MET
    if fits is None or held.finished_on is None:
        return Standing.UNKNOWN
    return Standing.PROBABLY_MET if held.finished_on > on else Standing.MET


def _levels_below(held: str, wanted: str) -> int | None:
    """Return by how many steps of the ladder the held level is too low, 0 where it is enough; None off the ladder."""
    has, needs = _RUNGS.get(held), _RUNGS.get(wanted)
    return None if has is None or needs is None else max(needs - has, 0)


def _field_fits(wanted: tuple[str, ...], held: tuple[str, ...]) -> bool | None:
    """Whether a field of study falls under a wanted one; None where the student's is unknown or too broad to tell."""
    if not wanted:
        return True
    if not held:
        return None
    if any(field.startswith(wanted) for field in held):
        return True
    return None if any(prefix.startswith(held) for prefix in wanted) else False


def _document(leaf: DocumentNeeded, evidence: Evidence) -> Finding:
    params: Params = {"document": leaf.kind}
    flip = (Change("add_document", params, 2),)
    usable = None if evidence.papers is None else evidence.papers.get(leaf.kind, False)
    if usable is None:
        return finding(leaf, Standing.UNKNOWN, "paper.not_stated", params, flip=flip)
    rule = (f"document:{leaf.kind}",)
    serving = evidence.serving.get(leaf.kind)
    used = (Used("papers", serving.index, leaf.kind, serving.issued_on),) if serving else ()
    if usable:
        shown = used or (Used("papers", None, leaf.kind),)
        return finding(leaf, Standing.MET, "paper.usable", params, rests_on=rule, used=shown)
    return finding(leaf, Standing.NOT_MET, "paper.missing", params, flip=flip, rests_on=rule, used=used)


def _experience(leaf: ExperienceNeeded, evidence: Evidence) -> Finding:
    months = evidence.profile.months_of_work(evidence.on)
    if months is None:
        return finding(leaf, Standing.UNKNOWN, "experience.not_stated", {"months": leaf.months}, flip=_state("work"))
    params: Params = {"months": leaf.months, "has": months}
    used = tuple(
        Used("work", index, period.employer, period.begun_on)
        for index, period in enumerate(evidence.profile.work or ())
        if not period.internship and period.begun_on <= evidence.on
    )
    if months >= leaf.months:
        return finding(leaf, Standing.MET, "experience.enough", params, used=used)
    gap = leaf.months - months
    flip, far = (Change("work_longer", {"months": gap}, 10 + gap),), f"{gap} month" if gap == 1 else f"{gap} months"
    return finding(leaf, Standing.NOT_MET, "experience.too_short", params, flip=flip, distance=far, used=used)


def _citizenship(leaf: CitizenshipNeeded, evidence: Evidence) -> Finding:
    params: Params = {"any_of": ", ".join(leaf.any_of), "none_of": ", ".join(leaf.none_of)}
    held = evidence.profile.citizenships
    if held is None:
        return finding(leaf, Standing.UNKNOWN, "citizenship.not_stated", params, flip=_state("citizenships"))
    held_too = {**params, "held": ", ".join(held)}
    used = tuple(Used("citizenships", index, country) for index, country in enumerate(held))
    if set(held) & set(leaf.none_of):
        return finding(leaf, Standing.NOT_MET, "citizenship.excluded", held_too, flip=None, used=used)
    if leaf.any_of and not set(held) & set(leaf.any_of):
        return finding(leaf, Standing.NOT_MET, "citizenship.not_among", held_too, flip=None, used=used)
    return finding(leaf, Standing.MET, "citizenship.fits", held_too, used=used)


def _money(leaf: MoneyNeeded, evidence: Evidence) -> Finding:
    params: Params = {"amount": str(leaf.a_year), "currency": leaf.a_year.currency}
    budget = evidence.profile.budget_a_year
    if budget is None:
        return finding(leaf, Standing.UNKNOWN, "money.not_stated", params, flip=_state("budget_a_year"))
    used = (Used("budget_a_year", None, str(budget)),)
    if budget.currency != leaf.a_year.currency:
        flip = (Change("state_budget_in", {"currency": leaf.a_year.currency}, 1),)
        other = {**params, "budget": str(budget)}
        return finding(leaf, Standing.UNKNOWN, "money.not_comparable", other, flip=flip, used=used)
    if leaf.a_year <= budget:
        return finding(leaf, Standing.MET, "money.enough", params, used=used)
    gap = leaf.a_year - budget
    flip = (Change("raise_budget", {"amount": str(gap)}, 30, (Part("budget", gap.amount, str(gap)),)),)
    return finding(leaf, Standing.NOT_MET, "money.too_little", params, flip=flip, distance=str(gap), used=used)


def _state(field: str) -> tuple[Change, ...]:
    return (Change("complete_profile", {"field": field}, 1),)


def _finish(day: date) -> tuple[Change, ...]:
    return (Change("finish_degree", {"on": day.isoformat()}, 5),)
