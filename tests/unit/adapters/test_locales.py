"""Numbers, days, money and lists as people of each language write them."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from higherstudy.adapters.bundled.locales import Locale, plural, read_tag

ENGLISH, BANGLA, LATIN = Locale("en", own_digits=False), Locale("bn", own_digits=True), Locale("bn", own_digits=False)


@pytest.mark.parametrize(
    ("number", "english", "bangla"),
    [
        # The categories of CLDR: English is one for i=1 without decimals, Bangla for i=0 or n=1.
        (0, "other", "one"),
        (1, "one", "one"),
        (2, "other", "other"),
        (11, "other", "other"),
        (Decimal("0.5"), "other", "one"),
        (Decimal("1.0"), "other", "one"),
        (Decimal("1.5"), "other", "other"),
    ],
)
def test_plural_categories_are_those_of_the_common_locale_data(
    number: int | Decimal, english: str, bangla: str
) -> None:
    assert (plural("en", number), plural("bn", number)) == (english, bangla)


@pytest.mark.parametrize(
    ("number", "english", "bangla"),
    [
        (0, "0", "০"),
        (999, "999", "৯৯৯"),
        (1000, "1,000", "১,০০০"),
        (-45678, "-45,678", "-৪৫,৬৭৮"),
        (1234567, "1,234,567", "১২,৩৪,৫৬৭"),
        (1234567890, "1,234,567,890", "১,২৩,৪৫,৬৭,৮৯০"),
        (Decimal("1234567.50"), "1,234,567.50", "১২,৩৪,৫৬৭.৫০"),
    ],
)
def test_numbers_are_grouped_by_thousands_or_by_lakh(number: int | Decimal, english: str, bangla: str) -> None:
    assert (ENGLISH.number(number), BANGLA.number(number)) == (english, bangla)


@pytest.mark.parametrize(
    ("amount", "currency", "name", "english", "bangla"),
    [
        ("11904.00", "EUR", "ইউরো", "EUR 11,904", "১১,৯০৪ ইউরো"),
        ("900.50", "EUR", "ইউরো", "EUR 900.50", "৯০০.৫০ ইউরো"),
        ("1250000.00", "BDT", "টাকা", "BDT 12,50,000", "১২ লাখ ৫০ হাজার টাকা"),
        ("20000000.00", "BDT", "টাকা", "BDT 2,00,00,000", "২ কোটি টাকা"),
        ("1234567.00", "BDT", "টাকা", "BDT 12,34,567", "১২,৩৪,৫৬৭ টাকা"),
        ("50000.00", "BDT", "টাকা", "BDT 50,000", "৫০,০০০ টাকা"),
        ("-1250000.00", "BDT", "টাকা", "BDT -12,50,000", "-১২,৫০,০০০ টাকা"),
        ("70", "XTS", "", "XTS 70", "৭০ XTS"),
    ],
)
def test_amounts_are_told_with_their_currency_and_taka_in_lakh_and_crore(
    amount: str, currency: str, name: str, english: str, bangla: str
) -> None:
    assert ENGLISH.money(Decimal(amount), currency) == english
    assert BANGLA.money(Decimal(amount), currency, name) == bangla


def test_days_and_moments_are_written_out() -> None:
    day, moment = date(2027, 2, 3), datetime(2027, 2, 3, 23, 59)

    assert (ENGLISH.day(day), BANGLA.day(day), LATIN.day(day)) == (
        "3 February 2027",
        "৩ ফেব্রুয়ারি ২০২৭",
        "3 ফেব্রুয়ারি 2027",
    )
    assert (ENGLISH.short_day(day), BANGLA.short_day(day)) == ("3 Feb 2027", "৩ ফেব ২০২৭")
    assert (ENGLISH.short_day(day, year=False), LATIN.short_day(day, year=False)) == ("3 Feb", "3 ফেব")
    assert (ENGLISH.weekday(day), BANGLA.weekday(day)) == ("Wednesday", "বুধবার")
    assert (ENGLISH.moment(moment), BANGLA.moment(moment)) == (
        "3 February 2027, 23:59",
        "৩ ফেব্রুয়ারি ২০২৭, ২৩:৫৯",
    )


def test_lists_end_with_and_or_or() -> None:
    assert [ENGLISH.listed(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert BANGLA.listed(["ক", "খ", "গ"]) == "ক, খ ও গ"
    assert BANGLA.listed(["ক", "খ"], either=True) == "ক বা খ"


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("bn", ("bn", None)),
        ("bn-BD", ("bn", None)),
        ("bn_BD.UTF-8", ("bn", None)),
        ("bn-BD-u-nu-latn", ("bn", False)),
        ("BN-u-nu-beng", ("bn", True)),
        ("bn-u-nu", ("bn", None)),
        ("en", ("en", None)),
        ("", ("", None)),
    ],
)
def test_a_tag_tells_the_language_and_the_digits(tag: str, meant: tuple[str, bool | None]) -> None:
    assert read_tag(tag) == meant
