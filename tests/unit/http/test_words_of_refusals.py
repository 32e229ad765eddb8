"""What does not fit is refused in words for people, not in those of the parser."""

import re

import httpx2
import msgspec
import pytest

from higherstudy.adapters.bundled.messages import known_codes
from higherstudy.entrypoints.http.expected import BOUNDS, ENCODED, KINDS, PATTERNS, UNITS, expected

ID = "0198c0de-5f3a-7c11-9d5b-2f6a1d0c4b7e"
PARSERS_WORDS = re.compile(r"RFC3339|UUID|regex|`|\b(?:str|int|array|object)\b|[<>]=|Expected|Invalid|Missing")


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ("/v1/programmes?country=Germany", "country", "expected is two capital letters, such as DE."),
        ("/v1/programmes?level=phd", "level", "expected is one of bachelor, master, doctorate, diploma, other."),
        ("/v1/programmes?limit=0", "limit", "expected is a whole number of at least 1."),
        ("/v1/programmes?limit=abc", "limit", "expected is a whole number."),
        ("/v1/programmes/nope", "programme_id", f"expected is an id like {ID}."),
        ("/v1/facts?key=x&on=2024-02-31", "on", "expected is a date like 2027-03-31 that exists."),
        ("/v1/facts", "key", "This is needed."),
    ],
)
async def test_a_parameter_that_does_not_fit_is_told_in_a_sentence(
    anybody: httpx2.AsyncClient, asked: str, field: str, said: str
) -> None:
    answer = await anybody.get(asked)

    (error,) = answer.json()["errors"]
    assert answer.status_code == 422
    assert error["field"].partition("[")[0] == field
    assert error["detail"].endswith(said)
    assert not PARSERS_WORDS.search(error["detail"])


async def test_every_wrong_field_of_a_body_is_told_in_a_sentence(owner: httpx2.AsyncClient) -> None:
    wrong = {"targets": [{"programme_id": "nope", "term": 5, "starts_on": "2024-02-31"}]}

    answer = await owner.post("/v1/students/me/plans", json=wrong)

    assert {error["field"]: error["detail"] for error in answer.json()["errors"]} == {
        "targets[0].programme_id": f"This does not fit; expected is an id like {ID}.",
        "targets[0].term": "This does not fit; expected is a text.",
        "targets[0].starts_on": "This does not fit; expected is a date like 2027-03-31 that exists.",
    }


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (msgspec.Meta(max_length=3), "Germany", "a text of at most 3 characters"),
        (msgspec.Meta(min_length=3), "G", "a text of at least 3 characters"),
        (msgspec.Meta(pattern="^x$"), "y", "a text of another form"),
    ],
)
def test_limits_of_a_text_are_told(kind: msgspec.Meta, value: str, words: str) -> None:
    from typing import Annotated

    with pytest.raises(msgspec.ValidationError) as refusal:
        msgspec.convert(value, Annotated[str, kind])

    assert expected(str(refusal.value)) == words


def test_a_message_of_a_later_parser_is_not_passed_on() -> None:
    assert expected("Frobnicated `quux`") == "another value"


def test_kinds_that_may_be_one_or_the_other_are_told() -> None:
    assert expected("Expected `str | null`, got `int`") == "a text or null"
    assert expected("Expected `array` of length <= 1") == "a list of at most 1 entry"
    assert expected("Expected `float` > 0.0") == "a number above 0"


async def test_what_is_expected_is_told_in_the_readers_language(anybody: httpx2.AsyncClient) -> None:
    answer = await anybody.get("/v1/programmes?limit=0&country=Germany", headers={"Accept-Language": "bn"})

    assert {error["field"].partition("[")[0]: error["detail"] for error in answer.json()["errors"]} == {
        "limit": "এটি মিলছে না; এখানে দরকার: একটি পূর্ণ সংখ্যা, কমপক্ষে 1।",
        "country": "এটি মিলছে না; এখানে দরকার: দুটি বড় হাতের অক্ষর, যেমন DE।",
    }


def test_everything_that_may_be_expected_has_its_words() -> None:
    lengths = {
        f"{bound}_{unit}" for bound in ("at_least", "at_most", "exactly") for unit in (*UNITS.values(), "entries")
    }
    names = {*ENCODED.values(), *KINDS.values(), *PATTERNS.values(), *BOUNDS.values(), *lengths}

    assert {f"expected.{name}" for name in names} <= known_codes("bn")
