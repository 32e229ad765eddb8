"""Money is whole minor units of its currency."""

from decimal import Decimal

import pytest

from higherstudy.domain.shared.errors import Invalid
from higherstudy.domain.shared.money import Money


@pytest.mark.parametrize(
    ("amount", "currency", "minor", "shown"),
    [
        ("11904", "EUR", 1_190_400, "EUR 11,904.00"),
        ("11.90", "EUR", 1_190, "EUR 11.90"),
        ("120000", "JPY", 120_000, "JPY 120,000"),
        ("12.345", "KWD", 12_345, "KWD 12.345"),
        (Decimal("0.5"), "BDT", 50, "BDT 0.50"),
        (7, "ISK", 7, "ISK 7"),
    ],
)
def test_each_currency_has_its_own_number_of_decimals(
    amount: str | int | Decimal, currency: str, minor: int, shown: str
) -> None:
    money = Money.of(amount, currency)

    assert (money.minor, str(money)) == (minor, shown)
    assert Money.of(money.amount, currency) == money


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("0.5", "JPY", "money.too_many_decimals"),
        ("1.2345", "KWD", "money.too_many_decimals"),
        ("1.001", "EUR", "money.too_many_decimals"),
        ("ten", "EUR", "money.not_a_number"),
        ("NaN", "EUR", "money.not_a_number"),
        ("Infinity", "EUR", "money.not_a_number"),
        ("1e30", "EUR", "money.not_a_number"),
        ("9" * 30, "EUR", "money.out_of_range"),
        ("1_000", "EUR", "money.not_a_number"),
        ("６", "EUR", "money.not_a_number"),
        ("1", "EURO", "money.currency_unknown"),
        ("1", "eur", "money.currency_unknown"),
    ],
)
def test_an_amount_that_cannot_be_is_refused(amount: str, currency: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        Money.of(amount, currency)

    assert refused.value.reasons[0].code == code


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(Invalid):
        Money(1, "EUR") + Money(1, "BDT")
