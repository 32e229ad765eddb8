"""Texts that people type."""

from typing import Any

import pytest

from higherstudy.domain.shared.errors import Invalid
from higherstudy.domain.shared.texts import data_problems, demand_texts, is_storable


@pytest.mark.parametrize("text", ["", "রেজাল্ট\u200d", "two\nlines\tand a tab\r\n", "Zürich", "=HYPERLINK(1)", "😀"])
def test_whatever_can_be_read_is_text(text: str) -> None:
    assert is_storable(text)


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31m", "\x7f", "half \ud800"])
def test_what_no_store_can_hold_is_no_text(text: str) -> None:
    assert not is_storable(text)


def test_everything_wrong_with_several_texts_comes_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        demand_texts(("fine", "label", 10), ("much too long", "note", 5), ("\x00", "reason", 5))

    assert [(reason.code, reason.where) for reason in refused.value.reasons] == [
        ("data.too_long", "note"),
        ("data.not_text", "reason"),
    ]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({"name": "\x00"}, "name"),
        ({"tests": [{"code": "fine"}, {"code": "\x00"}]}, "tests[1].code"),
        ({"languages": {"e\x00": "C1"}}, "languages"),
        ({"\x00": 1}, "(a name)"),
    ],
)
def test_a_wrong_text_is_found_wherever_it_stands(data: Any, where: str) -> None:
    assert [reason.where for reason in data_problems(data)] == [where]


def test_data_nested_without_end_is_refused() -> None:
    data: Any = "bottom"
    for _ in range(400):
        data = [data]

    assert [reason.code for reason in data_problems(data)] == ["data.nested_too_deep"]
