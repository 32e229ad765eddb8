"""Equal data gives equal bytes."""

from decimal import Decimal

import pytest

from higherstudy.domain.shared.canonical import canonical_bytes, sha256_of


def test_the_order_of_keys_makes_no_difference() -> None:
    assert canonical_bytes({"b": 1, "a": [1, {"d": None, "c": "ü"}]}) == '{"a":[1,{"c":"ü","d":null}],"b":1}'.encode()


@pytest.mark.parametrize("value", [0.1, float("nan"), [1, 2.5], {"deep": {"er": 1.0}}])
def test_a_float_is_refused_wherever_it_stands(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_bytes({"value": value})


def test_what_json_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical_bytes({"value": Decimal("1.5")})


def test_the_hash_is_the_usual_one() -> None:
    assert sha256_of(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
