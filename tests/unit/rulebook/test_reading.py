"""What is read of a pack, compared as a whole: one that says everything, one that says the least, one that says nothing
right."""

import hashlib
from typing import Any

import pytest

from higherstudy.domain.rulebook.reading import read_pack

from .everything import EVERYTHING, Data, as_pack
from .everything_read import everything_read
from .least import HEAD, LEAST, LEAST_READ, refusals


def test_a_pack_that_says_everything_is_read_with_all_that_it_says() -> None:
    text = as_pack(EVERYTHING)

    pack = read_pack(text, "all.toml")

    assert pack == everything_read(hashlib.sha256(text.encode()).hexdigest())
    assert (pack.file, pack.text) == ("all.toml", text)


def test_a_pack_that_says_the_least_is_read_with_what_holds_where_nothing_is_said() -> None:
    assert read_pack(as_pack(LEAST), "own.toml") == LEAST_READ


MUST_SAY = {
    "facts": "id key value source confidence",
    "tests": "total code title source confidence",
    "concordances": "id publisher from_test to_test part source confidence",
    "grade_scales": "id title country best worst source confidence",
    "grade_conversions": "id title method from_scale to_scale source confidence",
    "document_kinds": "code title source confidence",
    "checklists": "id title version mission authority used_at source confidence",
    "pathways": "id title country application_step admission_step decision_step arrival_step",
    "money_rules": "id country kind rate months source confidence",
    "closures": "id country what source confidence nationality",
    "intakes": "starts_each country term zone source confidence",
}


@pytest.mark.parametrize("part", MUST_SAY)
def test_a_record_that_says_nothing_is_told_all_that_it_must_say(part: str) -> None:
    missing = refusals({part: [{}]})

    assert sorted(missing) == sorted(f"{part}[0].{key}: data.missing" for key in MUST_SAY[part].split())


def test_a_rule_by_which_money_is_held_says_for_how_many_months_it_is() -> None:
    rule = {key: said for key, said in LEAST["money_rules"][1].items() if key != "months"}

    assert refusals({"money_rules": [rule]}) == ["money_rules[0].months: data.missing"]


BASES, DAYS = "submitted, received, postmark", "application_date, lodgement_date, intake_start"


def least(part: str, /, **said: Any) -> Data:
    """Return a pack of one record of this kind that says the least, and this besides."""
    return {part: [{**LEAST[part][0], **said}]}


def on_step(**said: Any) -> Data:
    """Return a pack whose one step says this besides."""
    return least("pathways", steps=[{**LEAST["pathways"][0]["steps"][0], **said}])


def only_if(condition: Data) -> Data:
    """Return a pack whose lead time is there under the condition."""
    return least("pathways", lead_times=[{"step": "B", "fact": "k", "when": condition}])


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        # numbers beyond their limits
        (least("tests", valid_months=0), ["tests[0].valid_months: data.not_whole_number (given=0, at_least=1)"]),
        (
            least("tests", valid_months=1201),
            ["tests[0].valid_months: data.number_too_large (given=1201, at_most=1200)"],
        ),
        (
            least("document_kinds", valid_months=0, remaining_months=-1),
            [
                "document_kinds[0].valid_months: data.not_whole_number (given=0, at_least=1)",
                "document_kinds[0].remaining_months: data.not_whole_number (given=-1, at_least=0)",
            ],
        ),
        (
            least("document_kinds", valid_months=1201, remaining_months=1201),
            [
                "document_kinds[0].valid_months: data.number_too_large (given=1201, at_most=1200)",
                "document_kinds[0].remaining_months: data.number_too_large (given=1201, at_most=1200)",
            ],
        ),
        (
            on_step(hard_days=0),
            ["pathways[0].steps[0].hard_days: data.not_whole_number (given=0, at_least=1)"],
        ),
        (
            on_step(hard_days=3651, days={"typical": 3651, "min": 3651, "max": 3651}),
            [
                "pathways[0].steps[0].days.typical: data.number_too_large (given=3651, at_most=3650)",
                "pathways[0].steps[0].days.min: data.number_too_large (given=3651, at_most=3650)",
                "pathways[0].steps[0].days.max: data.number_too_large (given=3651, at_most=3650)",
                "pathways[0].steps[0].hard_days: data.number_too_large (given=3651, at_most=3650)",
            ],
        ),
        (
            least("money_rules", months=1201),
            ["money_rules[0].months: data.number_too_large (given=1201, at_most=1200)"],
        ),
        (
            {"money_rules": [{**LEAST["money_rules"][1], "months": 1201}]},
            ["money_rules[0].months: data.number_too_large (given=1201, at_most=1200)"],
        ),
        # durations
        (
            on_step(days={"typical": 2, "min": 3}),
            ["pathways[0].steps[0].days: duration.out_of_order"],
        ),
        (
            on_step(days={"typical": 2, "max": 1, "often": 1}),
            [
                "pathways[0].steps[0].days: duration.out_of_order",
                "pathways[0].steps[0].days.often: data.unknown_key",
            ],
        ),
        # conditions
        (only_if({"circumstance": "left_handed", "is": True}), [
            "pathways[0].lead_times[0].when.is: condition.unknown_circumstance (given=left_handed)"
        ]),
        (only_if({"circumstance": "x" * 41, "is": True}), [
            f"pathways[0].lead_times[0].when.is: condition.unknown_circumstance (given={'x' * 40})"
        ]),
        (only_if({"circumstance": "employed", "is": "y" * 41}), [
            f"pathways[0].lead_times[0].when.is: data.not_true_or_false (given={'y' * 40})"
        ]),
        (only_if({"circumstance": "university_sector", "is": True}), [
            "pathways[0].lead_times[0].when.is: data.unknown_word (given=bool, known=public, private)"
        ]),
        (only_if({"circumstance": "nationality", "in": ["BD", "India"]}), [
            "pathways[0].lead_times[0].when.in: country.unknown (given=India)"
        ]),
        (only_if({"circumstance": "residence", "is": True}), [
            "pathways[0].lead_times[0].when.is: country.unknown (given=bool)"
        ]),
        (only_if({"circumstance": "programme_language", "is": "EN"}), [
            "pathways[0].lead_times[0].when.is: language.unknown_code (given=EN)"
        ]),
        (only_if({"circumstance": "nationality", "in": []}), ["pathways[0].lead_times[0].when.in: data.missing"]),
        (only_if({"any": []}), ["pathways[0].lead_times[0].when.any: requirement.empty"]),
        (only_if({"not": {"all": [{"circumstance": "employed", "is": True, "or": 1}]}}), [
            "pathways[0].lead_times[0].when.not.all[0].or: data.unknown_key"
        ]),
        (only_if({}), ["pathways[0].lead_times[0].when.not: data.missing"]),
        (least("pathways", lead_times=[{"step": "B", "fact": "k"}]), ["pathways[0].lead_times[0].when: data.missing"]),
        (
            least("pathways", lead_times=[{"step": "B", "fact": "k", "when": {"all": []}, "basis": "z" * 41}]),
            [
                f"pathways[0].lead_times[0].basis: data.unknown_word (given={'z' * 40}, known={BASES})"
            ],
        ),
        # closures
        (least("closures", nationality=[]), ["closures[0].nationality: data.missing"]),
        (
            least("closures", nationality=["Sudan", "SD"], not_nationality=["SD"], complete=False),
            [
                "closures[0].nationality: country.unknown (given=Sudan)",
                "closures[0].not_nationality: data.twice (given=SD)",
            ],
        ),
        (
            least("closures", not_nationality=["u" * 41], valid_from="2026-03-26", valid_to="2026-03-25"),
            [
                f"closures[0].not_nationality: country.unknown (given={'u' * 40})",
                "closures[0].valid_to: closure.ends_before_it_begins",
            ],
        ),
        # money
        (
            {"money_rules": [{**LEAST["money_rules"][2], "living": [{"fact": "k", "person": "partner"}]}]},
            ["money_rules[0].living: data.missing"],
        ),
        (
            {"money_rules": [{**LEAST["money_rules"][2], "incomes": [{"fact": "k", "for": "all"}]}]},
            [
                "money_rules[0].incomes[0].with_family: data.missing",
                "money_rules[0].incomes[0].for: data.unknown_key",
            ],
        ),
        # tests
        (
            least("tests", total="as_given", maximum="9", step="1"),
            ["tests[0].step: scale.incomplete"],
        ),
        (least("tests", total="as_given", minimum="0", step="1"), ["tests[0].step: scale.incomplete"]),
        (least("tests", total="as_given", minimum="0", maximum="9"), ["tests[0].step: scale.incomplete"]),
        (least("tests", total="as_given", minimum="9", maximum="9", step="1"), ["tests[0].minimum: scale.empty"]),
        (least("tests", total="as_given", minimum="0", maximum="9", step="0"), ["tests[0].minimum: scale.empty"]),
        (
            least("tests", total="as_given", minimum="0", maximum="9", step="1", passes_from="4.5"),
            ["tests[0].passes_from: scale.pass_not_on_scale (given=4.5)"],
        ),
        (
            least("tests", sections=[{"name": "a", "levels": ["A"], "mean_of": ["a", "b"]}, {"name": "b"}]),
            ["tests[0].sections[0].mean_of: test.unknown_section (test=T, known=a, b)"],
        ),
        (
            least("tests", sections=[{"name": "a", "levels": ["A"]}, {"name": "b", "mean_of": ["c"]}]),
            ["tests[0].sections[1].mean_of: test.unknown_section (test=T, known=a, b)"],
        ),
        # facts and intakes
        (least("facts", scope={"town": "Bonn"}, applies_by="birthday"), [
            "facts[0].scope.town: data.unknown_key",
            f"facts[0].applies_by: data.unknown_word (given=birthday, known={DAYS})",
        ]),
        (least("intakes", starts_each="10-32"), ["intakes[0].starts_each: data.not_a_month_day (given=10-32)"]),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_its_place_and_what_was_given_and_nothing_else_is(
    data: Data, problems: list[str]
) -> None:
    assert refusals(data) == problems


@pytest.mark.parametrize(
    "data",
    [
        least("tests", valid_months=1),
        least("tests", valid_months=1200),
        least("document_kinds", valid_months=1, remaining_months=1200),
        least("document_kinds", valid_months=1200, remaining_months=0),
        on_step(hard_days=3650, days={"typical": 3650, "min": 3650, "max": 3650}),
        on_step(hard_days=1, days={"typical": 2, "min": 0}),
        least("money_rules", months=1200),
        {"money_rules": [{**LEAST["money_rules"][1], "months": 1200}]},
        least("closures", valid_from="2026-03-26", valid_to="2026-03-26"),
        least("closures", nationality=[], complete=False),
        least("tests", total="as_given", levels=["A", "B"], maximum="2", step="1"),
        least("tests", total="as_given", levels=["A", "B"], minimum="2", step="1"),
        least("tests", total="as_given", minimum="1", maximum="10", step="3"),
        least("tests", taken_from="2026-01-21", taken_until="2026-01-21"),
        least("tests", total="as_given", minimum="0", maximum="9", step="0.5", passes_from="4.5"),
    ],
)
def test_what_lies_just_within_its_limits_is_read(data: Data) -> None:
    assert read_pack(as_pack({**HEAD, **data}), "own.toml").id == "own"
