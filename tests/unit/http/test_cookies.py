"""Browsers that keep a sign-in in cookies, and pages of other sites that would like to use it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from everybody import PASSWORD
from records import Server

from higherstudy.adapters.memory.transactions import Store
from higherstudy.domain.identity.confirmation import Purpose
from higherstudy.domain.identity.use_cases.confirming import MakeCode

from .conftest import a_server

EMAIL = "student@example.org"
PAGE = "https://study.example"
COOKIE = {"X-Session": "cookie"}
PROFILE = "/v1/students/me/profile"


@asynccontextmanager
async def a_browser(server: Server, scheme: str = "https") -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=server.app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=f"{scheme}://server") as client:
        yield client


async def signed_in(client: httpx2.AsyncClient, email: str = EMAIL, **headers: str) -> httpx2.Response:
    credentials = {"email": email, "password": PASSWORD}
    await client.post("/v1/accounts", json=credentials)
    answer = await client.post("/v1/sessions", json=credentials, headers={**COOKIE, **headers})
    assert answer.status_code == 201, answer.text
    return answer


async def changed(client: httpx2.AsyncClient, **headers: str) -> httpx2.Response:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.patch(PROFILE, json={"name": "ANOTHER"}, headers={"If-Match": '"1"', **headers})


async def test_a_browser_is_given_cookies_that_no_script_reads_and_no_token_besides(server: Server) -> None:
    async with a_browser(server) as client:
        answer = await signed_in(client)
        me = await client.get("/v1/me")

    set_there = {one.partition("=")[0]: one for one in answer.headers.get_list("set-cookie")}
    assert set(set_there) == {"__Host-access", "__Secure-refresh", "__Host-csrf", "__Secure-device"}
    for name, said in set_there.items():
        assert {"Secure", "SameSite=strict"} <= set(said.split("; "))
        assert ("HttpOnly" in said) is (name != "__Host-csrf")
        assert "Domain" not in said
    for name in ("__Secure-refresh", "__Secure-device"):
        assert "Path=/v1/sessions;" in f"{set_there[name]};"
    assert "Max-Age=15552000" in set_there["__Secure-device"]
    assert "Path=/;" in f"{set_there['__Host-access']};"
    assert set(answer.json()) == {
        *("csrf_token", "expires_in", "session_id", "until", "account"),
        *("methods", "waiting_roles"),
    }
    assert answer.headers["cache-control"] == "no-store"
    assert me.json()["email"] == EMAIL


async def test_a_change_by_cookie_needs_the_csrf_token_of_the_session(server: Server) -> None:
    async with a_browser(server) as other, a_browser(server) as client:
        of_another = (await signed_in(other, "another@example.org")).json()["csrf_token"]
        token = (await signed_in(client)).json()["csrf_token"]
        refused = [await changed(client, X_CSRF_Token=given) for given in ("", "x", of_another, token[:-1])]
        refused.append(await changed(client))
        before = (await client.get(PROFILE)).headers["etag"]
        done = await changed(client, X_CSRF_Token=token)

    assert {one.status_code for one in refused} == {403}
    assert {one.json()["errors"][0]["code"] for one in refused} == {"request.csrf_token_needed"}
    assert before == '"1"'
    assert done.status_code == 200
    assert client.cookies["__Host-csrf"] == token


@pytest.mark.parametrize(
    "said",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "https://server.elsewhere.example"},
        {"Origin": "https://server:444"},
        {"Origin": "http://server"},
        {"Origin": PAGE},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_page_of_another_origin_changes_nothing_even_with_the_token(
    server: Server, said: dict[str, str]
) -> None:
    async with a_browser(server) as client:
        token = (await signed_in(client)).json()["csrf_token"]
        refused = await changed(client, X_CSRF_Token=token, **said)
        again = await client.post("/v1/sessions/refresh/cookie", headers={"X-CSRF-Token": token, **said})
        credentials = {"email": EMAIL, "password": PASSWORD}
        let_in = await client.post("/v1/sessions", json=credentials, headers={**COOKIE, **said})

    assert [one.status_code for one in (refused, again, let_in)] == [403, 403, 403]
    assert refused.json()["errors"][0]["code"] == "request.foreign_page"
    assert "set-cookie" not in let_in.headers


@pytest.mark.parametrize(
    "said",
    [
        {"Origin": "https://server"},
        {"Origin": "https://study.example.org"},  # where the settings say that we are
        {"Origin": PAGE},
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_our_own_pages_and_those_that_are_allowed_may_change(allowing: Server, said: dict[str, str]) -> None:
    async with a_browser(allowing) as client:
        token = (await signed_in(client)).json()["csrf_token"]
        done = await changed(client, X_CSRF_Token=token, **said)

    assert done.status_code == 200


async def test_credentials_are_for_allowed_origins_alone(allowing: Server) -> None:
    asked = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "x-csrf-token, content-type"}
    async with a_browser(allowing) as client:
        allowed = await client.options(PROFILE, headers={"Origin": PAGE, **asked})
        other = await client.options(PROFILE, headers={"Origin": "https://study.example.evil.example", **asked})

    assert allowed.headers["access-control-allow-origin"] == PAGE
    assert allowed.headers["access-control-allow-credentials"] == "true"
    assert "access-control-allow-origin" not in other.headers


async def test_a_bearer_needs_no_csrf_token_and_is_all_that_counts(server: Server) -> None:
    async with a_browser(server) as client:
        await client.post("/v1/accounts", json={"email": "other@example.org", "password": PASSWORD})
        credentials = {"email": "other@example.org", "password": PASSWORD}
        bearer = (await client.post("/v1/sessions", json=credentials)).json()["access_token"]
        await signed_in(client)
        both = await client.get("/v1/me", headers={"Authorization": f"Bearer {bearer}"})
        done = await changed(client, Authorization=f"Bearer {bearer}")
        wrong = [
            await client.get("/v1/me", headers={"Authorization": given}) for given in ("Bearer x", "Basic eA==", "")
        ]

    assert both.json()["email"] == "other@example.org"
    assert done.status_code == 200
    assert {one.status_code for one in wrong} == {401}


async def test_cookies_are_refreshed_by_the_token_that_no_other_path_is_sent(server: Server) -> None:
    async with a_browser(server) as client:
        first = await signed_in(client)
        token = first.json()["csrf_token"]
        old = client.cookies["__Host-access"]
        without = await client.post("/v1/sessions/refresh/cookie")
        server.clock.move(timedelta(minutes=1))
        second = await client.post("/v1/sessions/refresh/cookie", headers={"X-CSRF-Token": token})
        me = await client.get("/v1/me")

    assert without.status_code == 403
    assert second.status_code == 201, second.text
    assert second.json()["session_id"] == first.json()["session_id"]
    assert second.json()["csrf_token"] == token
    assert client.cookies["__Host-access"] != old
    assert me.status_code == 200
    assert "cookie" not in me.request.headers or "__Secure-refresh" not in me.request.headers["cookie"]


async def test_without_a_cookie_nothing_is_refreshed(server: Server) -> None:
    async with a_browser(server) as client:
        answer = await client.post("/v1/sessions/refresh/cookie", headers={"X-CSRF-Token": "x"})

    assert (answer.status_code, answer.json()["code"]) == (401, "refresh_refused")


@pytest.mark.parametrize("path", ["/v1/sessions/{id}", "/v1/sessions"])
async def test_signing_out_takes_the_cookies_away(server: Server, path: str) -> None:
    async with a_browser(server) as client:
        session = (await signed_in(client)).json()
        kept = dict(client.cookies.items())
        headers = {"X-CSRF-Token": session["csrf_token"]}
        gone = await client.delete(path.format(id=session["session_id"]), headers=headers)
        left = dict(client.cookies)
        again = await client.get("/v1/me", headers={"Cookie": f"__Host-access={kept['__Host-access']}"})

    assert gone.status_code == 204
    assert set(left) == {"__Secure-device"}, "by which the next sign-in is known"
    assert again.status_code == 401


async def test_ending_another_session_leaves_the_cookies(server: Server) -> None:
    async with a_browser(server) as client:
        session = (await signed_in(client)).json()
        other = await client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD})
        headers = {"X-CSRF-Token": session["csrf_token"]}
        await client.delete(f"/v1/sessions/{other.json()['session_id']}", headers=headers)
        me = await client.get("/v1/me")

    assert me.status_code == 200


async def test_a_sign_in_takes_over_nothing_that_the_browser_brings_and_ends_what_it_had(server: Server) -> None:
    async with a_browser(server) as attacker, a_browser(server) as victim:
        planted = await signed_in(attacker, "attacker@example.org")
        brought = "; ".join(f"{name}={value}" for name, value in attacker.cookies.items())
        hers = await signed_in(victim, Cookie=brought)
        me = await victim.get("/v1/me")
        after = await attacker.get("/v1/me")

    assert hers.json()["session_id"] != planted.json()["session_id"]
    assert hers.json()["csrf_token"] != planted.json()["csrf_token"]
    assert me.json()["email"] == EMAIL
    assert after.status_code == 401, "the session that the browser had is over"


async def test_two_cookies_of_one_name_are_believed_neither(server: Server) -> None:
    async with a_browser(server) as client:
        await signed_in(client)
        token = client.cookies["__Host-access"]
    async with a_browser(server) as other:
        answer = await other.get("/v1/me", headers={"Cookie": f"__Host-access={token}; __Host-access=x"})

    assert answer.status_code == 401


async def test_for_development_cookies_go_over_http_under_other_names(catalogue: Store, tmp_path: Path) -> None:
    near = a_server(catalogue, tmp_path / "near", secure_cookies=False)
    far = a_server(catalogue, tmp_path / "far")
    status: dict[str, Any] = {}
    for name, server in (("near", near), ("far", far)):
        async with a_browser(server, "http") as client:
            answer = await signed_in(client)
            status[name] = (await client.get("/v1/me")).status_code, {*client.cookies}
            assert ("Secure" in answer.headers["set-cookie"]) is (name == "far")

    assert status["near"] == (200, {"access", "refresh", "csrf", "device"})
    assert status["far"][0] == 401


async def test_another_way_of_keeping_a_session_than_there_is_is_refused(anybody: httpx2.AsyncClient) -> None:
    credentials = {"email": EMAIL, "password": PASSWORD}

    answer = await anybody.post("/v1/sessions", json=credentials, headers={"X-Session": "jar"})

    assert answer.status_code == 422
    (wrong,) = answer.json()["errors"]
    assert (wrong["field"], wrong["params"]["expected"]) == ("x_session", "one of bearer, cookie")


async def guessed(server: Server, email: str = EMAIL) -> None:
    """Strangers fail so often that whoever is not known waits."""
    async with server.client() as stranger:
        for number in range(11):
            await stranger.post("/v1/sessions", json={"email": email, "password": f"a guess, number {number}"})


async def test_a_browser_that_has_signed_in_does_not_wait_for_what_strangers_fail_at(server: Server) -> None:
    credentials = {"email": EMAIL, "password": PASSWORD}
    async with a_browser(server) as client, a_browser(server) as other:
        session = (await signed_in(client)).json()
        await client.delete(f"/v1/sessions/{session['session_id']}", headers={"X-CSRF-Token": session["csrf_token"]})
        await guessed(server)
        strange = await other.post("/v1/sessions", json=credentials, headers=COOKIE)
        as_bearer = await client.post("/v1/sessions", json=credentials)
        known = await client.post("/v1/sessions", json=credentials, headers=COOKIE)

    assert (strange.status_code, strange.json()["code"]) == (429, "slowed_down")
    assert as_bearer.status_code == 429, "without X-Session no cookie is looked at"
    assert known.status_code == 201
    assert not any(one.startswith("__Secure-device=") for one in known.headers.get_list("set-cookie")), "it has one"


async def test_what_makes_a_browser_known_goes_to_sign_ins_alone_and_opens_nothing(server: Server) -> None:
    async with a_browser(server) as client:
        await signed_in(client)
        device = client.cookies["__Secure-device"]
        me = await client.get("/v1/me")
    async with a_browser(server) as other:
        tried = [
            await other.get("/v1/me", headers={"Cookie": f"{name}={device}"})
            for name in ("__Secure-device", "__Host-access")
        ]

    assert "__Secure-device" not in me.request.headers["cookie"]
    assert [one.status_code for one in tried] == [401, 401]


@pytest.mark.parametrize("shown", ["x", "{device}x", "{refresh}", "{device}; __Secure-device={device}"])
async def test_a_cookie_that_makes_no_browser_known_is_as_none(server: Server, shown: str) -> None:
    async with a_browser(server) as client:
        await signed_in(client)
        kept = {name: client.cookies[f"__Secure-{name}"] for name in ("device", "refresh")}
    await guessed(server)
    async with a_browser(server) as other:
        cookie = f"__Secure-device={shown.format(**kept)}"
        credentials = {"email": EMAIL, "password": PASSWORD}
        answer = await other.post("/v1/sessions", json=credentials, headers={**COOKIE, "Cookie": cookie})

    assert answer.status_code == 429


async def test_a_browser_is_known_to_the_account_that_signed_in_with_it_last(server: Server) -> None:
    async with a_browser(server) as client:
        await signed_in(client)
        first = client.cookies["__Secure-device"]
        await signed_in(client, "sister@example.org")
        second = client.cookies["__Secure-device"]
        await guessed(server, "sister@example.org")
        known = await client.post(
            "/v1/sessions", json={"email": "sister@example.org", "password": PASSWORD}, headers=COOKIE
        )

    assert first != second
    assert known.status_code == 201


async def test_a_new_password_by_mail_makes_the_browser_known(server: Server) -> None:
    new = {"email": EMAIL, "password": "another long password"}
    async with a_browser(server) as client:
        await client.post("/v1/accounts", json={"email": EMAIL, "password": PASSWORD})
        async with server.ports.transactions() as work:
            account = await work.accounts.find_by_email(EMAIL)
        assert account is not None
        ports = server.ports
        code = await MakeCode(ports.transactions, ports.ids, ports.secrets)(account.id, Purpose.RESET_PASSWORD)
        body = {"code": code, "password": new["password"]}
        foreign = {**COOKIE, "Origin": "https://elsewhere.example"}
        refused = await client.post("/v1/password-resets/completion", json=body, headers=foreign)
        reset = await client.post("/v1/password-resets/completion", json=body, headers=COOKIE)
        await guessed(server)
        known = await client.post("/v1/sessions", json=new, headers=COOKIE)

    assert (refused.status_code, reset.status_code, reset.json()) == (403, 200, {"device_token": None})
    assert "HttpOnly" in reset.headers["set-cookie"]
    assert known.status_code == 201
