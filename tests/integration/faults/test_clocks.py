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


async def test_a_sign_in_of_a_server_whose_clock_is_behind_is_refused_by_nobody_for_that(
    started: Processes, database_url: str
) -> None:
    """Survives: everything that the database dates. Need not: a token of a clock that is ten minutes ahead, as long as
    it is refused in the open; it must never be worth more than its hour."""
    started.settings["DATABASE_URL"] = database_url
    behind = started.serve("behind", **under_another_clock("-10m"))
    right = started.serve("right")
    token = await a_student(behind.address, "behind@example.org")

    async with right.client(token) as owner:
        made = await owner.post("/v1/students/me/documents", json={"kind": "passport"})
        me = await owner.get("/v1/me")

    assert (made.status_code, me.status_code) == (201, 200)
