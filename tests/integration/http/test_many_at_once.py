"""Many at once with PostgreSQL behind the server: what is slow for some does not take the connections of all."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from real_ports import RealPorts, real_ports
from registers import a_course, a_register

from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.adapters.workbooks.cricos import CricosWorkbook
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.entrypoints.http.app import create_app
from higherstudy.entrypoints.http.assembling import Given
from higherstudy.entrypoints.parts.checks import Checks
from higherstudy.entrypoints.wiring.containers.every import use_cases_over

PASSWORD = "seven quiet rivers at dawn"


@pytest.fixture
async def real(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[RealPorts]:
    """Real adapters with three connections, for which nobody waits long: half a second, or as long as a test says."""
    wait = timedelta(seconds=getattr(request, "param", 0.5))
    engine = create_engine(database_url, pool_size=3, overflow=0, pool_wait=wait)
    async with real_ports(engine, tmp_path) as real:
        yield real
    await engine.dispose()


@pytest.fixture
async def client(real: RealPorts) -> AsyncIterator[httpx2.AsyncClient]:
    tokens = JwtTokens(SigningKey(Ed25519PrivateKey.generate()), real.ports.clock)
    given = Given(real.ports, tokens, real.files, source_of, feed, Checks({}))
    transport = httpx2.ASGITransport(app=create_app(given))
    async with httpx2.AsyncClient(transport=transport, base_url="http://server") as client:
        yield client


async def register(client: httpx2.AsyncClient, number: int) -> int:
    who = {"email": f"student{number}@example.org", "password": PASSWORD}
    return (await client.post("/v1/accounts", json=who, headers={"Idempotency-Key": "1"})).status_code


async def signed_in(client: httpx2.AsyncClient, number: int) -> dict[str, str]:
    await register(client, number)
    who = {"email": f"student{number}@example.org", "password": PASSWORD}
    return {"Authorization": f"Bearer {(await client.post('/v1/sessions', json=who)).json()['access_token']}"}


async def test_registrations_with_keys_that_queue_for_their_hash_hold_no_connections(
    client: httpx2.AsyncClient,
) -> None:
    registering = [asyncio.create_task(register(client, number)) for number in range(40)]
    await asyncio.sleep(0.2)

    search = await client.get("/v1/programmes")
    still_registering = any(not one.done() for one in registering)

    assert (search.status_code, still_registering) == (200, True)
    assert await asyncio.gather(*registering) == [201] * 40


# Nineteen who ask at once for three connections wait for a busy machine too.
@pytest.mark.parametrize("real", [10.0], indirect=True, ids=["patient"])
async def test_a_search_and_the_health_answer_while_a_whole_catalogue_is_matched(
    client: httpx2.AsyncClient, real: RealPorts, tmp_path: Path
) -> None:
    keeper = await use_cases_over(real.ports).register()("keeper@example.org", "twelve slow boats at noon")
    courses = [a_course(f"{number:06}A") for number in range(3000)]
    book = a_register(tmp_path / "register.xlsx", courses=courses)
    await use_cases_over(real.ports).import_catalogue()(Asker(keeper.id, frozenset({Role.ADMIN})), CricosWorkbook(book))
    students = [await signed_in(client, number) for number in range(1000, 1004)]
    ended: list[tuple[str, int]] = []

    async def ask(path: str, who: dict[str, str] | None = None) -> None:
        ended.append((path, (await client.get(path, headers=who)).status_code))

    matches = [asyncio.create_task(ask("/v1/students/me/matches", who)) for who in students * 4]
    await asyncio.sleep(0.2)
    others = [asyncio.create_task(ask(path)) for path in ("/health/live", "/v1/programmes")]
    await asyncio.gather(*matches, *others)

    assert Counter(ended) == {
        ("/v1/students/me/matches", 200): 16,
        ("/health/live", 200): 1,
        ("/v1/programmes", 200): 1,
    }
