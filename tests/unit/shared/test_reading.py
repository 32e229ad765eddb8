"""Data from outside: whatever stands there is refused by its place, and breaks nothing."""

from decimal import Decimal
from typing import Any

import pytest

from higherstudy.domain.shared.reading import Problems, Record
from higherstudy.domain.shared.sources import SourceKind
from higherstudy.domain.shared.toml import load_toml


def read(data: dict[str, Any]) -> tuple[Record, Problems]:
    problems = Problems()
    return Record(data, "", problems), problems


@pytest.mark.parametrize("given", ["no\x00thing", "half of a letter: \ud83d"])
def test_a_text_that_no_database_can_hold_is_no_text(given: str) -> None:
    record, problems = read({"name": given, "notes": [given], "level": given})

    record.text("name")
    record.texts("notes")
    record.choice("level", SourceKind)

    assert [(problem.where, problem.code) for problem in problems.found] == [
        ("name", "data.not_text"),
        ("notes", "data.not_a_list_of_texts"),
        ("level", "data.unknown_word"),
    ]
    assert str(problems.found[2].params["given"]).isprintable()


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


@pytest.mark.parametrize("given", ["1_000", "१२", "６", "+6", " 6", ".5", "6."])
def test_a_number_is_written_in_ordinary_digits(given: str) -> None:
    record, problems = read({"n": given})

    record.decimal("n")

    assert [problem.code for problem in problems.found] == ["data.not_decimal"]


@pytest.mark.parametrize(
    ("given", "number"), [("6.5", "6.5"), ("-3", "-3"), (0, "0"), ("9" * 13, "9" * 13), ("1E-7", "0.0000001")]
)
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
