"""Workers and relays are killed or stand still in the middle of their work."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from processes import Process, Processes
from waiting import until

import servers

from .registrations import Registrations, connected, registrations

RECOVERED_WITHIN = 30.0
MANY = 200


@pytest.fixture
async def people(started: Processes, database_url: str, redis_url: str) -> AsyncIterator[Registrations]:
    started.settings.update(DATABASE_URL=database_url, REDIS_URL=redis_url)
    async with registrations(database_url, started.home) as people:
        yield people


async def _two_of_each(started: Processes) -> tuple[Process, Process, Process, Process]:
    """Start two workers and two relays, all at once."""
    return tuple(  # type: ignore[return-value]  # four of them
        await asyncio.gather(
            *(asyncio.to_thread(started.work, name) for name in ("work-1", "work-2")),
            *(asyncio.to_thread(started.relay, name) for name in ("relay-1", "relay-2")),
        )
    )


async def test_work_goes_on_within_thirty_seconds_when_a_worker_and_a_relay_are_killed(
    started: Processes, people: Registrations
) -> None:
    """Survives: every mail that a committed registration is owed, once. Need not: the attempts that were under way."""
    work, _, relay, _ = await _two_of_each(started)

    committing = asyncio.create_task(people.commit(MANY))
    await until(lambda: len(people.mailed()) > MANY // 10)
    work.kill()
    relay.kill()
    await committing
    took = await until(people.all_done, RECOVERED_WITHIN)

    assert people.mailed() == sorted(people.committed)
    assert took < RECOVERED_WITHIN


async def test_what_a_frozen_worker_or_relay_holds_is_taken_over_and_it_does_nothing_twice_when_it_goes_on(
    started: Processes, people: Registrations
) -> None:
    """Survives: every mail, once, while one worker and one relay stand still, and after they go on with what they held.

    Need not: the leases of the frozen worker, which it finds lost.
    """
    work, _, relay, _ = await _two_of_each(started)

    committing = asyncio.create_task(people.commit(MANY))
    await until(lambda: len(people.mailed()) > MANY // 10)
    work.freeze()
    relay.freeze()
    await committing
    await until(people.all_done, RECOVERED_WITHIN)
    mailed = people.mailed()
    work.thaw()
    relay.thaw()
    await people.commit(20)
    await until(people.all_done, RECOVERED_WITHIN)

    assert len(mailed) == MANY
    assert people.mailed() == sorted(people.committed)
    assert work.lives()
    assert relay.lives()


async def test_another_relay_passes_on_within_thirty_seconds_what_one_holds_that_is_frozen_before_its_commit(
    started: Processes, database: servers.Database
) -> None:
    """Survives: every mail, once: PostgreSQL ends the transaction that stands still, and the events are free again.

    Need not: what the frozen relay did in that transaction; thawed, it goes on with another.
    """
    patient = {"DATABASE_LOCK_TIMEOUT": "60", "DATABASE_STATEMENT_TIMEOUT": "60"}  # what requests are given
    started.settings.update(DATABASE_URL=database.app_url, **patient)
    async with registrations(database.app_url, started.home) as people, connected(database.owner_url) as owner:
        held = await asyncio.to_thread(started.relay, "held")
        for _ in range(2):  # its first round, which also writes what is scheduled, is over with the second of them
            await people.commit(1)
            await until(lambda: _all_passed_on(people))
        async with owner.transaction():
            await owner.execute("LOCK TABLE jobs IN EXCLUSIVE MODE")  # it comes to write jobs once it has the events
            await people.commit(1)
            await until(lambda: _waits(people, "Lock"), what="the relay waits with the events in its hands")
            held.freeze()
        await until(lambda: _waits(people, "Client"), what="it stands still within")
        free = await people.connection.fetch(_FREE)
        await asyncio.gather(asyncio.to_thread(started.relay, "other"), asyncio.to_thread(started.work))
        took = await until(people.all_done, RECOVERED_WITHIN)
        mailed = people.mailed()
        held.thaw()
        await people.commit(20)
        await until(people.all_done, RECOVERED_WITHIN)

    assert free == []
    assert took < RECOVERED_WITHIN
    assert mailed == sorted(people.committed[:3])
    assert people.mailed() == sorted(people.committed)
    assert held.lives()


_FREE = "SELECT id FROM outbox WHERE passed_on_at IS NULL FOR UPDATE SKIP LOCKED"
_OURS = """
SELECT state, wait_event_type FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'higherstudy'
"""


async def _waits(people: Registrations, what_for: str) -> bool:
    """Whether a session of one of our processes waits for that within a transaction."""
    found = await people.connection.fetch(_OURS)
    return any(row["wait_event_type"] == what_for for row in found if row["state"] != "idle")


async def _all_passed_on(people: Registrations) -> bool:
    return bool(await people.connection.fetchval("SELECT count(*) = 0 FROM outbox WHERE passed_on_at IS NULL"))


async def test_a_worker_that_is_asked_to_end_finishes_or_hands_back_at_once(
    started: Processes, people: Registrations
) -> None:
    """Survives: everything, without waiting for any lease to run out."""
    work, _, relay, _ = await _two_of_each(started)

    committing = asyncio.create_task(people.commit(MANY))
    await until(lambda: len(people.mailed()) > MANY // 10)
    await asyncio.gather(asyncio.to_thread(work.stop), asyncio.to_thread(relay.stop))
    await committing
    took = await until(people.all_done, RECOVERED_WITHIN)

    assert took < 10  # sooner than any lease runs out and anything is offered again
    assert people.mailed() == sorted(people.committed)
