"""What would fit nobody is refused: a slip of the pen in a country or a level would otherwise say nothing at all."""

from typing import Any

import pytest

from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.reading import read_pack

from .everything import Data, as_pack
from .least import HEAD, LEAST

LEVELS = "bachelor, master, doctorate, diploma, other"
GERMANY, MASTERS = "country.unknown (given=Germany)", f"data.unknown_word (given=masters, known={LEVELS})"


def refused(data: Data) -> list[str]:
    with pytest.raises(BrokenPack) as caught:
        Rulebook((read_pack(as_pack({**HEAD, **data}), "own.toml"),))
    return [f"{one.params['place']}: {one.code}" + _rest(one.params) for one in caught.value.reasons]


def _rest(params: Any) -> str:
    said = ", ".join(f"{name}={value}" for name, value in params.items() if name != "place")
    return f" ({said})" if said else ""


def least(part: str, **said: Any) -> Data:
    return {part: [{**LEAST[part][0], **said}]}


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (least("facts", scope={"country": "Germany"}), [f"facts[0].scope.country: {GERMANY}"]),
        (least("facts", scope={"country": "de"}), ["facts[0].scope.country: country.unknown (given=de)"]),
        (
            least("facts", scope={"nationality": ["BD", "Germany"], "level": "masters"}),
            [f"facts[0].scope.nationality: {GERMANY}", f"facts[0].scope.level: {MASTERS}"],
        ),
        (
            least("pathways", country="Germany", nationality=["Germany"], level="masters"),
            [
                f"pathways[0].country: {GERMANY}",
                f"pathways[0].nationality: {GERMANY}",
                f"pathways[0].level: {MASTERS}",
            ],
        ),
        (
            least("money_rules", country="Germany", level="masters"),
            [f"money_rules[0].country: {GERMANY}", f"money_rules[0].level: {MASTERS}"],
        ),
        (
            least("closures", country="Germany", level="masters"),
            [f"closures[0].country: {GERMANY}", f"closures[0].level: {MASTERS}"],
        ),
        (
            least("closures", country="X" * 41, level="y" * 41),
            [
                f"closures[0].country: country.unknown (given={'X' * 40})",
                f"closures[0].level: data.unknown_word (given={'y' * 40}, known={LEVELS})",
            ],
        ),
        (least("pathways", country="*"), ["pathways[0].country: country.unknown (given=*)"]),
        (least("intakes", country="Germany"), [f"intakes[0].country: {GERMANY}"]),
        (least("grade_scales", country="Germany"), [f"grade_scales[0].country: {GERMANY}"]),
        *(
            (
                {"money_rules": [{**LEAST["money_rules"][index], "months": 0}]},
                ["money_rules[0].months: data.not_whole_number (given=0, at_least=1)"],
            )
            for index in (0, 1)
        ),
    ],
)
def test_what_would_fit_nobody_is_named_with_its_place(data: Data, problems: list[str]) -> None:
    assert refused(data) == problems


def test_a_grade_scale_may_belong_to_no_country() -> None:
    assert read_pack(as_pack({**HEAD, **least("grade_scales", country="*")}), "own.toml").grade_scales[0].country == "*"


@pytest.mark.parametrize("unit", ["EUX", "EUX/month", "eur", "EUR/fortnight"])
def test_money_is_in_a_currency_that_there_is(unit: str) -> None:
    assert [one.split(" (")[0] for one in refused(least("facts", value="992", unit=unit))] == [
        "facts[0].unit: fact.unknown_unit"
    ]


def test_the_bands_of_a_scale_go_from_the_best_grade_to_the_worst() -> None:
    bands = [{"name": name, "at_least": at_least} for name, at_least in (("A", "1.5"), ("B", "1.2"), ("C", "3.0"))]
    scale: Data = {"best": "1.0", "worst": "5.0", "bands": bands}

    assert refused(least("grade_scales", **scale)) == ["grade_scales[0].bands: grade.bands_out_of_order"]
    in_order = {**scale, "bands": [bands[1], bands[0], bands[2]]}
    assert read_pack(as_pack({**HEAD, **least("grade_scales", **in_order)}), "own.toml").grade_scales


def living(*units: str, **second: Any) -> Data:
    """Return a pack whose money rule may count with either of two figures."""
    days = {"value": "28", "unit": "days"}
    facts = [
        {**LEAST["facts"][0], "id": "in", "key": "in", "value": "1529", "unit": units[0]},
        {**LEAST["facts"][0], "id": "out", "key": "out", "value": "1171", "unit": units[1], **second},
        {**LEAST["facts"][0], "id": "d", "key": "d", **days},
    ]
    rates = [{"fact": "in", "when": {"circumstance": "in_london", "is": True}}, {"fact": "out"}]
    rule = {**LEAST["money_rules"][1], "living": rates, "days": "d", "within_days": "d"}
    return {"facts": facts, "money_rules": [rule]}


def test_figures_that_one_rule_counts_with_at_a_time_are_in_one_currency() -> None:
    assert refused(living("GBP/month", "EUR/month")) == [
        "money_rules[0].living[0].fact: fact.other_currency (fact=in, other=out)"
    ]
    for fine in (living("GBP/month", "GBP/month"), living("GBP/month", "EUR/month", scope={"country": "DE"})):
        fine["facts"][0]["scope"] = {"country": "GB"}
        assert Rulebook((read_pack(as_pack({**HEAD, **fine}), "own.toml"),)).money_rules


def test_figures_that_one_rule_counts_with_on_one_day_alone_are_in_one_currency_too() -> None:
    together, apart = (living("GBP/month", "EUR/month", valid_from=day) for day in ("2026-06-30", "2026-07-01"))
    for data in (together, apart):
        data["facts"][0]["valid_to"] = "2026-06-30"

    assert refused(together) == ["money_rules[0].living[0].fact: fact.other_currency (fact=in, other=out)"]
    assert Rulebook((read_pack(as_pack({**HEAD, **apart}), "own.toml"),)).money_rules


@pytest.mark.parametrize(
    ("units", "problem"),
    [
        (("GBP/month", "GBP/year"), "living[1].fact: fact.no_money_a_month (fact=out)"),
        (("GBP", "GBP/month"), "living[0].fact: fact.no_money_a_month (fact=in)"),
    ],
)
def test_figures_of_one_currency_for_different_times_are_not_told_to_be_of_two(
    units: tuple[str, str], problem: str
) -> None:
    assert refused(living(*units)) == [f"money_rules[0].{problem}"]
