"""Data from outside: whatever stands there is refused by its place, and breaks nothing."""

from decimal import Decimal
from typing import Any

import pytest

from higherstudy.domain.shared.reading import NotToml, Problems, Record, load_toml


def read(data: dict[str, Any]) -> tuple[Record, Problems]:
    problems = Problems()
    return Record(data, "", problems), problems


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("b = 1\na = = 1", "line 2"),
        ("a = " + "[" * 900 + "]" * 900, "nested too deep"),
        ("a = " + "[" * 100 + "]" * 100, "nested too deep"),
        ("[" + ".".join("a" * 200) + "]", "nested too deep"),
        ("a = " + "9" * 5000, "too many digits"),
        ('a = "\ud800"', "half of one"),
    ],
)
def test_text_that_is_no_toml_to_work_with_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(NotToml) as refused:
        load_toml(text)

    assert why in str(refused.value)


@pytest.mark.parametrize("reading", ["decimal", "integer", "flag", "day", "maybe_month_day", "maybe_time"])
def test_a_number_that_python_will_not_write_is_refused_like_any_other(reading: str) -> None:
    record, problems = read(load_toml("n = 0x" + "f" * 5000))

    getattr(record, reading)("n")

    assert [problem.where for problem in problems.found] == ["n"]


@pytest.mark.parametrize("given", ["1e30", "1e999999", "-1e20", "0." + "1" * 13, "NaN", "Infinity", "six", 10**40])
def test_a_number_of_a_size_that_nothing_has_is_no_number(given: str | int) -> None:
    record, problems = read({"n": given})

    record.decimal("n")

    assert [problem.code for problem in problems.found] == ["data.not_decimal"]


@pytest.mark.parametrize(("given", "number"), [("6.5", "6.5"), ("-3", "-3"), (0, "0"), ("9" * 13, "9" * 13)])
def test_an_ordinary_number_is_taken_exactly(given: str | int, number: str) -> None:
    record, problems = read({"n": given})

    assert record.decimal("n") == Decimal(number)
    assert problems.found == []


def test_a_whole_number_above_the_most_is_refused() -> None:
    record, problems = read({"days": 3651})

    record.integer("days", most=3650)

    assert [(problem.code, problem.params["at_most"]) for problem in problems.found] == [
        ("data.number_too_large", 3650)
    ]
