"""Signing an account out everywhere, while others change the same sessions at the same moment."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from real_ports import real_ports
from worlds import staff

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.domain.identity.errors import RefreshRefused
from higherstudy.domain.identity.session import Because
from higherstudy.entrypoints.wiring.containers.every import UseCases, use_cases_over

AT_ONCE = 4
PASSWORD = "seven quiet rivers at dawn"


@pytest.fixture
async def use(database_url: str, tmp_path: Path) -> AsyncIterator[UseCases]:
    """Every use case over a real database."""
    engine = create_engine(database_url)
    async with real_ports(engine, tmp_path) as real:
        yield use_cases_over(real.ports)
    await engine.dispose()


async def test_of_many_who_sign_one_out_at_once_each_is_done_and_every_session_ends_once(use: UseCases) -> None:
    account = await use.register()(f"{uuid4()}@example.org", PASSWORD)
    for _ in range(3):
        await use.begin_session()(account)

    done = await asyncio.gather(
        *(use.sign_out_account()(staff(), account.id, f"Ticket {number}.") for number in range(AT_ONCE))
    )

    async with use.transactions()() as work:
        kept = await work.sessions.every_of(account.id)
    assert sorted(one.sessions for one in done) == [0] * (AT_ONCE - 1) + [3]
    assert [one.ended_because for one in kept] == [Because.BY_ADMINISTRATOR] * 3


async def test_a_session_that_is_just_refreshed_is_over_all_the_same(use: UseCases) -> None:
    account = await use.register()(f"{uuid4()}@example.org", PASSWORD)
    sessions = [await use.begin_session()(account) for _ in range(AT_ONCE)]

    done, *refreshed = await asyncio.gather(
        use.sign_out_account()(staff(), account.id, "A stolen laptop."),
        *(use.refresh_session()(one.id, one.turn) for one in sessions),
        return_exceptions=True,
    )

    assert not isinstance(done, BaseException), done
    assert all(isinstance(one, RefreshRefused | tuple) for one in refreshed), refreshed
    async with use.transactions()() as work:
        assert await work.sessions.live_of(account.id, work.now) == []
    for one in sessions:
        with pytest.raises(RefreshRefused):
            await use.refresh_session()(one.id, one.turn + 1)


async def test_the_trail_has_the_reason_and_the_outbox_has_not(use: UseCases) -> None:
    account = await use.register()(f"{uuid4()}@example.org", PASSWORD)
    await use.begin_session()(account)

    await use.sign_out_account()(replace(staff(), request_id="a-request"), account.id, "Ticket 1204.")

    async with use.transactions()() as work:
        entries = [kept.entry for kept in await work.audit_trail.waiting(1000)]
    ours = {one.action: one for one in entries if one.subject_id == account.id}
    ordered, signed_out = ours["account.sign_out_ordered"], ours["account.signed_out"]
    assert ordered.reason is not None
    assert (ordered.reason.words, ordered.student_id) == ("Ticket 1204.", account.student_id)
    assert (signed_out.reason, dict(signed_out.details)) == (None, {"sessions": "1", "keys": "0"})
