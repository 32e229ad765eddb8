"""Text that may be TOML: what cannot be worked with is refused with the reason, and before it costs anything."""

import tracemalloc

import pytest

from higherstudy.domain.shared.errors import Reason
from higherstudy.domain.shared.toml import NotToml, load_toml, with_lines


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("b = 1\na = = 1", "line 2"),
        ("a = " + "[" * 900 + "]" * 900, "nested too deep"),
        ("a = " + "[" * 100 + "]" * 100, "nested too deep"),
        ("[" + ".".join("a" * 200) + "]", "nested too deep"),
        ("a = " + "9" * 5000, "too many digits"),
        ('a = "\ud800"', "half of one"),
        ("b = 1\n" + ".".join("a" * 33) + " = 1", "more than 32 parts (at line 2)"),
        ("b = {c = 1," + " . ".join(["'a'"] * 33) + " = 1}", "more than 32 parts"),
        ("[[" + ".".join(['"a\\""'] * 33) + "]]", "more than 32 parts"),
        ("#" * 10_000_001, "at most 10000000"),
    ],
)
def test_text_that_is_no_toml_to_work_with_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(NotToml) as refused:
        load_toml(text)

    assert why in str(refused.value)


def test_a_key_of_very_many_parts_is_refused_before_it_costs_anything() -> None:
    tracemalloc.start()

    with pytest.raises(NotToml):
        load_toml(".".join("a" * 3_000) + " = 1")

    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_many_points_in_a_text_are_no_long_key() -> None:
    text = "1." * 31 + "...and so on. " * 40

    assert load_toml(f'a.b.c = """\n{text}"""') == {"a": {"b": {"c": text}}}


def test_a_byte_order_mark_before_the_text_says_nothing_and_moves_no_line() -> None:
    text = "\ufeff[pack]\nid = 1\n\n[[facts]]\nid = 2\n"

    placed = with_lines(
        [Reason("a", {}, "pack.id"), Reason("a", {}, "facts[0].id"), Reason("a", {}, "pack")], text, "f"
    )

    assert load_toml(text) == {"pack": {"id": 1}, "facts": [{"id": 2}]}
    assert [one.where for one in placed] == ["f:2", "f:5", "f:1"]
    with pytest.raises(NotToml):
        load_toml("\ufeff\ufeff[pack]")
