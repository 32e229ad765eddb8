"""Slips of the pen in figures, and packs of thousands of facts that contradict one another."""

import pytest

from higherstudy.domain.rulebook.errors import BrokenPack

from .pack_texts import fact, pack_of


@pytest.mark.parametrize(
    "value", ["NaN", "1e3", "1_010", "১০১০", "1,010", "10l0", "9" * 41, "26 to", "1 to 2 to 3", "about 5"]
)
def test_a_value_with_a_unit_that_is_no_number_is_refused_and_not_taken_as_unknown(value: str) -> None:
    with pytest.raises(BrokenPack) as broken:
        pack_of(fact("f", value, more='unit = "EUR/month"'))

    (problem,) = broken.value.reasons
    assert (problem.where, problem.code) == ("sample.toml:14", "fact.no_figure")
    assert problem.params["given"] == value[:40]


@pytest.mark.parametrize("value", ["1010", "26 to 31", "2000.50 to 3000"])
def test_a_number_and_two_ends_of_a_range_may_have_a_unit(value: str) -> None:
    assert str(pack_of(fact("f", value, more='unit = "EUR/month"')).facts[0].value) == value


def test_of_a_thousand_facts_that_contradict_one_another_each_is_named_once_with_the_first() -> None:
    with pytest.raises(BrokenPack) as broken:
        pack_of("".join(fact(f"f{index}") for index in range(1000)))

    assert [problem.params["id"] for problem in broken.value.reasons] == [f"f{index}" for index in range(1, 1000)]
    assert {problem.params["other"] for problem in broken.value.reasons} == {"f0"}


@pytest.mark.parametrize("value", ['"992"', "true"])
def test_a_figure_has_no_words_of_its_own_in_bangla(value: str) -> None:
    with pytest.raises(BrokenPack) as broken:
        pack_of(fact("f", "x", more='value_bn = "এক হাজার"').replace('value = "x"', f"value = {value}"))

    assert [problem.code for problem in broken.value.reasons] == ["fact.words_for_figure"]
