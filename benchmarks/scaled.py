"""The bundled catalogue scaled up: any number of programmes made from the real ones, each marked as synthetic.

What a made programme asks for is a real requirement with its figures moved a little; the same seed makes the same ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from higherstudy.adapters.bundled.catalogue import bundled_programmes
from higherstudy.domain.catalogue.intake import Day, Deadline, DeadlineKind, Intake
from higherstudy.domain.catalogue.programme import Fee, FeePer, Institution, Level, Programme
from higherstudy.domain.catalogue.requirement import (
    AllOf,
    AnyOf,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    MoneyNeeded,
    Requirement,
    Stated,
    StatedOnly,
    TestNeeded,
)
from higherstudy.domain.rulebook.scores import Score
from higherstudy.domain.shared.ids import InstitutionId, ProgrammeId
from higherstudy.domain.shared.money import Money

VARIANTS = 40
FIELDS = ("0613", "0612", "0542", "071", "0713", "0714", "0715", "0311", "041", "0413", "051", "0533", "0912", "0231")
SUBJECTS = ("", "Applied ", "International ", "Advanced ", "Sustainable ", "Digital ", "European ", "Industrial ")
LANGUAGES = (("en",), ("en",), ("en",), ("de",), ("de", "en"), ("nl",), ("fr", "en"), ("sv",))
LEVELS = (Level.MASTER, Level.MASTER, Level.MASTER, Level.BACHELOR, Level.BACHELOR, Level.DOCTORATE)
CURRENCIES = {"DE": "EUR", "NL": "EUR", "IE": "EUR", "GB": "GBP", "US": "USD", "CA": "CAD", "AU": "AUD", "SE": "SEK"}
PAPERS = ("motivation_letter", "cv", "recommendation_letter", "transcript")
SCALE_STEPS = {"IELTS_AC": Decimal("0.5"), "PTE_ACADEMIC": Decimal(4), "DET": Decimal(5)}


def scaled(count: int, seed: int = 4) -> Iterator[Programme]:
    """Yield so many programmes at a fortieth as many institutions."""
    chance = random.Random(seed)
    real = [programme for programme in bundled_programmes() if not programme.expired]
    kinds = [_variants(programme, chance) for programme in real]
    schedules = [_schedule(chance.choice(real), chance) for _ in range(4 * VARIANTS)]
    institutions: list[Institution] = []
    for number in range(count):
        if number % 40 == 0:
            institutions.append(_institution(chance.choice(real).institution, number // 40))
        which = chance.randrange(len(real))
        institution = institutions[-1]
        yield replace(
            real[which],
            id=ProgrammeId(UUID(int=(4 << 120) | number)),
            key=f"synthetic-{number}",
            institution=institution,
            name=chance.choice(SUBJECTS) + real[which].name,
            level=chance.choice(LEVELS),
            fields=tuple(sorted(set(chance.choices(FIELDS, k=chance.choice((1, 1, 2)))))),
            languages=chance.choice(LANGUAGES),
            requirement=chance.choice(kinds[which]),
            intakes=chance.choice(schedules),
            tuition=_fee(real[which], institution.country, chance),
            synthetic=True,
        )


def _institution(real: Institution, number: int) -> Institution:
    id_ = InstitutionId(UUID(int=(5 << 120) | number))
    return replace(real, id=id_, key=f"synthetic-institution-{number}", name=f"Synthetic University {number}")


def _variants(real: Programme, chance: random.Random) -> list[Requirement | None]:
    if real.requirement is None:
        return [None]
    stated = Stated(real.source, real.confidence)
    return [_with_more(_moved(real.requirement, chance), stated, chance) for _ in range(VARIANTS)]


def _moved(requirement: Requirement, chance: random.Random) -> Requirement:
    match requirement:
        case AllOf():
            kept = [p for p in requirement.parts if not isinstance(p, StatedOnly) or chance.random() < 0.3]
            return AllOf(tuple(_moved(part, chance) for part in kept))
        case AnyOf():
            return AnyOf(tuple(_moved(part, chance) for part in requirement.parts))
        case TestNeeded():
            return _moved_test(requirement, chance)
        case GradeNeeded():
            unit = Decimal("0.1") if requirement.scale in ("DE_5", "BD_UGC_4", "US_4") else Decimal(5)
            return replace(requirement, at_least=requirement.at_least + unit * chance.randint(-3, 3))
        case DegreeNeeded():
            return requirement if chance.random() < 0.5 else replace(requirement, fields=(chance.choice(FIELDS)[:3],))
    return requirement


def _moved_test(leaf: TestNeeded, chance: random.Random) -> TestNeeded:
    move = SCALE_STEPS.get(leaf.code, Decimal(2)) * chance.randint(-1, 1)

    def moved(score: Score) -> Score:
        return score + move if isinstance(score, Decimal) else score

    total = None if leaf.total is None else moved(leaf.total)
    sections = {} if chance.random() < 0.3 else {name: moved(score) for name, score in leaf.sections.items()}
    if total is None and not sections:
        return leaf
    return replace(leaf, total=total, sections=sections)


def _with_more(requirement: Requirement, stated: Stated, chance: random.Random) -> Requirement:
    more: list[Requirement] = []
    if chance.random() < 0.3:
        more.append(DocumentNeeded(stated, chance.choice(PAPERS)))
    if chance.random() < 0.1:
        more.append(ExperienceNeeded(stated, 12 * chance.randint(1, 3)))
    if chance.random() < 0.2:
        more.append(MoneyNeeded(stated, Money.of(chance.randint(6, 16) * 1000, "EUR")))
    parts = requirement.parts if isinstance(requirement, AllOf) else (requirement,)
    return AllOf((*parts, *more)) if more else requirement


def _schedule(real: Programme, chance: random.Random) -> tuple[Intake, ...]:
    last = date(2026, 1, 1) + timedelta(days=chance.randrange(0, 700, 7))
    if not real.intakes:
        return ()
    source, confidence = real.source, real.confidence
    deadline = Deadline(DeadlineKind.APPLICATION, Day(on=last), "Europe/Berlin", source, confidence)
    return tuple(replace(one, deadlines=(*one.deadlines, deadline)) for one in real.intakes)


def _fee(real: Programme, country: str, chance: random.Random) -> Fee | None:
    if chance.random() < 0.3:
        return None
    amount = Money.of(chance.randint(2, 400) * 100, CURRENCIES.get(country, "EUR"))
    return Fee(amount, FeePer.YEAR, real.source, real.confidence)
