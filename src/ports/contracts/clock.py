"""What any clock must do."""

from datetime import timedelta

import pytest

from ..clock import Clock


class ClockContract:
    """Override ``clock``."""

    @pytest.fixture
    def clock(self) -> Clock:
        """Return a clock."""
        raise NotImplementedError

    def test_the_time_is_in_utc_and_says_so(self, clock: Clock) -> None:
        assert clock.now().utcoffset() == timedelta()

    def test_time_does_not_run_backwards(self, clock: Clock) -> None:
        first, second = clock.now(), clock.now()

        assert first <= second
