"""The whole way over HTTP, at the certified provider and with rows in PostgreSQL; and what a broken provider does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from real_ports import real_ports

import servers
from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.oidc.providers import OidcIdentityProviders
from higherstudy.adapters.oidc.trusted import Patience, Trusted
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.system.clock import SystemClock
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.domain.identity.linked_identity import LinkedIdentity
from higherstudy.domain.identity.session import Session
from higherstudy.domain.identity.ticket import TicketLasting
from higherstudy.domain.identity.use_cases.accounts import asker_of
from higherstudy.domain.identity.use_cases.linking import UnlinkIdentity
from higherstudy.domain.shared.errors import Conflict, RuleBroken
from higherstudy.domain.shared.ids import LinkedIdentityId, SessionId
from higherstudy.entrypoints.http.app import create_app
from higherstudy.entrypoints.http.assembling import Given
from higherstudy.entrypoints.parts.checks import Checks
from higherstudy.ports.contracts.samples import AT, an_account
from higherstudy.ports.transactions import Transactions
from servers.oidc_provider import CLIENT, REDIRECT, SECRET, came_back
from servers.strange_provider import StrangeProvider

KEY = SigningKey(Ed25519PrivateKey.generate())
PASSWORD = "seven quiet rivers at dawn"


@asynccontextmanager
async def process(
    database_url: str, home: Path, *trusted: Trusted
) -> AsyncIterator[tuple[httpx2.AsyncClient, Transactions]]:
    """An API process of its own, and a browser with its cookies."""
    engine, clock = create_engine(database_url), SystemClock()
    providers = OidcIdentityProviders(trusted, REDIRECT, clock, Patience(answer=timedelta(seconds=30)))
    try:
        async with real_ports(engine, home) as real:
            ports = replace(real.ports, identity_providers=providers)
            app = create_app(Given(ports, JwtTokens(KEY, clock), real.files, source_of, feed, Checks({})))
            transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=transport, base_url="https://study.example") as browser:
                yield browser, ports.transactions
    finally:
        await providers.close()
        await engine.dispose()


def of_university(university: servers.OwnOidcProvider) -> Trusted:
    return Trusted("university", "My University", university.issuer, CLIENT, SECRET, loopback_http=True)


async def test_a_student_signs_in_at_her_university_and_links_an_older_account(
    university: servers.OwnOidcProvider, database_url: str, tmp_path: Path
) -> None:
    trusted = of_university(university)
    async with (
        process(database_url, tmp_path, trusted) as (browser, _),
        process(database_url, tmp_path, trusted) as (elsewhere, _),
    ):
        begun = await browser.post("/v1/sign-in/providers/university")
        back = await came_back(begun.json()["address"], "student")
        stolen = await elsewhere.get("/v1/sign-in/callback", params=back)
        elsewhere.cookies.update(browser.cookies)  # another process, the same browser
        entered = await elsewhere.get("/v1/sign-in/callback", params=back)
        replayed = await browser.get("/v1/sign-in/callback", params=back)
        hers = {"authorization": f"Bearer {entered.json().get('access_token')}"}
        account = (await browser.get("/v1/me", headers=hers)).json()

        assert (begun.status_code, stolen.status_code, entered.status_code) == (201, 422, 200), entered.text
        assert account["email"] == "student@university.example"
        assert account["email_confirmed_at"] is not None
        assert replayed.status_code == 422

        older = {"email": "teacher@university.example", "password": PASSWORD}
        assert (await browser.post("/v1/accounts", json=older)).status_code == 201
        begun = await browser.post("/v1/sign-in/providers/university")
        back = await came_back(begun.json()["address"], "teacher")
        waiting = await browser.get("/v1/sign-in/callback", params=back)
        elsewhere.cookies.update(browser.cookies)
        not_hers = await elsewhere.post("/v1/me/identities", headers=hers)
        token = (await browser.post("/v1/sessions", json=older)).json()["access_token"]
        linked = await browser.post("/v1/me/identities", headers={"authorization": f"Bearer {token}"})
        begun = await browser.post("/v1/sign-in/providers/university")
        back = await came_back(begun.json()["address"], "teacher")
        entered = await browser.get("/v1/sign-in/callback", params=back)

    assert (waiting.status_code, not_hers.status_code, linked.status_code) == (202, 422, 201)
    assert (entered.status_code, entered.json()["account"]["email"]) == (200, "teacher@university.example")


@pytest.mark.parametrize("said", [(500, b"{}"), (200, b"<html>"), (302, b"http://169.254.169.254/")])
async def test_a_provider_that_is_broken_is_a_503_that_says_whose_fault_it_is(
    strange: StrangeProvider, database_url: str, tmp_path: Path, said: tuple[int, bytes]
) -> None:
    trusted = Trusted("strange", "Strange", strange.issuer, CLIENT, loopback_http=True)
    async with process(database_url, tmp_path, trusted) as (browser, _):
        strange.says["/.well-known/openid-configuration"] = lambda _: said
        at_the_beginning = await browser.post("/v1/sign-in/providers/strange")
        del strange.says["/.well-known/openid-configuration"]
        begun = await browser.post("/v1/sign-in/providers/strange")
        strange.says["/token"] = lambda _: said
        state = httpx2.URL(begun.json()["address"]).params["state"]
        at_the_end = await browser.get("/v1/sign-in/callback", params={"state": state, "code": "x"})

    for answer in (at_the_beginning, at_the_end):
        assert answer.status_code == 503
        assert [one["code"] for one in answer.json()["errors"]] == ["provider.no_answer"]
        assert answer.json()["detail"].startswith("Strange does not answer as it should now.")
        assert int(answer.headers["retry-after"]) > 0


async def test_of_two_who_take_away_the_last_two_ways_in_one_is_refused(database_url: str, tmp_path: Path) -> None:
    async with process(database_url, tmp_path) as (_, transactions):
        for round_ in range(5):
            account = an_account()
            account.password_hash = ""
            ids = [LinkedIdentityId(account.id), LinkedIdentityId(account.student_id or account.id)]
            async with transactions() as work:
                await work.accounts.add(account)
                now, begun = work.now, SessionId(account.id)
                session = Session(begun, account.id, now, now, now + timedelta(hours=1), proved_at=now)
                await work.sessions.add(session)
            asker = replace(asker_of(account), session_id=session.id)
            async with transactions() as work:
                for one in ids:
                    await work.linked_identities.add(
                        LinkedIdentity(one, account.id, "https://issuer.example", f"{one}-{round_}", AT)
                    )
            unlink = UnlinkIdentity(transactions, TicketLasting())

            done = await asyncio.gather(*(unlink(asker, one) for one in ids), return_exceptions=True)

            async with transactions() as work:
                assert len(await work.linked_identities.of_account(account.id)) == 1
            assert [type(one) for one in done if one is not None] in ([Conflict], [RuleBroken])
