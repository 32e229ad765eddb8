"""A clock that is off is shown and told, once when it begins and once when it ends."""

import asyncio
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest

from higherstudy.adapters.postgres.skew import Skew
from higherstudy.entrypoints.parts.checks import Checks
from higherstudy.entrypoints.parts.clock import ClockInSight, kept_in_sight, log
from higherstudy.ports.errors import Unavailable


class Told(logging.Handler):
    """Keeps what is said."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the clock says, however other tests have set up the log of this process."""
    handler = Told()
    monkeypatch.setattr(log, "disabled", False)
    monkeypatch.setattr(log, "handlers", [handler])
    monkeypatch.setattr(log.manager, "disable", logging.NOTSET)
    monkeypatch.setattr(log, "level", logging.WARNING)
    monkeypatch.setattr(log, "_cache", {})
    return handler.lines


def seen(*skews: Skew | Exception) -> ClockInSight:
    """Return what sees one of these after the other."""
    coming = iter(skews)

    async def look() -> Skew:
        skew = next(coming)
        if isinstance(skew, Exception):
            raise skew
        return skew

    return ClockInSight(look)


@pytest.mark.parametrize(
    ("skew", "state"),
    [
        (Skew(4.9, 0.01), "ok"),
        (Skew(-4.9, 0.01), "ok"),
        (Skew(5.1, 0.01), "late"),
        (Skew(-600.0, 0.01), "late"),
        (Skew(5.1, 0.5), "ok"),  # an answer that took a second may be half of that off
    ],
)
async def test_a_clock_that_is_for_certain_more_than_five_seconds_off_is_late(skew: Skew, state: str) -> None:
    found = await Checks(seen(skew).checks).now()

    assert found.parts == {"clock": state}
    assert found.figures == {"clock": {"ahead_seconds": skew.ahead}}
    assert found.can_work


async def test_a_clock_that_nobody_can_compare_stops_nothing() -> None:
    found = await Checks(seen(Unavailable()).checks).now()

    assert (found.parts, found.status) == ({"clock": "unavailable"}, "degraded")


async def test_it_is_told_once_when_a_clock_begins_to_be_off_and_once_when_it_is_right_again(told: list[str]) -> None:
    right, behind = Skew(0.1, 0.01), Skew(-600, 0.01)
    clock = seen(right, behind, behind, Unavailable(), behind, right, right)

    for _ in range(7):
        await asyncio.gather(clock.ahead(), return_exceptions=True)

    assert told == [
        "the clock of this process is 600.0 s behind the database's",
        "the clock of this process agrees with the database's again",
    ]


async def test_it_is_told_though_nobody_asks_and_though_the_database_was_away(told: list[str]) -> None:
    asked_again = asyncio.Event()
    coming: Iterator[Skew | Exception] = iter([Unavailable(), OSError("whatever"), Skew(7.0, 0.01)])

    async def look() -> Skew:
        skew = next(coming, None)
        if skew is None:
            asked_again.set()
            return Skew(7.0, 0.01)
        if isinstance(skew, Exception):
            raise skew
        return skew

    clock = ClockInSight(look, every=timedelta(milliseconds=1))
    async with kept_in_sight(clock):
        await asyncio.wait_for(asked_again.wait(), 5)

    assert "the clock of this process is 7.0 s ahead of the database's" in told
