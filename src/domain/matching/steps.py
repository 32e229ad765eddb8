"""Changes of a profile that are worth a try, each as the evidence that it would give.

Every one makes the evidence better and nothing else, so that whatever stood before stands at least as well. Of several
steps in one thing the greatest comes first: what it does not open, no lesser one does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ..catalogue.requirement import (
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    MoneyNeeded,
    TestNeeded,
)
from ..profile.profile import Grade, Profile, Qualification, WorkPeriod
from ..rulebook.grades import GradeScale
from ..shared.money import Money
from ..shared.times import add_months
from .answers import answered, asked_of, details_of, most_of, says_all, unanswered, whole_degree
from .evidence import Evidence
from .quick import Family
from .score_steps import score_steps
from .step import Step, spread
from .verdict import Change, Standing
from .whole import Whole

_GRADE_STEPS = 40  # from worst to best: 0.1 of 4, 2.5 of 100
_OTHER_STEPS = 4
_ALONE = frozenset({"tests", "qualifications", "citizenships", "work"})  # others are steps of their own above
_DEGREES = "qualifications"


def steps_of(whole: Whole) -> Iterator[Step]:
    """Yield every change that could open something, as far as the catalogue's requirements ask for it."""
    seen: set[str] = set()
    for step in _steps(whole):
        if step.key not in seen:  # at the upper end of a scale, two steps more are as good as one
            seen.add(step.key)
            yield step


def _steps(whole: Whole) -> Iterator[Step]:
    by_kind: dict[type, list[int]] = {}
    for place in whole.places:
        by_kind.setdefault(type(whole.trees.leaves[place].leaf), []).append(place)
    yield from score_steps(whole, by_kind.get(TestNeeded, []))
    yield from _grades(whole)
    yield from _details_of_degrees(whole)
    yield from _papers(whole, by_kind.get(DocumentNeeded, []))
    yield from _work(whole, by_kind.get(ExperienceNeeded, []))
    yield from _budget(whole, by_kind.get(MoneyNeeded, []))
    yield from _answers(whole)


def _grades(whole: Whole) -> Iterator[Step]:
    profile = whole.evidence.profile
    for number, degree in enumerate(profile.qualifications or ()):
        scale = whole.rulebook.grade_scales.get(degree.grade.scale) if degree.grade else None
        families = [
            rest
            for one in whole.families
            if isinstance(leaf := _leaf(whole, one[0]), GradeNeeded)
            and leaf.of == degree.level
            and (rest := tuple(whole.not_open(one)))
        ]
        if degree.grade is None or scale is None or not families:
            continue
        is_finished = degree.finished_on is not None and degree.finished_on <= whole.evidence.on
        for steps, value in reversed([*enumerate(_grades_above(degree.grade, scale), start=1)]):
            params = {"of": degree.level, "own": str(degree.grade.value), "grade": str(value), "scale": scale.id}
            change = Change("raise_grade", params, (50 if is_finished else 15) + 5 * steps)
            better = replace(degree, grade=replace(degree.grade, value=value))
            evidence = _with_degrees(whole.evidence, number, [better])
            opened, families = whole.opened_of(evidence, families)
            yield Step(f"raise_grade/{number}/{value}", change, evidence, opened)


def _grades_above(grade: Grade, scale: GradeScale) -> Iterator[Decimal]:
    unit = Decimal(1).scaleb(-scale.decimals)
    step = max(unit, (abs(scale.best - scale.worst) / _GRADE_STEPS).quantize(unit))
    for steps in range(1, _OTHER_STEPS + 1):
        value = grade.value + steps * step if scale.best > scale.worst else grade.value - steps * step
        if not scale.has(value):
            return
        yield value


def _details_of_degrees(whole: Whole) -> Iterator[Step]:
    if says_all(whole):
        return
    asked = asked_of(whole)
    places = [place for place in whole.places if isinstance(_leaf(whole, place), DegreeNeeded | GradeNeeded)]
    for number, degree in enumerate(whole.evidence.profile.qualifications or ()):
        stated = details_of(degree, asked, whole)
        if len(stated) > 1:  # each alone leaves the others unknown
            stated = {**stated, ", ".join(stated): whole_degree(degree, asked, whole)}
        for field, complete in stated.items():
            change = _complete(field)
            evidence = _with_degrees(whole.evidence, number, complete)
            opened = whole.opened(evidence, places)
            yield Step(f"complete_profile/{number}/{field}", change, evidence, opened, at_best=True)


def _answers(whole: Whole) -> Iterator[Step]:
    """Yield a step for each part of the profile that is left open, and one for all that is open, at best."""
    fields, evidence = unanswered(whole), whole.evidence
    made: set[str] = set()
    for field in fields:
        about = _DEGREES if field.startswith("qualifications.") else field  # their details are all answered at once
        answer = None if about in made else answered(whole, field)
        if answer is None:
            continue
        made.add(about)
        evidence = _joined(evidence, answer, field)
        if field in _ALONE:
            opened = whole.opened_by(answer)
            yield Step(f"complete_profile/{field}", _complete(field), answer, opened, at_best=True)
    if len(made) > 1:
        yield Step("complete_profile", _complete(", ".join(fields)), evidence, whole.opened_by(evidence), at_best=True)


def _joined(one: Evidence, answer: Evidence, field: str) -> Evidence:
    """Return the first evidence with the other's answer about the field."""
    if field == "papers":
        return replace(one, papers=answer.papers)
    part = field.partition(".")[0]
    return _with(one, replace(one.profile, **{part: getattr(answer.profile, part)}))


def _complete(field: str) -> Change:
    return Change("complete_profile", {"field": field}, 1 + field.count(","))


def _papers(whole: Whole, places: list[int]) -> Iterator[Step]:
    has = whole.evidence.papers or {}
    by_kind: dict[str, list[int]] = {}
    for place in places:
        leaf = whole.trees.leaves[place].leaf
        if isinstance(leaf, DocumentNeeded) and has.get(leaf.kind) is not True:
            by_kind.setdefault(leaf.kind, []).append(place)
    for kind, touched in by_kind.items():
        change = Change("add_document", {"document": kind}, 2)
        evidence = replace(whole.evidence, papers={**has, kind: True})
        yield Step(f"add_document/{kind}", change, evidence, [(place, Standing.MET) for place in touched])
    if len(by_kind) > 1:
        every = Change("add_documents", {"documents": ", ".join(by_kind)}, 2 * len(by_kind))
        evidence = replace(whole.evidence, papers={**has, **dict.fromkeys(by_kind, True)})
        touched = [place for some in by_kind.values() for place in some]
        yield Step("add_documents", every, evidence, [(place, Standing.MET) for place in touched])


def _work(whole: Whole, places: list[int]) -> Iterator[Step]:
    families = _families_of(whole, ExperienceNeeded)
    profile, on = whole.evidence.profile, whole.evidence.on
    has = profile.months_of_work(on)
    if has is None:
        return  # who has not said how long she worked is asked first
    leaves = (whole.trees.leaves[place].leaf for place in places)
    asked = sorted({leaf.months for leaf in leaves if isinstance(leaf, ExperienceNeeded)})
    for months in reversed(spread([one for one in asked if one > has], _OTHER_STEPS)):
        more = months - has
        change = Change("work_longer", {"months": more}, 10 + more)
        work = (*(profile.work or ()), WorkPeriod("", add_months(on, -months - 1), on))
        evidence = _with(whole.evidence, replace(profile, work=work))
        opened, families = whole.opened_of(evidence, families)
        yield Step(f"work_longer/{months}", change, evidence, opened)


def _budget(whole: Whole, places: list[int]) -> Iterator[Step]:
    families = _families_of(whole, MoneyNeeded)
    profile = whole.evidence.profile
    leaves = (whole.trees.leaves[place].leaf for place in places)
    asked = {leaf.a_year for leaf in leaves if isinstance(leaf, MoneyNeeded)}
    budget = profile.budget_a_year
    if budget is None:
        for currency in sorted({one.currency for one in asked}):
            change = Change("state_budget_in", {"currency": currency}, 1)
            evidence = _with(whole.evidence, replace(profile, budget_a_year=most_of(asked, currency)))
            opened, _ = whole.opened_of(evidence, families)
            yield Step(f"state_budget_in/{currency}", change, evidence, opened, at_best=True)
    elif any(one.currency == budget.currency and one.minor > budget.minor for one in asked):
        for steps in range(_OTHER_STEPS, 0, -1):
            more = Money(steps * _round_tenth(budget.minor), budget.currency)
            change = Change("raise_budget", {"amount": str(more)}, 30 + 5 * (steps - 1))
            evidence = _with(whole.evidence, replace(profile, budget_a_year=budget + more))
            opened, families = whole.opened_of(evidence, families)
            yield Step(f"raise_budget/{more}", change, evidence, opened)


def _round_tenth(minor: int) -> int:
    """Return about a tenth, as the largest of 1, 2 and 5 times a power of ten that is no more than that."""
    tenth = max(minor // 10, 1)
    power = int("1".ljust(len(str(tenth)), "0"))
    return power * max(digit for digit in (1, 2, 5) if digit * power <= tenth)


def _with(evidence: Evidence, profile: Profile) -> Evidence:
    return Evidence(profile, evidence.on, evidence.papers, evidence.days, evidence.serving)


def _with_degrees(evidence: Evidence, number: int, instead: Sequence[Qualification]) -> Evidence:
    degrees = list(evidence.profile.qualifications or ())
    degrees[number : number + 1] = instead
    return _with(evidence, replace(evidence.profile, qualifications=tuple(degrees)))


def _families_of(whole: Whole, kind: type) -> list[Family]:
    return [family for family in whole.families if isinstance(_leaf(whole, family[0]), kind)]


def _leaf(whole: Whole, place: int) -> object:
    return whole.trees.leaves[place].leaf
