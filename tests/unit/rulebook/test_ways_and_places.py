"""Which way is made for whom, what leads to an arrival, and at which line of which pack something is wrong."""

from dataclasses import replace
from datetime import date

import pytest

from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.free_entry import VISA_NEEDED, pathway_of
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.pathway_checks import pathway_problems
from higherstudy.domain.shared.sources import Confidence
from networks import step, way
from study_builders import PAGE

from .pack_texts import fact, pack_of
from .test_layers import A_MONTH, A_YEAR, RULE, SCALE, TABLE


def test_all_that_leads_to_the_arrival_on_several_ways_is_in_place() -> None:
    two_ways = way(
        step("B0"), step("B", "B0"), step("C0"), step("C", "C0"), step("END", "B", "C"),
        application_step="B0", admission_step="B", decision_step="C0",
    )  # fmt: skip

    assert list(pathway_problems(two_ways, "pathways[0]")) == []
    assert list(pathway_problems(replace(two_ways, application_step="C0", decision_step="B0"), "")) != []


@pytest.mark.parametrize(
    ("people", "level", "year", "expected"),
    [
        (("BD", "FR"), "master", 2028, "fr-master"),
        (("BD", "FR"), "bachelor", 2028, "fr-bachelor"),
        (("BD", "FR"), "master", 2029, "bd-master"),
        (("BD",), "master", 2028, "bd-master"),
        (("BD",), "bachelor", 2028, None),
        (("FR",), "phd", 2028, None),
        ((), "master", 2028, None),
    ],
)
def test_of_several_citizenships_one_that_needs_no_visa_then_goes_first_on_a_way_of_the_level(
    people: tuple[str, ...], level: str, year: int, expected: str | None
) -> None:
    free = Fact(
        "free", VISA_NEEDED, False, PAGE, Confidence.HIGH, valid_to=date(2028, 12, 31),
        scope=Scope(country="DE", nationality=("FR",)),
    )  # fmt: skip
    ways = [
        replace(way(step("A")), id=f"{who.lower()}-{of}", nationality=(who,), level=of)
        for who, of in (("BD", "master"), ("FR", "master"), ("FR", "bachelor"))
    ]
    rules = Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", (free,), pathways=tuple(ways)),))

    found = pathway_of("DE", level, people, rules, date(year, 10, 1))

    assert (found.id if found else None) == expected


def line_of(pack: RulePack, text: str) -> str:
    """Return the file and the line on which the pack says this for the first time."""
    return f"{pack.file}:{pack.text[: pack.text.index(text)].count(chr(10)) + 1}"


def test_a_contradiction_between_layers_is_named_by_the_lines_of_both() -> None:
    def places(*packs: RulePack) -> list[tuple[str, str]]:
        with pytest.raises(BrokenPack) as broken:
            Rulebook(packs)
        return [(one.where, str(one.params["needed_by"])) for one in broken.value.reasons]

    rule = pack_of(fact("rate.de", key="rate", more=A_MONTH) + RULE, "shipped")
    figure = pack_of(
        fact("rate.own", key="rate", more=f'{A_YEAR}\nscope = {{ institution = "X" }}'), "own", "institution"
    )
    table, scale = pack_of(SCALE.format(5) + TABLE, "shipped"), pack_of(SCALE.format(3), "own", "country")

    assert places(rule, figure) == [(line_of(figure, "[[facts]]"), line_of(rule, "rate = "))]
    assert places(table, scale) == [(line_of(scale, "[[grade_scales]]"), line_of(table, "rows = "))]


def test_words_in_bangla_for_a_figure_are_refused_at_their_line() -> None:
    with pytest.raises(BrokenPack) as broken:
        pack_of(fact("f", more='value_bn = "এক"').replace('value = "x"', 'value = "992"'), "own")

    assert [one.where for one in broken.value.reasons] == ["own.toml:17"]  # ten lines of the head, six of the fact
