"""The same wrong requests with PostgreSQL behind the server: no text or number gets far enough to break a statement."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from bad_requests import ROWS, filled
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from real_ports import real_ports
from records import Record, a_record

from higherstudy.adapters.bundled.catalogue import bundled_texts
from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.adapters.workbooks.catalogue_toml import CatalogueToml
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.entrypoints.http.app import create_app
from higherstudy.entrypoints.http.assembling import Given
from higherstudy.entrypoints.parts.checks import Checks
from higherstudy.entrypoints.wiring.containers.every import use_cases_over

WHO = {"email": "student@example.org", "password": "seven quiet rivers at dawn", "name": "Sample Student"}


@pytest.fixture
async def anybody(database_url: str, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    engine = create_engine(database_url)
    async with real_ports(engine, tmp_path) as real:
        use_cases = use_cases_over(real.ports)
        account = await use_cases.register()("keeper@example.org", "twelve slow boats at noon")
        keeper = Asker(account.id, frozenset({Role.ADMIN}))
        for name, text in bundled_texts():
            (tmp_path / name).write_text(text, encoding="utf-8")
            await use_cases.import_catalogue()(keeper, CatalogueToml(tmp_path / name))
        tokens = JwtTokens(SigningKey(Ed25519PrivateKey.generate()), real.ports.clock)
        app = create_app(Given(real.ports, tokens, real.files, source_of, feed, Checks({})))
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://server") as client:
            yield client
    await engine.dispose()


async def test_the_same_requests_get_the_same_answers_on_postgres(anybody: httpx2.AsyncClient) -> None:
    await anybody.post("/v1/accounts", json=WHO)
    signed_in = await anybody.post("/v1/sessions", json={name: WHO[name] for name in ("email", "password")})
    anybody.headers["Authorization"] = f"Bearer {signed_in.json()['access_token']}"
    record = await a_record(anybody)
    wrong = []

    for what, method, path, request, status, names in ROWS:
        answer = await _asked(anybody, record, method, path, request)
        if answer.status_code != status or names not in answer.text:
            wrong.append((what, status, answer.status_code, answer.text[:300]))

    assert wrong == []


async def _asked(
    client: httpx2.AsyncClient, record: Record, method: str, path: str, request: dict[str, object]
) -> httpx2.Response:
    given = {**request, **({"json": filled(request["json"], record)} if "json" in request else {})}
    return await client.request(method, filled(path, record), **given)
