"""What contradicts itself in a pack: every problem of one pack, with its place and what is shown of it."""

from typing import Any

import pytest

from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.reading import read_pack

from .everything import SOURCED, Data, as_pack
from .least import HEAD, LEAST, refusals

STEP: Data = LEAST["pathways"][0]["steps"][0]
WAY: Data = {
    "id": "way",
    "title": "Way",
    "country": "DE",
    "application_step": "A",
    "admission_step": "B",
    "decision_step": "C",
    "arrival_step": "D",
}


def step(code: str, *after: str, **said: Any) -> Data:
    return {**STEP, "code": code, "after": list(after), **said}


def way(*steps: Data, **said: Any) -> Data:
    """Return a pack of one pathway from A to D, with these steps in the place of those with their codes."""
    usual = {one["code"]: one for one in (step("A"), step("B", "A"), step("C", "B"), step("D", "C"))}
    return {"pathways": [{**WAY, "steps": list({**usual, **{one["code"]: one for one in steps}}.values()), **said}]}


def test_a_pathway_that_holds_together_is_taken() -> None:
    assert "way" in Rulebook((read_pack(as_pack({**HEAD, **way()}), "own.toml"),)).pathways


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (
            way(steps=[step("A"), step("B", "A"), step("B", "A"), step("C", "B"), step("D", "C")]),
            ["pathways[0].steps[2]: data.twice (given=B)"],
        ),
        (
            way(
                step("B", "A", "Z", known_first=["A", "employed", "Y"]),
                application_step="V",
                lodgement_step="W",
                lead_times=[{"step": "X", "fact": "k", "when": {"all": []}}],
            ),
            [
                "pathways[0].steps[1].after: pathway.unknown_step (given=Z)",
                "pathways[0].steps[1].known_first: pathway.unknown_step (given=Y)",
                "pathways[0].application_step: pathway.unknown_step (given=V)",
                "pathways[0].lodgement_step: pathway.unknown_step (given=W)",
                "pathways[0].lead_times[0].step: pathway.unknown_step (given=X)",
            ],
        ),
        (
            way(admission_step="Z"),
            ["pathways[0].admission_step: pathway.unknown_step (given=Z)"],
        ),
        (
            way(decision_step="Y", arrival_step="Z"),
            [
                "pathways[0].decision_step: pathway.unknown_step (given=Y)",
                "pathways[0].arrival_step: pathway.unknown_step (given=Z)",
            ],
        ),
        (
            way(step("C", "B", scope="target"), step("D", "C", scope="target", only_if={"all": []})),
            [
                "pathways[0].steps[2].scope: pathway.step_of_each_target (step=C)",
                "pathways[0].steps[3].scope: pathway.step_of_each_target (step=D)",
                "pathways[0].steps[3].only_if: pathway.arrival_left_out (step=D)",
            ],
        ),
        (
            way(
                step("A", hard_days=7, days={"typical": 9, "min": 8}),
                step("B", "A", hard_days=8, days={"typical": 9}),
            ),
            [
                "pathways[0].steps[0].hard_days: window.shorter_than_its_step (window=7, days=8)",
                "pathways[0].steps[1].hard_days: window.shorter_than_its_step (window=8, days=9)",
            ],
        ),
        (
            way(step("A", counts="working"), step("B", "A", kind="window", calendar="home")),
            [
                "pathways[0].steps[0].calendar: days.whose_working_days (step=A)",
                "pathways[0].steps[1].calendar: days.window_keeps_no_calendar (step=B)",
            ],
        ),
        (
            way(step("B", "A", "C")),
            ["pathways[0].steps[1]: pathway.circle (steps=B, C, D)"],
        ),
        (
            way(step("E"), step("F", "D"), step("G", "E")),
            [
                "pathways[0].steps[4]: pathway.leads_nowhere (step=E, arrival=D)",
                "pathways[0].steps[6]: pathway.leads_nowhere (step=G, arrival=D)",
            ],
        ),
        (
            way(application_step="B", admission_step="A", decision_step="D", arrival_step="C"),
            [
                "pathways[0].admission_step: pathway.out_of_order (step=A, before=B)",
                "pathways[0].arrival_step: pathway.out_of_order (step=C, before=D)",
            ],
        ),
        (
            way(*(step(f"S{number}", "D") for number in range(197))),
            ["pathways[0].steps: data.too_many (at_most=200)"],
        ),
    ],
)
def test_a_pathway_of_which_no_plan_can_be_made_is_told_all_that_is_wrong_with_it(
    data: Data, problems: list[str]
) -> None:
    assert refusals(data) == problems


@pytest.mark.parametrize(
    "data",
    [
        way(*(step(f"S{number}", "D") for number in range(196))),
        way(step("A", hard_days=8, days={"typical": 9, "min": 8}), step("B", "A", hard_days=9, days={"typical": 9})),
        way(step("A", counts="working", calendar="both"), step("B", "A", scope="target", only_if={"all": []})),
        way(admission_step="A", arrival_step="C", lodgement_step="B"),
        way(step("D", "A", "B", "C")),
    ],
)
def test_a_pathway_that_goes_just_so_far_is_taken(data: Data) -> None:
    assert "way" in Rulebook((read_pack(as_pack({**HEAD, **data}), "own.toml"),)).pathways


def least(part: str, /, **said: Any) -> Data:
    """Return a record of this kind that says the least, and this besides."""
    return {**LEAST[part][0], **said}


NUMBERS = {"minimum": "0", "maximum": "9", "step": "0.5"}
TEST = least("tests", total="as_given", sections=[], **NUMBERS)
SCALE = least("grade_scales", best="5", worst="0", bands=[])
TABLE: Data = {**LEAST["concordances"][0], "to_test": "T", "part": "total"}
ITEM: Data = {"code": "i", "order": 1, "title": "Item", "one_of": ["d"], "confidence": "M"}
PAPER: Data = {"code": "d", "title": "Document", **SOURCED}


def table(*rows: Data, **said: Any) -> Data:
    return {"tests": [TEST], "concordances": [{**TABLE, "rows": list(rows), **said}]}


def conversion(*rows: Data, **said: Any) -> Data:
    said = {"method": "table", "from_scale": "S", **said}
    return {"grade_scales": [SCALE], "grade_conversions": [least("grade_conversions", rows=list(rows), **said)]}


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (
            {"tests": [{**TEST, "sections": [{"name": "a", **NUMBERS}, {"name": "a", **NUMBERS, "step": "4"}]}]},
            [
                "tests[0].sections[1]: data.twice (given=a)",
                "tests[0].sections[1].step: scale.step_does_not_fit (step=4, minimum=0, maximum=9)",
            ],
        ),
        ({"tests": [least("tests", sections=[])]}, ["tests[0]: test.measures_nothing"]),
        (
            {"tests": [{**TEST, "step": "0.4", "taken_from": "2026-01-21", "taken_until": "2026-01-20"}]},
            [
                "tests[0].step: scale.step_does_not_fit (step=0.4, minimum=0, maximum=9)",
                "tests[0].taken_until: test.ends_before_it_begins",
            ],
        ),
        (
            {"tests": [least("tests", total="as_given", levels=["B", "A", "B", "A", "C"])]},
            ["tests[0].levels: data.twice (given=A)", "tests[0].levels: data.twice (given=B)"],
        ),
        ({"tests": [TEST, TEST]}, ["tests[1]: data.twice (given=T)"]),
        (table(), ["concordances[0]: concordance.empty"]),
        (
            table({"from": 5, "to": 5}, {"from": 5, "to": 4}),
            ["concordances[0].rows: concordance.not_descending"],
        ),
        (
            table({"from": 5, "to": 5}, {"from": 4, "to": 4}, {"from": "4.5", "to": 3}),
            ["concordances[0].rows: concordance.not_descending"],
        ),
        (
            {"grade_scales": [least("grade_scales", best="5", worst="5")]},
            ["grade_scales[0].best: scale.empty"],
        ),
        (
            {"grade_scales": [{**SCALE, "lowest_pass": "5.0"}]},
            ["grade_scales[0].lowest_pass: grade.pass_not_below_best (lowest_pass=5.0, best=5)"],
        ),
        (
            {"grade_scales": [{**SCALE, "lowest_pass": "-1", "bands": [{"name": "a", "at_least": "5.1"}]}]},
            [
                "grade_scales[0].lowest_pass: grade.pass_not_below_best (lowest_pass=-1, best=5)",
                "grade_scales[0].bands[0].at_least: grade.out_of_range (given=5.1, scale=S, best=5, worst=0)",
            ],
        ),
        (conversion(), ["grade_conversions[0]: conversion.no_rows"]),
        (conversion(method="linear", offset="1"), ["grade_conversions[0]: conversion.no_factor"]),
        (
            {
                "document_kinds": [PAPER],
                "checklists": [
                    least(
                        "checklists",
                        items=[ITEM, {**ITEM, "order": 2}, {**ITEM, "code": "k", "one_of": []}],
                    )
                ],
            },
            [
                "checklists[0].items[2]: checklist.item_without_document (item=k)",
                "checklists[0].items[2].order: data.twice (given=1)",
                "checklists[0].items[1]: data.twice (given=i)",
            ],
        ),
        (
            {"facts": [least("facts", valid_from="2026-09-01", valid_to="2026-08-31"), least("facts", key="l")]},
            ["facts[1]: data.twice (given=f)", "facts[0].valid_to: fact.ends_before_it_begins"],
        ),
        (
            {"facts": [least("facts"), least("facts", id="e", key="l"), least("facts", id="g")]},
            ["facts[2]: fact.no_order (id=g, other=f)"],
        ),
        (
            {"facts": [least("facts", key="study.visa_needed", value=False, scope={"nationality": ["NZ"]})]},
            ["facts[0].scope: fact.names_no_country (key=study.visa_needed)"],
        ),
    ],
)
def test_a_record_that_contradicts_itself_is_told_all_that_is_wrong_with_it(data: Data, problems: list[str]) -> None:
    assert refusals(data) == problems
