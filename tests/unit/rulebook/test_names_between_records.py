"""Whatever one record names, another one has, in a form that can be reckoned with: every problem of one rulebook."""

from typing import Any

import pytest

from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.reading import read_pack
from higherstudy.domain.rulebook.units import UNITS

from .everything import EMPLOYED, Data, as_pack
from .least import HEAD, LEAST, refusals
from .pack_texts import fact, pack_of

TEST: Data = {**LEAST["tests"][0], "code": "U", "total": "as_given", "minimum": "0", "maximum": "9", "step": "0.5"}
SCALE, PAPER, STEP = LEAST["grade_scales"][0], LEAST["document_kinds"][0], LEAST["pathways"][0]["steps"][0]
OFF = {"from": 5, "to": "C"}
ROW = {"from": "5", "to": "2"}
IN_UNITS, BEFORE = ", ".join(sorted(UNITS)), "days, weeks, months"


def least(part: str, /, **said: Any) -> Data:
    """Return a record of this kind that says the least, and this besides."""
    return {**LEAST[part][0], **said}


def figure(value: str | bool, unit: str = "", **said: Any) -> Data:
    return least("facts", value=value, **({"unit": unit} if unit else {}), **said)


def table(*rows: Data, **said: Any) -> Data:
    """Return a table between the total of U and the sections of T."""
    return least("concordances", **{"from_test": "U", "part": "total", "rows": list(rows), **said})


def lead(*facts: Data) -> Data:
    return {"facts": list(facts), "pathways": [least("pathways")]}


def opening(*facts: Data) -> Data:
    """Return a pack whose one step cannot begin earlier than so long before studies."""
    steps = [{**STEP, "not_before": "k"}]
    return {"facts": list(facts), "pathways": [least("pathways", lead_times=[], steps=steps)]}


def rule(index: int, *facts: Data, **said: Any) -> Data:
    return {"facts": list(facts), "money_rules": [{**LEAST["money_rules"][index], **said}]}


def monthly(value: str | bool, unit: str = "") -> Data:
    return rule(0, figure(value, unit))


def held(value: str, unit: str) -> Data:
    """Return a rule that money is held for so many of the unit."""
    living = figure("1", "GBP/month")
    within = figure("1", "weeks", id="w", key="w")
    return rule(1, living, figure(value, unit, id="d", key="d"), within, living=[{"fact": "k"}])


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        # facts
        (
            {"facts": [figure("1", supersedes="lost")]},
            ["facts[0].supersedes: fact.unknown (id=lost)"],
        ),
        (
            {
                "facts": [
                    figure("1", id="fee", key="fee"),
                    figure("1", id="a", valid_from="2026-01-02", valid_to="2026-12-31"),
                    figure("1", id="b", valid_from="2026-01-01", valid_to="2026-01-01", supersedes="a"),
                    figure("1", id="c", valid_from="2027-01-01", supersedes="fee"),
                ]
            },
            [
                "facts[2].supersedes: fact.supersedes_no_earlier (id=b, other=a)",
                "facts[3].supersedes: fact.supersedes_no_earlier (id=c, other=fee)",
            ],
        ),
        (
            {"facts": [figure("1", "u" * 41)]},
            [f"facts[0].unit: fact.unknown_unit (given={'u' * 40}, known={IN_UNITS})"],
        ),
        (
            {
                "facts": [
                    figure("12.5", id="a", key="institution.test.valid_months"),
                    figure("x" * 41, id="b", key="institution.test.valid_at"),
                    figure(True, id="c", key="visa.test.held_against"),
                    figure("y" * 41, id="d", key="visa.test.expired_after_enrolment.ielts"),
                ]
            },
            [
                "facts[0].value: fact.no_months (fact=a, at_most=1200)",
                f"facts[1].value: data.unknown_word (given={'x' * 40}, known=application, enrolment)",
                "facts[2].value: data.unknown_word (given=True, known=appointment)",
                f"facts[3].value: document.unknown_kind (kind={'y' * 40})",
            ],
        ),
        *(
            (
                {"facts": [figure(value, key="institution.test.valid_months")]},
                ["facts[0].value: fact.no_months (fact=f, at_most=1200)"],
            )
            for value in ("0", "1201", "a year", True)
        ),
        # tables between tests
        (
            {"tests": LEAST["tests"], "concordances": [table(OFF, from_test="X", to_test="T", part="all")]},
            [
                "concordances[0].from_test: test.unknown (given=X, known=T)",
                "concordances[0].rows: test.not_on_scale (given=C, test=T)",
            ],
        ),
        (
            {"tests": [TEST], "concordances": [table({"from": 5, "to": 5}, to_test="X", part="dance")]},
            [
                "concordances[0].part: test.unknown_section (test=U, known=all)",
                "concordances[0].to_test: test.unknown (given=X, known=U)",
            ],
        ),
        (
            {"tests": LEAST["tests"], "concordances": [table({"from": 5, "to": 5}, from_test="T", to_test="T")]},
            ["concordances[0].part: test.unknown_section (test=T, known=all)"] * 2,
        ),
        (
            {"tests": [TEST], "concordances": [table({"from": "9.5", "to": 9}, {"from": 7, "to": "6.3"}, to_test="U")]},
            [
                "concordances[0].rows: test.not_on_scale (given=9.5, test=U)",
                "concordances[0].rows: test.not_on_scale (given=6.3, test=U)",
            ],
        ),
        (
            {
                "tests": [{**TEST, "sections": [*TEST["sections"], {"name": "more", "levels": ["A"]}]}],
                "concordances": [table({"from": 5, "to": 5}, to_test="U", part="dance")],
            },
            ["concordances[0].part: test.unknown_section (test=U, known=all, more)"] * 2,
        ),
        (
            {"tests": [TEST], "concordances": [table({"from": 7, "to": 6}, {"from": 5, "to": "6.5"}, to_test="U")]},
            ["concordances[0].rows: concordance.turns_around (test=U)"],
        ),
        (
            {"tests": [TEST, *LEAST["tests"]], "concordances": [table({"from": 5, "to": 5}, to_test="X")]},
            ["concordances[0].to_test: test.unknown (given=X, known=T, U)"],
        ),
        # conversions of grades
        (
            {
                "grade_scales": [{**SCALE, "best": 5, "worst": 0}],
                "grade_conversions": [least("grade_conversions", from_scale="S")],
            },
            ["grade_conversions[0].to_scale: conversion.gives_german_grades (scale=S)"],
        ),
        (
            {"grade_conversions": [least("grade_conversions", to_scale="*")]},
            ["grade_conversions[0].to_scale: grade.unknown_scale (given=*, known=–)"],
        ),
        (
            {"grade_conversions": [least("grade_conversions", from_scale="X", rows=[{"from": "6", "to": "1"}])]},
            [
                "grade_conversions[0].from_scale: grade.unknown_scale (given=X, known=–)",
                "grade_conversions[0].to_scale: grade.unknown_scale (given=S, known=–)",
            ],
        ),
        (
            {
                "grade_scales": [SCALE],
                "grade_conversions": [
                    least("grade_conversions", from_scale="S", rows=[{"from": "5.5", "to": "1"}, ROW])
                ],
            },
            ["grade_conversions[0].rows: grade.out_of_range (given=5.5, scale=S, best=1, worst=5)"],
        ),
        # checklists and pathways
        (
            {
                "document_kinds": [PAPER],
                "checklists": [
                    least(
                        "checklists",
                        items=[
                            {**LEAST["checklists"][0]["items"][0], "one_of": ["d", "seal"]},
                            {
                                **LEAST["checklists"][0]["items"][1],
                                "when_to_add": [{"when": EMPLOYED, "add": ["d", "letter"]}],
                            },
                        ],
                    )
                ],
            },
            [
                "checklists[0].items[0]: document.unknown_kind (kind=seal)",
                "checklists[0].items[1]: document.unknown_kind (kind=letter)",
            ],
        ),
        (
            {
                "document_kinds": [PAPER],
                "checklists": [least("checklists", used_at="Z", items=[]), least("checklists", id="o", used_at="Y")],
                "pathways": [least("pathways", checklist="l", lead_times=[])],
            },
            [
                "checklists[0].used_at: pathway.unknown_step (given=Z)",
                "checklists[1].items[0]: document.unknown_kind (kind=e)",
            ],
        ),
        (
            {
                "checklists": [least("checklists", used_at="T", items=[])],
                "pathways": [
                    least(
                        "pathways",
                        checklist="l",
                        lead_times=[],
                        steps=[{**STEP, "code": "T", "scope": "target"}, {**STEP, "after": ["T"]}],
                    )
                ],
            },
            ["checklists[0].used_at: pathway.unknown_step (given=T)"],
        ),
        (
            {
                "pathways": [
                    least(
                        "pathways",
                        checklist="lost",
                        steps=[
                            {
                                **STEP,
                                "facts": ["gone"],
                                "answered_by": ["passport", "degree", "SONG"],
                                "documents_in": ["seal"],
                                "documents_out": ["stamp"],
                            }
                        ],
                    )
                ]
            },
            [
                "pathways[0].checklist: checklist.unknown (given=lost)",
                "pathways[0].lead_times[0].fact: fact.no_such_key (given=k)",
                "pathways[0].steps[0].facts: fact.unknown (id=gone)",
                "pathways[0].steps[0].answered_by: test.unknown (given=SONG, known=–)",
                "pathways[0].steps[0].documents_in: document.unknown_kind (kind=seal)",
                "pathways[0].steps[0].documents_out: document.unknown_kind (kind=stamp)",
            ],
        ),
        *(
            (
                lead(figure(value, unit)),
                ["pathways[0].lead_times[0].fact: fact.no_days (fact=f, units=days, weeks, at_most=3650)"],
            )
            for value, unit in (("3651", "days"), ("522", "weeks"), ("-1", "days"), ("8", "months"), ("8", ""))
        ),
        (opening(), ["pathways[0].steps[0].not_before: fact.no_such_key (given=k)"]),
        *(
            (
                opening(figure(value, unit)),
                [f"pathways[0].steps[0].not_before: fact.no_days (fact=f, units={BEFORE}, at_most=3650)"],
            )
            for value, unit in (
                ("3651", "days"), ("522", "weeks"), ("118", "months"), ("-1", "days"), ("1.5", "months"),
                ("8", "years"), ("8", ""),
            )
        ),
        # money
        (
            rule(0, proofs=["seal"], letters=["stamp"], alone=["ring"]),
            [
                "money_rules[0].rate: fact.no_such_key (given=k)",
                "money_rules[0].proofs: document.unknown_kind (kind=seal)",
                "money_rules[0].letters: document.unknown_kind (kind=stamp)",
                "money_rules[0].alone: document.unknown_kind (kind=ring)",
            ],
        ),
        *(
            (rule(0, figure(value, unit)), ["money_rules[0].rate: fact.no_money_a_month (fact=f)"])
            for value, unit in (("1", "EUR/year"), ("-1", "EUR/month"), ("1.001", "EUR/month"), ("1", "EUR"), ("1", ""))
        ),
        *(
            (held(value, unit), ["money_rules[0].days: fact.no_days (fact=d, units=days, weeks, at_most=3650)"])
            for value, unit in (("0", "days"), ("27.5", "days"), ("3651", "days"), ("522", "weeks"), ("1", "months"))
        ),
        (
            rule(1),
            [
                "money_rules[0].living[0].fact: fact.no_such_key (given=k)",
                "money_rules[0].living[1].fact: fact.no_such_key (given=o)",
                "money_rules[0].days: fact.no_such_key (given=d)",
                "money_rules[0].within_days: fact.no_such_key (given=w)",
            ],
        ),
        (
            rule(2, figure("1", "AUD/month"), incomes=[{"fact": "k", "with_family": True}]),
            [
                "money_rules[0].living[0].fact: fact.no_money_a_year (fact=f)",
                "money_rules[0].incomes[0].fact: fact.no_money_a_year (fact=f)",
            ],
        ),
    ],
)  # fmt: skip
def test_a_name_that_leads_nowhere_or_to_what_cannot_be_reckoned_with_is_told(data: Data, problems: list[str]) -> None:
    assert refusals(data) == problems


@pytest.mark.parametrize(
    "data",
    [
        {
            "facts": [
                figure("1", id="a", valid_from="2026-01-01", valid_to="2026-12-31"),
                figure("1", id="b", valid_from="2027-01-01", supersedes="a"),
            ]
        },
        {"grade_scales": [SCALE], "facts": [figure("1", "S")]},
        {"facts": [figure("1", key="institution.test.valid_months")]},
        {"facts": [figure("1200", key="institution.test.valid_months")]},
        {"facts": [figure("enrolment", key="institution.test.valid_at")]},
        {"facts": [figure("appointment", key="visa.test.held_against")]},
        {"facts": [figure("d", key="visa.test.expired_after_enrolment.ielts")], "document_kinds": [PAPER]},
        {"facts": [figure("x", key="visa.test.expired_after_enrolment")]},
        lead(figure("3650", "days")),
        lead(figure("521", "weeks")),
        lead(figure("0", "days")),
        lead(figure("eight weeks"), figure(True, id="g", valid_from="2026-01-01")),
        opening(figure("3650", "days")),
        opening(figure("521", "weeks")),
        opening(figure("117", "months")),  # of 31 days at most
        opening(figure("0", "days")),
        opening(figure("some weeks")),
        monthly("0", "EUR/month"),
        monthly("not known"),
        held("1", "days"),
        held("3650", "days"),
        held("2", "weeks"),
        rule(2, figure("1", "AUD/year"), incomes=[{"fact": "k", "with_family": True}]),
    ],
)  # fmt: skip
def test_a_figure_that_goes_just_so_far_is_taken(data: Data) -> None:
    assert Rulebook((read_pack(as_pack({**HEAD, **data}), "own.toml"),)).packs[0].id == "own"


def problems_between(*packs: RulePack) -> list[str]:
    with pytest.raises(BrokenPack) as caught:
        Rulebook(packs)
    return [str(reason) for reason in caught.value.reasons]


def test_a_problem_between_packs_is_told_at_the_pack_that_stands_later_or_higher() -> None:
    base = pack_of(fact("a") + fact("b", key="fee") + fact("c", key="sum"), "base")
    twin = pack_of(fact("d", key="other") + fact("e"), "twin")
    over = pack_of(fact("c", key="total"), "over", "country")
    top = pack_of(fact("c", key="total", more='scope = { country = "DE" }'), "top", "institution")

    assert problems_between(base, twin, over, top) == [
        "twin.toml:17: fact.no_order (id=e, other=a, place=facts[1])",
        "over.toml:13: fact.replaces_another (id=c, pack=base, place=facts[0].id)",
        "top.toml:13: fact.replaces_another (id=c, pack=over, place=facts[0].id)",
    ]


def test_a_name_that_is_given_twice_in_one_layer_is_told_with_its_kind() -> None:
    paper = '[[document_kinds]]\ncode = "d"\ntitle = "D"\nsource = "page"\nconfidence = "M"\n'
    one, two = pack_of(fact("a") + paper, "one"), pack_of(fact("a") + paper, "two")

    assert problems_between(two, one, pack_of(paper, "two")) == [
        "two.toml:11: pack.id_twice (kind=fact, id=a, place=facts[0])",
        "two.toml:17: pack.id_twice (kind=document kind, id=d, place=document_kinds[0])",
        "two.toml:2: pack.id_twice (kind=pack, id=two, place=pack.id)",
        "two.toml:11: pack.id_twice (kind=document kind, id=d, place=document_kinds[0])",
    ]


def test_a_pack_without_its_text_is_told_by_its_id() -> None:
    made = [RulePack(name, "Made", "1", pack.review_by, "0" * 64, facts=pack.facts) for name in ("one", "two")
            for pack in [pack_of(fact("a"))]]  # fmt: skip

    assert problems_between(*made) == ["two: facts[0]: pack.id_twice (kind=fact, id=a)"]
