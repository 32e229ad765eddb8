"""What is good once is good once, however many ask for it at the same moment."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from real_ports import real_ports

from higherstudy.adapters.memory.one_time_codes import code_at
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.domain.identity.account import Account, Asker
from higherstudy.domain.identity.errors import SecondFactorRefused, SignInRefused, SlowedDown
from higherstudy.domain.identity.factor import Method, Shown
from higherstudy.domain.identity.throttle import Pace
from higherstudy.domain.identity.ticket import Ticket, TicketFor
from higherstudy.domain.identity.use_cases.accounts import asker_of
from higherstudy.domain.shared.errors import Conflict
from higherstudy.entrypoints.wiring.containers.every import UseCases, use_cases_over

AT_ONCE = 5
PASSWORD = "seven quiet rivers at dawn"


@pytest.fixture
async def use(database_url: str, tmp_path: Path) -> AsyncIterator[UseCases]:
    """Every use case over a real database."""
    engine = create_engine(database_url)
    async with real_ports(engine, tmp_path) as real:
        yield use_cases_over(real.ports)
    await engine.dispose()


async def with_an_app(use: UseCases) -> tuple[Account, list[str], bytes]:
    """Return an account with an app that makes codes: the account, its recovery codes and the app's secret."""
    account = await use.register()(f"{uuid4()}@example.org", PASSWORD)
    session = await use.begin_session()(account, methods={Method.PASSWORD})
    asker: Asker = asker_of(account, session_id=session.id)
    begun = await use.begin_totp()(asker, "My telephone")
    secret: bytes = use.secret_box().open(begun.factor.secret, f"factor:{begun.factor.id}".encode())
    added = await use.confirm_totp()(asker, begun.factor.id, code_at(secret, step_of_now(use) - 1))
    return account, list(added.recovery_codes), secret


def step_of_now(use: UseCases) -> int:
    return int(use.clock().now().timestamp()) // 30


def a_ticket(use: UseCases, account: Account) -> Ticket:
    ticket: Ticket = use.make_ticket()(TicketFor.SECOND_STEP, account.id, frozenset({Method.PASSWORD}))
    return ticket


async def outcomes(*attempts: Awaitable[object]) -> list[str]:
    """Return how many got through, and which refusals there were."""
    found = await asyncio.gather(*attempts, return_exceptions=True)
    refused = [one for one in found if isinstance(one, BaseException)]
    assert all(isinstance(one, SecondFactorRefused | SignInRefused | SlowedDown | Conflict) for one in refused), refused
    return ["in"] * (len(found) - len(refused))


async def test_of_many_who_use_one_recovery_code_at_once_one_gets_in(use: UseCases) -> None:
    account, codes, _ = await with_an_app(use)
    shown = Shown(recovery_code=codes[0])

    got = await outcomes(*(use.finish_sign_in()(a_ticket(use, account), shown) for _ in range(AT_ONCE)))

    assert got == ["in"]


async def test_of_many_who_use_one_code_of_an_app_at_once_one_gets_in(use: UseCases) -> None:
    account, _, secret = await with_an_app(use)
    shown = Shown(code=code_at(secret, step_of_now(use)))

    got = await outcomes(*(use.finish_sign_in()(a_ticket(use, account), shown) for _ in range(AT_ONCE)))

    assert got == ["in"]


async def test_of_many_who_use_one_ticket_with_codes_of_their_own_one_gets_in(use: UseCases) -> None:
    account, codes, _ = await with_an_app(use)
    ticket = a_ticket(use, account)

    got = await outcomes(*(use.finish_sign_in()(ticket, Shown(recovery_code=code)) for code in codes[:AT_ONCE]))

    assert got == ["in"]


async def test_guesses_that_come_at_once_get_no_more_tries_than_those_that_come_in_turn(use: UseCases) -> None:
    account = await use.register()(f"{uuid4()}@example.org", PASSWORD)

    sign_in = use.sign_in(pace=Pace(first=timedelta(hours=1)))

    found = await asyncio.gather(
        *(sign_in(account.email, f"a guess, number {number}") for number in range(14)), return_exceptions=True
    )

    assert Counter(type(one) for one in found) == {SignInRefused: 10, SlowedDown: 4}


async def test_a_session_that_begins_while_the_password_changes_does_not_outlive_that(use: UseCases) -> None:
    account = await use.register()(f"{uuid4()}@example.org", PASSWORD)
    transactions = use.transactions()

    async with transactions() as work:
        changing = await work.accounts.get(account.id)
        changing.change_password("another hash")
        await work.accounts.save(changing)
        assert list(await work.sessions.live_of(account.id, work.now)) == [], "which would have been ended here"
        late = asyncio.create_task(use.begin_session()(account, methods={Method.PASSWORD}))
        await asyncio.wait([late], timeout=0.3)
        was_waiting = not late.done()

    with pytest.raises(Conflict):
        await late
    assert was_waiting
