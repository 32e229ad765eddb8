"""Every finding about degrees, papers, work, citizenship, money and words whole."""

from dataclasses import replace
from datetime import date
from typing import Any

from whole_findings import DEGREE, MET, NOT_MET, ON, PROBABLY, TAKEN, UNKNOWN, judged, said, state

from higherstudy.domain.catalogue.requirement import (
    CitizenshipNeeded,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    MoneyNeeded,
    StatedOnly,
)
from higherstudy.domain.matching.evidence import Serving
from higherstudy.domain.matching.verdict import Change, Finding, Part, Used
from higherstudy.domain.profile.profile import Profile, WorkPeriod
from higherstudy.domain.shared.money import Money
from study_builders import STATED, bachelor, profile

WANTED = DegreeNeeded(STATED, "bachelor", ("061",))


def degree(leaf: DegreeNeeded = WANTED, **changes: Any) -> Finding:
    return judged(leaf, profile(qualifications=(replace(bachelor(), **changes),)))


def test_a_degree() -> None:
    wanted = {"level": "bachelor", "fields": "061"}
    params = {**wanted, "title": "B.Sc. in Computer Science"}
    tomorrow = date(2026, 11, 24)

    assert judged(WANTED, Profile()) == said(UNKNOWN, "degree.not_stated", wanted, flip=state("qualifications"))
    assert judged(WANTED, profile(qualifications=())) == said(NOT_MET, "degree.missing", wanted, flip=None)
    assert degree() == said(MET, "degree.held", params, used=DEGREE)
    assert degree(finished_on=ON).standing is MET
    assert degree(finished_on=tomorrow) == said(
        PROBABLY, "degree.expected", {**params, "finished_on": "2026-11-24"}, distance="1 days",
        flip=(Change("finish_degree", {"on": "2026-11-24"}, 5),),
        used=(replace(DEGREE[0], on=tomorrow),),
    )  # fmt: skip
    master = replace(WANTED, level="master")
    low = said(
        NOT_MET, "degree.level_too_low", {**params, "level": "master"}, distance="1 level", flip=None, used=DEGREE
    )
    assert degree(master) == low
    assert degree(replace(WANTED, level="doctorate")).distance == "2 levels"
    assert degree(level="doctorate").standing is MET
    assert degree(level="diploma-of-nothing").distance == ""
    assert degree(fields=("0511",)) == said(NOT_MET, "degree.other_field", params, flip=None, used=DEGREE)
    unsure = said(UNKNOWN, "degree.details_unknown", params, flip=state("qualifications.fields"), used=DEGREE)
    assert degree(fields=()) == degree(fields=("06",)) == unsure
    assert degree(fields=("0511", "0613")).standing is MET
    assert degree(replace(WANTED, fields=()), fields=()).standing is MET
    undated = degree(finished_on=None)
    assert undated == replace(unsure, flip=state("qualifications.finished_on"), used=(replace(DEGREE[0], on=None),))
    untitled = degree(title="")
    assert (untitled.params["title"], untitled.used[0].name) == ("bachelor", "bachelor")


def test_a_paper() -> None:
    leaf, params = DocumentNeeded(STATED, "passport"), {"document": "passport"}
    flip, rule = (Change("add_document", params, 2),), ("document:passport",)
    serving = {"passport": Serving(3, TAKEN)}
    used = (Used("papers", 3, "passport", TAKEN),)

    assert judged(leaf, profile()) == said(UNKNOWN, "paper.not_stated", params, flip=flip)
    assert judged(leaf, profile(), papers={"passport": None}).standing is UNKNOWN
    assert judged(leaf, profile(), papers={}) == said(NOT_MET, "paper.missing", params, flip=flip, rests_on=rule)
    here = judged(leaf, profile(), papers={"passport": True}, serving=serving)
    assert here == said(MET, "paper.usable", params, rests_on=rule, used=used)
    unnamed = judged(leaf, profile(), papers={"passport": True})
    assert unnamed.used == (Used("papers", None, "passport"),)
    old = judged(leaf, profile(), papers={"passport": False}, serving=serving)
    assert old == said(NOT_MET, "paper.missing", params, flip=flip, rests_on=rule, used=used)


def test_work() -> None:
    leaf = ExperienceNeeded(STATED, 12)
    assert judged(leaf, Profile()) == said(UNKNOWN, "experience.not_stated", {"months": 12}, flip=state("work"))

    def worked(until: date) -> Finding:
        return judged(leaf, profile(work=(WorkPeriod("developer", date(2025, 1, 1), until),)))

    enough, short, none = worked(date(2025, 12, 31)), worked(date(2025, 11, 30)), judged(leaf, profile(work=()))
    assert (enough.standing, enough.code, enough.params) == (MET, "experience.enough", {"months": 12, "has": 12})
    assert (short.standing, short.code, short.distance) == (NOT_MET, "experience.too_short", "1 month")
    assert short.flip == (Change("work_longer", {"months": 1}, 11),)
    assert none == said(
        NOT_MET, "experience.too_short", {"months": 12, "has": 0}, distance="12 months",
        flip=(Change("work_longer", {"months": 12}, 22),),
    )  # fmt: skip


def test_citizenship() -> None:
    leaf = CitizenshipNeeded(STATED, ("BD", "IN"), ("SY",))
    params = {"any_of": "BD, IN", "none_of": "SY"}

    def held(*people: str) -> Finding:
        return judged(leaf, profile(citizenships=people))

    def used(*people: str) -> tuple[Used, ...]:
        return tuple(Used("citizenships", at, one) for at, one in enumerate(people))

    unstated = said(UNKNOWN, "citizenship.not_stated", params, flip=state("citizenships"))
    assert judged(leaf, Profile()) == unstated
    fits = said(MET, "citizenship.fits", {**params, "held": "NP, IN"}, used=used("NP", "IN"))
    assert held("NP", "IN") == fits
    out = said(NOT_MET, "citizenship.excluded", {**params, "held": "BD, SY"}, flip=None, used=used("BD", "SY"))
    assert held("BD", "SY") == out
    not_among = said(NOT_MET, "citizenship.not_among", {**params, "held": "NP"}, flip=None, used=used("NP"))
    assert held("NP") == not_among
    assert judged(replace(leaf, any_of=()), profile(citizenships=("NP",))).standing is MET


def test_money() -> None:
    leaf = MoneyNeeded(STATED, Money(1_200_000, "EUR"))
    params = {"amount": str(leaf.a_year), "currency": "EUR"}

    def has(amount: int, currency: str = "EUR") -> Finding:
        return judged(leaf, profile(budget_a_year=Money(amount, currency)))

    def used(amount: int, currency: str = "EUR") -> tuple[Used, ...]:
        return (Used("budget_a_year", None, str(Money(amount, currency))),)

    assert judged(leaf, profile()) == said(UNKNOWN, "money.not_stated", params, flip=state("budget_a_year"))
    assert has(1_200_000) == said(MET, "money.enough", params, used=used(1_200_000))
    gap = Money(1, "EUR")
    raised = Change("raise_budget", {"amount": str(gap)}, 30, (Part("budget", gap.amount, str(gap)),))
    assert has(1_199_999) == said(
        NOT_MET, "money.too_little", params, flip=(raised,), distance=str(gap), used=used(1_199_999)
    )
    other_currency = {**params, "budget": str(Money(5, "BDT"))}
    flip = (Change("state_budget_in", {"currency": "EUR"}, 1),)
    assert has(5, "BDT") == said(UNKNOWN, "money.not_comparable", other_currency, flip=flip, used=used(5, "BDT"))


def test_what_no_machine_can_judge_stays_unknown() -> None:
    flip = (Change("judge_yourself", {}, 25),)

    assert judged(StatedOnly(STATED, "Good luck"), profile()) == said(
        UNKNOWN, "stated.not_judged", {"text": "Good luck"}, flip=flip
    )
