"""Processes whose clocks are ten minutes off in both directions: leases, order and deadlines go by the database's."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from processes import Processes, under_another_clock
from waiting import until

from .registrations import registrations
from .writers import a_student

pytestmark = pytest.mark.skipif(not under_another_clock("+10m"), reason="libfaketime is not installed")


async def test_no_lease_is_taken_from_anybody_and_nothing_waits_because_clocks_differ(
    started: Processes, database_url: str, redis_url: str
) -> None:
    """Survives: every mail, once and at the first attempt; a clock ahead makes no lease look as if it had run out, and
    one behind makes no job look as if it were not due yet."""
    started.settings.update(DATABASE_URL=database_url, REDIS_URL=redis_url)
    await asyncio.gather(
        asyncio.to_thread(started.work, "ahead", **under_another_clock("+10m")),
        asyncio.to_thread(started.work, "behind", **under_another_clock("-10m")),
        asyncio.to_thread(started.relay, "relay", **under_another_clock("-10m")),
    )

    async with registrations(database_url, started.home) as people:
        await people.commit(80)
        took = await until(people.all_done, 30)
        again = await people.again()
        begun = await people.connection.fetch("SELECT since, ended_at FROM jobs")
        now = datetime.now(UTC)

    assert people.mailed() == sorted(people.committed)
    assert took < 30
    assert again == 0
    assert all(abs(now - moment) < timedelta(minutes=2) for row in begun for moment in row if moment)


async def test_a_sign_in_is_good_for_its_hour_by_every_clock_and_one_from_the_future_for_nobody(
    started: Processes, database_url: str
) -> None:
    """Survives: a token of a server whose clock is behind. Need not: one of a server whose clock is ahead, which a
    right clock takes for one that is not yet valid."""
    started.settings["DATABASE_URL"] = database_url
    right = await asyncio.to_thread(started.serve, "right")  # the first one makes the keys that all use
    behind, ahead = await asyncio.gather(
        asyncio.to_thread(started.serve, "behind", **under_another_clock("-10m")),
        asyncio.to_thread(started.serve, "ahead", **under_another_clock("+10m")),
    )
    of_behind = await a_student(behind.address, "behind@example.org")
    of_ahead = await a_student(ahead.address, "ahead@example.org")

    async with right.client(of_behind) as owner:
        taken = await owner.get("/v1/me")
    async with right.client(of_ahead) as owner:
        refused = await owner.get("/v1/me")

    assert taken.status_code == 200
    assert refused.status_code == 401
