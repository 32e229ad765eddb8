"""Signing in at a provider over HTTP: the cookie that ties it to a browser, what comes back, what is linked."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx2
import pytest
from everybody import PASSWORD
from records import Server

from higherstudy.adapters.memory.identity_providers import MemoryIdentityProviders
from higherstudy.adapters.memory.transactions import Store
from higherstudy.domain.identity.account import Role
from higherstudy.domain.identity.linked_identity import Identity
from higherstudy.domain.shared.ids import AccountId, SessionId
from higherstudy.ports.contracts.factors import a_totp
from higherstudy.ports.identity_providers import Provider

from .conftest import a_server, sign_in

COOKIE = "__Host-higherstudy-sign-in"
EMAIL = "student@example.org"
SHE = Identity("", "subject-1", EMAIL, email_verified=True, name="A Student")
UNIVERSITY = Provider("university", "My University", "https://login.university.example")


@pytest.fixture
def server(catalogue: Store, tmp_path: Path) -> Server:
    server = a_server(catalogue, tmp_path)
    outside(server).offer(UNIVERSITY)
    return server


def outside(server: Server) -> MemoryIdentityProviders:
    providers = server.ports.identity_providers
    assert isinstance(providers, MemoryIdentityProviders)
    return providers


class Browser:
    """A browser with its cookies, which it would not send to a server without TLS as that of the tests is."""

    def __init__(self, server: Server, token: str = "") -> None:
        self.server, self.token = server, token
        self.cookie = ""

    async def ask(self, method: str, path: str, **given: Any) -> httpx2.Response:
        headers = {"user-agent": "A browser", **({"cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {})}
        async with self.server.client(self.token) as client:
            answer = await client.request(method, path, headers=headers, **given)
        for line in answer.headers.get_list("set-cookie"):
            assert line.startswith(f"{COOKIE}=")
            self.cookie = line.removeprefix(f"{COOKIE}=").partition(";")[0].strip('"')
        return answer

    async def begin(self, path: str = "/v1/sign-in/providers/university") -> str:
        answer = await self.ask("POST", path)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["address"])

    async def come_back(self, address: str, identity: Identity = SHE) -> httpx2.Response:
        state, answer = outside(self.server).sign_in(address, identity)
        asked = {"state": state, "code": answer.code, "iss": answer.issuer}
        return await self.ask("GET", "/v1/sign-in/callback", params=asked)

    async def sign_in(self, identity: Identity = SHE) -> httpx2.Response:
        return await self.come_back(await self.begin(), identity)


def codes(answer: httpx2.Response) -> list[str]:
    return [one["code"] for one in answer.json()["errors"]]


async def test_providers_are_listed_without_a_sign_in(server: Server) -> None:
    answer = await Browser(server).ask("GET", "/v1/sign-in/providers")

    assert answer.json() == {"items": [{"id": "university", "name": "My University"}], "next": None}


async def test_the_cookie_is_one_that_no_script_and_no_other_host_comes_by(server: Server) -> None:
    async with server.client() as client:
        answer = await client.post("/v1/sign-in/providers/university")

    [line] = answer.headers.get_list("set-cookie")
    said = {part.strip().partition("=")[0].lower() for part in line.split(";")[1:]}
    assert said == {"path", "max-age", "secure", "httponly", "samesite"}
    assert {"path=/", "max-age=600", "samesite=lax"} <= {part.strip().lower() for part in line.split(";")}
    assert answer.headers["cache-control"] == "no-store"
    secret = line.partition("=")[2].partition(";")[0]
    assert secret not in answer.text
    assert set(parse_qs(urlsplit(answer.json()["address"]).query)) == {"state", "nonce", "code_challenge"}


async def test_who_signs_in_at_a_provider_gets_a_session_as_any_other(server: Server) -> None:
    browser = Browser(server)

    answer = await browser.sign_in()
    body = answer.json()

    assert (answer.status_code, body["token_type"]) == (200, "Bearer")
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert browser.cookie == ""
    assert body["account"]["email"] == EMAIL
    assert body["account"]["email_confirmed_at"] is not None
    async with server.client(body["access_token"]) as client:
        assert [one["device"] for one in (await client.get("/v1/sessions")).json()["items"]] == ["A browser"]
        assert (await client.get("/v1/students/me/profile")).json()["profile"]["name"] == "A Student"
        refresh = {"refresh_token": body["refresh_token"]}
        assert (await client.post("/v1/sessions/refresh", json=refresh)).status_code == 201


async def test_a_page_lets_the_browser_keep_the_session_in_cookies(server: Server) -> None:
    transport = httpx2.ASGITransport(app=server.app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="https://server") as browser:
        begun = await browser.post("/v1/sign-in/providers/university")
        state, answer = outside(server).sign_in(begun.json()["address"], SHE)
        asked = {"state": state, "code": answer.code, "iss": answer.issuer}
        entered = await browser.get("/v1/sign-in/callback", params=asked, headers={"X-Session": "cookie"})
        me = await browser.get("/v1/me")

    assert (entered.status_code, "access_token" in entered.text) == (200, False)
    assert me.json()["email"] == EMAIL


async def test_a_sign_in_at_a_provider_ends_the_session_that_the_browser_had(server: Server) -> None:
    transport = httpx2.ASGITransport(app=server.app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="https://server") as browser:
        credentials = {"email": "another@example.org", "password": PASSWORD}
        await browser.post("/v1/accounts", json=credentials)
        before = (await browser.post("/v1/sessions", json=credentials, headers={"X-Session": "cookie"})).json()
        begun = await browser.post("/v1/sign-in/providers/university")
        state, answer = outside(server).sign_in(begun.json()["address"], SHE)
        asked = {"state": state, "code": answer.code, "iss": answer.issuer}
        entered = await browser.get("/v1/sign-in/callback", params=asked, headers={"X-Session": "cookie"})
    async with server.ports.transactions() as work:
        ended = await work.sessions.get(SessionId(UUID(before["session_id"])))

    assert entered.status_code == 200
    assert ended.ended_at is not None


async def test_without_the_cookie_or_with_another_browsers_nobody_gets_in(server: Server) -> None:
    hers, his = Browser(server), Browser(server)
    address = await hers.begin()
    await his.begin()

    answers = [await his.come_back(address), await Browser(server).come_back(address)]

    assert [(answer.status_code, codes(answer)) for answer in answers] == [(422, ["provider.not_good"])] * 2
    assert (await hers.come_back(address)).status_code == 200


async def test_what_came_back_once_does_not_count_again(server: Server) -> None:
    browser = Browser(server)
    address = await browser.begin()
    secret = browser.cookie
    await browser.come_back(address)
    browser.cookie = secret

    again = await browser.come_back(address)

    assert (again.status_code, codes(again)) == (422, ["provider.not_good"])


async def test_who_declines_is_told_so(server: Server) -> None:
    browser = Browser(server)
    state = parse_qs(urlsplit(await browser.begin()).query)["state"][0]
    asked = {"state": state, "error": "access_denied", "error_description": "<b>", "iss": UNIVERSITY.issuer}

    answer = await browser.ask("GET", "/v1/sign-in/callback", params=asked)

    assert (answer.status_code, answer.json()["code"], codes(answer)) == (
        401,
        "provider_refused",
        ["provider.declined"],
    )
    assert answer.json()["detail"] == "You did not agree at My University, so you are not signed in."


async def test_a_provider_that_is_not_offered_is_not_found(server: Server) -> None:
    answers = [
        await Browser(server).ask("POST", f"/v1/sign-in/providers/{name}")
        for name in ("unknown", "UNIVERSITY", "a%20b")
    ]

    assert [answer.status_code for answer in answers] == [404, 422, 422]
    assert "set-cookie" not in answers[0].headers


async def test_whose_address_has_an_account_signs_in_to_it_first_and_then_links(server: Server) -> None:
    async with server.client() as client:
        token = await sign_in(client, EMAIL)
    browser = Browser(server)

    answer = await browser.sign_in()
    too_early = await browser.ask("POST", "/v1/me/identities")
    browser.token = token
    linked = await browser.ask("POST", "/v1/me/identities")
    again = await browser.sign_in()

    assert (answer.status_code, answer.json()) == (202, {"outcome": "link"})
    assert too_early.status_code == 401
    assert (linked.status_code, linked.json()["provider"]) == (201, "university")
    assert again.json()["account"]["email"] == EMAIL


async def test_who_is_signed_in_links_lists_and_unlinks(server: Server) -> None:
    async with server.client() as client:
        browser = Browser(server, await sign_in(client, "other@example.org"))

    came = await browser.come_back(await browser.begin("/v1/sign-in/providers/university/linking"))
    linked = (await browser.ask("POST", "/v1/me/identities")).json()
    twice = await browser.ask("POST", "/v1/me/identities")
    listed = (await browser.ask("GET", "/v1/me/identities")).json()
    removed = await browser.ask("DELETE", f"/v1/me/identities/{linked['id']}")
    gone = await browser.ask("DELETE", f"/v1/me/identities/{linked['id']}")

    assert came.status_code == 202
    assert {name: linked[name] for name in ("provider", "name")} == {"provider": "university", "name": "My University"}
    assert (twice.status_code, codes(twice)) == (422, ["provider.not_good"])
    assert listed == {"items": [linked], "next": None}
    assert (removed.status_code, gone.status_code) == (204, 404)
    assert "subject" not in str(listed)


async def test_the_last_way_in_is_not_taken_away(server: Server) -> None:
    browser = Browser(server)
    browser.token = (await browser.sign_in()).json()["access_token"]
    [linked] = (await browser.ask("GET", "/v1/me/identities")).json()["items"]

    answer = await browser.ask("DELETE", f"/v1/me/identities/{linked['id']}")

    assert (answer.status_code, codes(answer)) == (422, ["identity.last_way_in"])


async def test_nobody_sees_or_removes_what_is_linked_with_another_account(server: Server) -> None:
    browser = Browser(server)
    browser.token = (await browser.sign_in()).json()["access_token"]
    [linked] = (await browser.ask("GET", "/v1/me/identities")).json()["items"]
    async with server.client() as client:
        stranger = Browser(server, await sign_in(client, "other@example.org"))

    assert (await stranger.ask("GET", "/v1/me/identities")).json()["items"] == []
    assert (await stranger.ask("DELETE", f"/v1/me/identities/{linked['id']}")).status_code == 404


async def test_a_password_does_not_open_an_account_that_has_none(server: Server) -> None:
    await Browser(server).sign_in()

    async with server.client() as client:
        known = await client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD})
        unknown = await client.post("/v1/sessions", json={"email": "nobody@example.org", "password": PASSWORD})

    assert known.status_code == unknown.status_code == 401
    assert {**known.json(), "instance": ""} == {**unknown.json(), "instance": ""}


async def test_trying_is_counted_as_signing_in_is(server: Server) -> None:
    browser = Browser(server)

    answers = [await browser.ask("POST", "/v1/sign-in/providers/university"), await browser.sign_in()]

    assert [answer.headers["ratelimit-policy"] for answer in answers] == ['"sign-in";q=200;w=900'] * 2


async def test_two_factors_at_a_provider_that_is_trusted_in_it_save_the_second_step_here(server: Server) -> None:
    browser, by_two = Browser(server), replace(SHE, two_factors=True)
    account = AccountId(UUID((await browser.sign_in()).json()["account"]["id"]))
    async with server.ports.transactions() as work:
        app = replace(a_totp(account), confirmed_at=work.now)
        await work.factors.add(app)

    by_one = await browser.sign_in()
    entered = await browser.sign_in(by_two)
    browser.token = entered.json()["access_token"]
    kept = await browser.ask("DELETE", f"/v1/me/factors/{app.id}")

    assert (by_one.status_code, by_one.json()["factors"]) == (202, ["totp"])
    assert (entered.status_code, entered.json()["methods"]) == (200, ["fed", "mfa"])
    assert (kept.status_code, kept.json()["code"]) == (403, "proof_needed")


async def test_a_role_that_waits_for_two_factors_counts_by_the_word_of_such_a_provider(
    catalogue: Store, tmp_path: Path
) -> None:
    server = a_server(catalogue, tmp_path / "strict", of_two_factors=frozenset({Role.ADMIN}))
    outside(server).offer(UNIVERSITY)
    account = AccountId(UUID((await Browser(server).sign_in()).json()["account"]["id"]))
    async with server.ports.transactions() as work:
        holder = await work.accounts.get(account)
        holder.grant(Role.ADMIN)
        await work.accounts.save(holder)

    found = {}
    for name, identity in (("one", SHE), ("two", replace(SHE, two_factors=True))):
        browser = Browser(server)
        entered = (await browser.sign_in(identity)).json()
        browser.token = entered["access_token"]
        found[name] = entered["waiting_roles"], (await browser.ask("GET", "/v1/service-accounts")).status_code

    assert found == {"one": (["admin"], 403), "two": ([], 200)}
