"""What claims to be a web address or a country is one."""

import time

import pytest

from higherstudy.domain.catalogue.forms import is_web_address
from higherstudy.domain.shared.countries import COUNTRIES


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
