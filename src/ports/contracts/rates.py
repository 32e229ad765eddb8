"""What any source of exchange rates must do."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ...domain.payments.rates import EuroRate
from ..rates import Rates

FRIDAY = date(2026, 10, 30)
DOLLAR = EuroRate("USD", Decimal("1.1172"), FRIDAY, "European Central Bank")
DOLLAR_BEFORE = EuroRate("USD", Decimal("1.1201"), FRIDAY - timedelta(days=1), "European Central Bank")
TAKA = EuroRate("BDT", Decimal("131.25"), date(2026, 10, 29), "Bangladesh Bank")
KNOWN = (DOLLAR, DOLLAR_BEFORE, TAKA)


class RatesContract:
    """Override ``rates``, which know ``KNOWN`` and no other of these currencies."""

    @pytest.fixture
    def rates(self) -> Rates:
        """Return the rates."""
        raise NotImplementedError

    def test_a_day_has_its_own_rate(self, rates: Rates) -> None:
        assert [rates.of("USD", one.on) for one in (DOLLAR, DOLLAR_BEFORE)] == [DOLLAR, DOLLAR_BEFORE]

    def test_a_day_without_one_has_the_last_before_it_for_ten_days(self, rates: Rates) -> None:
        assert rates.of("USD", FRIDAY + timedelta(days=10)) == DOLLAR
        assert rates.of("USD", FRIDAY + timedelta(days=11)) is None
        assert rates.of("BDT", FRIDAY) == TAKA

    def test_what_is_not_known_has_none(self, rates: Rates) -> None:
        assert rates.of("BDT", TAKA.on - timedelta(days=1)) is None
        assert rates.of("NPR", FRIDAY) is None
        assert rates.of("EUR", FRIDAY) is None
