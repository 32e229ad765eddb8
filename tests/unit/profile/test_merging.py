"""Merge patches (RFC 7396)."""

from typing import Any

import pytest

from higherstudy.domain.profile.merging import merged
from higherstudy.domain.shared.errors import Invalid


# From the table in RFC 7396, appendix A, as far as both sides are objects.
@pytest.mark.parametrize(
    ("data", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_patch_is_laid_over_the_data(data: dict[str, Any], patch: dict[str, Any], result: dict[str, Any]) -> None:
    before = repr(data)

    assert merged(data, patch) == result
    assert repr(data) == before


def test_a_patch_without_end_is_refused() -> None:
    patch: dict[str, Any] = {}
    for _ in range(500):
        patch = {"a": patch}

    with pytest.raises(Invalid):
        merged({}, patch)
