"""Workers and relays are killed or stand still in the middle of their work."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from processes import Process, Processes
from waiting import until

from .registrations import Registrations, registrations

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
    # A session that stands still within a transaction is ended after twice this time, and its locks with it.
    started.settings["DATABASE_STATEMENT_TIMEOUT"] = "5"
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
