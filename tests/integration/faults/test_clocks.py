"""Processes whose clocks are ten minutes off, or are put back and forward while they run: leases, order, schedules and
deadlines go by the database's."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from processes import Processes, SteppingClock, under_another_clock
from waiting import until

import servers
from higherstudy.entrypoints.jobs.schedules import SCHEDULES

from .registrations import Registrations, connected, registrations
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


async def test_what_runs_while_its_clock_is_put_back_and_forward_goes_on_by_the_clock_of_the_database(
    started: Processes, database: servers.Database, redis_url: str, tmp_path: Path
) -> None:
    """Survives: every mail, once and at the first attempt; the leases of jobs that run meanwhile; each moment of a
    schedule, once, and none that has not come; the limit on sign-ins, which no step opens.

    Need not: sign-ins and links that the stepping process signs meanwhile.
    """
    clock, patient = (
        SteppingClock(tmp_path / "clock"),
        {"DATABASE_LOCK_TIMEOUT": "60", "DATABASE_STATEMENT_TIMEOUT": "60"},
    )
    started.settings.update(DATABASE_URL=database.app_url, REDIS_URL=redis_url, SIGN_IN_LIMIT="2", **patient)
    api, relay, *_ = await asyncio.gather(
        asyncio.to_thread(started.serve, "serve", **clock.settings()),
        asyncio.to_thread(started.relay, "relay", **clock.settings()),
        asyncio.to_thread(started.work, "stepping", **clock.settings()),
        asyncio.to_thread(started.work, "right"),  # it would take over any lease that seemed to have run out
    )

    async with (
        registrations(database.app_url, started.home) as people,
        connected(database.owner_url) as owner,
        api.client() as client,
    ):
        begun = await people.connection.fetchval("SELECT now()")
        before = [await _signs_in(client) for _ in range(3)]
        relay.freeze()
        await people.commit(8)
        async with owner.transaction():
            await owner.execute("LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE")  # which every one of these jobs reads
            relay.thaw()
            await until(lambda: _leases(people, 2), what="both workers wait in a job")
            meanwhile = []
            for offset in ("-10m", "+10m"):
                clock.step(offset)
                await _all_leases_kept(people)
                meanwhile.append(await _signs_in(client))
        await people.commit(20)
        await until(people.all_done, 30)
        again = await people.again()
        fired = await people.connection.fetch("SELECT key FROM jobs WHERE key LIKE '%@%' AND due_at >= $1", begun)
        ended = await people.connection.fetchval("SELECT now()")

    due = {f"{name}@{one.slot(now).isoformat()}" for name, one in SCHEDULES.items() for now in (begun, ended)}
    assert people.mailed() == sorted(people.committed)
    assert again == 0
    assert {row["key"] for row in fired} <= due
    assert before == [401, 401, 429]
    assert meanwhile == [429, 429]


async def test_a_clock_that_is_off_is_shown_and_told_when_it_begins_and_when_it_ends(
    started: Processes, database_url: str, tmp_path: Path
) -> None:
    """Survives: the work of the process, which is late and not unavailable."""
    clock = SteppingClock(tmp_path / "clock")
    started.settings["DATABASE_URL"] = database_url
    relay = await asyncio.to_thread(started.relay, "relay", **clock.settings())

    def told() -> list[str]:
        return [line for line in relay.log.read_text().splitlines() if "the clock of this process" in line]

    right = relay.ready()
    clock.step("-10m")
    await until(lambda: len(told()) == 1, what="it is told without being asked for")
    await until(lambda: relay.ready()["parts"]["clock"] == "late")
    off = relay.ready()
    figures = httpx2.get(f"{relay.address}/metrics").text
    clock.step("+0")
    await until(lambda: relay.ready()["parts"]["clock"] == "ok")

    assert (right["status"], right["parts"]["clock"]) == ("ok", "ok")
    assert off["status"] == "degraded"
    assert off["figures"]["clock"]["ahead_seconds"] == pytest.approx(-600, abs=5)
    assert "higherstudy_clock_ahead_seconds -" in figures
    assert ["level=warning" in line for line in told()] == [True, True]
    assert "s behind the database's" in told()[0]
    assert "agrees with the database's again" in told()[1]


async def _signs_in(client: httpx2.AsyncClient) -> int:
    """Return what somebody is answered who is not known here."""
    who = {"email": "nobody@example.org", "password": "a guess at a password"}
    return (await client.post("/v1/sessions", json=who)).status_code


_LEASES = "SELECT leased_until FROM jobs WHERE reaction = 'mail_welcome' AND status = 'leased'"


async def _leases(people: Registrations, count: int) -> bool:
    return len(await people.connection.fetch(_LEASES)) >= count


async def _all_leases_kept(people: Registrations) -> None:
    """Return once each lease that is held now was made longer."""
    latest = max(row["leased_until"] for row in await people.connection.fetch(_LEASES))

    async def kept() -> bool:
        return all(row["leased_until"] > latest for row in await people.connection.fetch(_LEASES))

    await until(kept)


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
