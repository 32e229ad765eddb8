"""What claims to be a web address or a country is one."""

import time
from uuid import NAMESPACE_URL, uuid5

import pytest

from higherstudy.domain.catalogue.errors import BrokenCatalogue
from higherstudy.domain.catalogue.forms import is_web_address
from higherstudy.domain.catalogue.reading import read_catalogue
from higherstudy.domain.shared.countries import COUNTRIES

CATALOGUE = """
[catalogue]
id = "one"
title = "One programme"
edition = "1"

[[sources]]
id = "page"
title = "The page"
kind = "official"
retrieved_on = 2026-11-23

[[institutions]]
key = "uni"
name = "A university"
country = "Germany"
website = "not a url"
source = "page"

[[programmes]]
key = "data"
institution = "uni"
name = "Data"
level = "master"
fields = ["abc"]
languages = ["english"]
tuition = { amount = "-10", currency = "EUR", per = "year" }
source = "page"
confidence = "H"
"""


def test_a_catalogue_in_toml_is_held_to_the_same_forms() -> None:
    with pytest.raises(BrokenCatalogue) as refusal:
        read_catalogue(CATALOGUE, "one.toml", lambda key: uuid5(NAMESPACE_URL, key))

    assert [(reason.where, reason.code) for reason in refusal.value.reasons] == [
        ("one.toml:16", "country.unknown"),
        ("one.toml:17", "data.not_a_url"),
        ("one.toml:25", "field.unknown_code"),
        ("one.toml:26", "language.unknown_code"),
        ("one.toml:27", "money.negative"),
    ]


@pytest.mark.parametrize(
    "text",
    ["https://www.tum.de", "http://uni.example:8080/a?b=c#d", "https://bücher.example/ü", "https://a-b.xn--p1ai/"],
)
def test_whole_addresses_are_taken(text: str) -> None:
    assert is_web_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "not a url",
        "www.tum.de",
        "https://",
        "https://tum",
        "https://.de",
        "ftp://tum.de",
        "javascript:1",
        "https://a b.de",
    ],
)
def test_what_is_no_whole_address_is_refused(text: str) -> None:
    assert not is_web_address(text)


def test_a_very_long_text_is_looked_at_in_no_time() -> None:
    begun = time.perf_counter()

    assert not is_web_address("https://" + "a" * 4000)
    assert not is_web_address("https://" + "a." * 2000)
    assert not is_web_address("https://" + "a-" * 2000)

    assert time.perf_counter() - begun < 1


def test_countries_are_the_assigned_codes() -> None:
    assert len(COUNTRIES) == 249
    assert {"BD", "DE", "GB"} <= COUNTRIES
    assert not {"UK", "XX", "EU"} & COUNTRIES
