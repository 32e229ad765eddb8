"""How far a clock is from the server's."""

from datetime import UTC, datetime, timedelta

import pytest
from proxy import Proxy

from higherstudy.adapters.postgres.reading import Reading
from higherstudy.adapters.postgres.skew import skew_of


class OffBy:
    """A clock that is so many seconds ahead."""

    def __init__(self, seconds: float) -> None:
        self._seconds = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._seconds


@pytest.mark.parametrize("seconds", [600, -600])
async def test_the_skew_is_told_with_its_sign(database_url: str, seconds: int) -> None:
    reading = Reading(database_url)

    skew = await skew_of(OffBy(seconds), reading)
    await reading.close()

    assert skew.ahead == pytest.approx(seconds, abs=2)
    assert 598 < skew.at_least < 602


async def test_a_slow_answer_does_not_look_like_a_wrong_clock(database_url: str) -> None:
    with Proxy.before(database_url) as network:
        reading = Reading(network.url(database_url))
        await skew_of(OffBy(0), reading)  # connected
        network.be(delay=0.4)

        skew = await skew_of(OffBy(0), reading)
        await reading.close()

    assert skew.doubt > 0.2
    assert skew.at_least < 0.2
