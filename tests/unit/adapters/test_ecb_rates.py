"""Exchange rates from the European Central Bank's file and from one's own."""

import io
import os
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from higherstudy.adapters.ecb.rates import EcbRates
from higherstudy.adapters.memory.rates import MemoryRates
from higherstudy.domain.payments.rates import EuroRate, beside
from higherstudy.domain.shared.money import Money
from higherstudy.ports.contracts.rates import DOLLAR, FRIDAY, KNOWN, TAKA, RatesContract
from higherstudy.ports.errors import Unreadable
from higherstudy.ports.rates import Rates

CSV = "Date,USD,JPY,CYP,\n2026-10-30,1.1172,175.68,N/A,\n2026-10-29,1.1201,175.1,N/A,\n"
OWN = '[[rate]]\ncurrency = "BDT"\nper_euro = "131.25"\non = 2026-10-29\nsource = "Bangladesh Bank"\n'


class TestMemoryRates(RatesContract):
    @pytest.fixture
    def rates(self) -> Rates:
        return MemoryRates(KNOWN)


class TestEcbRates(RatesContract):
    @pytest.fixture(params=["csv", "zip"])
    def rates(self, request: pytest.FixtureRequest, tmp_path: Path) -> Rates:
        bank, own = tmp_path / "eurofxref-hist", tmp_path / "own.toml"
        own.write_text(OWN)
        if request.param == "csv":
            bank.write_text(CSV)
        else:
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as archive:
                archive.writestr("eurofxref-hist.csv", CSV)
            bank.write_bytes(packed.getvalue())
        return EcbRates(bank, own)


def test_a_file_that_has_changed_is_read_again(tmp_path: Path) -> None:
    bank = tmp_path / "rates.csv"
    bank.write_text(CSV)
    rates = EcbRates(bank)
    before = rates.of("USD", FRIDAY)
    bank.write_text(CSV.replace("1.1172", "1.2"))
    os.utime(bank, (1, 1))

    assert (before, rates.of("USD", FRIDAY)) == (DOLLAR, EuroRate("USD", Decimal("1.2"), FRIDAY, DOLLAR.source))


@pytest.mark.parametrize(
    "text", ["", "Day,USD\n", "Date,USD\nyesterday,1\n", "Date,USD\n2026-10-30,one\n", "Date,USD\n2026-10-30,0\n"]
)
def test_a_file_that_is_none_is_said_to_be_unreadable(tmp_path: Path, text: str) -> None:
    bank = tmp_path / "rates.csv"
    bank.write_text(text)

    with pytest.raises(Unreadable):
        EcbRates(bank).of("USD", FRIDAY)
    with pytest.raises(Unreadable):
        EcbRates(tmp_path / "none").of("USD", FRIDAY)


@pytest.mark.parametrize(
    "text", ["x = 1", "[[rate]]\n", OWN.replace('"131.25"', '"-1"'), OWN.replace("2026-10-29", '"2026-10-29"')]
)
def test_rates_of_ones_own_need_all_of_it(tmp_path: Path, text: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text)

    with pytest.raises(Unreadable):
        EcbRates(None, own).of("BDT", FRIDAY)


def test_amounts_are_turned_by_way_of_the_euro_in_the_decimals_of_their_currency() -> None:
    yen = EuroRate("JPY", Decimal("175.68"), date(2026, 10, 30), "European Central Bank")

    found = [
        beside(Money(10000, "EUR"), "BDT", None, TAKA),
        beside(Money(11172, "USD"), "EUR", DOLLAR, None),
        beside(Money(11172, "USD"), "JPY", DOLLAR, yen),
    ]

    assert [one and one.about for one in found] == [Money(1312500, "BDT"), Money(10000, "EUR"), Money(17568, "JPY")]
    assert [one and one.rates for one in found] == [(TAKA,), (DOLLAR,), (DOLLAR, yen)]
    assert beside(Money(1, "NPR"), "BDT", None, TAKA) is None
    assert beside(Money(1, "EUR"), "NPR", None, None) is None
