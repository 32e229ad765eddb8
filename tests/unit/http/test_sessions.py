"""Signing in and out over HTTP: tokens, refreshing them, and where an account is signed in."""

from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any

import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from everybody import PASSWORD
from records import Server

from .conftest import sign_in

EMAIL = "student@example.org"


async def signed_in(server: Server, device: str = "A browser") -> dict[str, Any]:
    async with server.client() as client:
        await client.post("/v1/accounts", json={"email": EMAIL, "password": PASSWORD})
        credentials = {"email": EMAIL, "password": PASSWORD}
        answer = await client.post("/v1/sessions", json=credentials, headers={"user-agent": device})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refreshed(server: Server, token: str) -> httpx2.Response:
    async with server.client() as client:
        return await client.post("/v1/sessions/refresh", json={"refresh_token": token})


async def who_am_i(server: Server, token: str) -> int:
    async with server.client(token) as client:
        return (await client.get("/v1/me")).status_code


async def test_a_sign_in_gives_two_tokens_that_no_cache_keeps(server: Server) -> None:
    first = await signed_in(server)
    answer = await refreshed(server, first["refresh_token"])
    second = answer.json()

    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    assert second["session_id"] == first["session_id"]
    assert second["refresh_token"] != first["refresh_token"]
    assert second["account"] == first["account"]
    assert [await who_am_i(server, one["access_token"]) for one in (first, second)] == [200, 200]


async def test_a_refresh_token_opens_no_route_and_an_access_token_refreshes_nothing(server: Server) -> None:
    session = await signed_in(server)

    assert await who_am_i(server, session["refresh_token"]) == 401
    for wrong in (session["access_token"], "", "a.b.c", session["refresh_token"][:-4]):
        refused = await refreshed(server, wrong)
        assert (refused.status_code, refused.json()["code"]) == (401, "refresh_refused")


async def test_a_stolen_refresh_token_ends_the_session_of_thief_and_owner(server: Server) -> None:
    stolen = await signed_in(server)
    owners = (await refreshed(server, stolen["refresh_token"])).json()
    server.clock.move(timedelta(minutes=1))

    thief = await refreshed(server, stolen["refresh_token"])

    assert thief.status_code == 401
    assert await who_am_i(server, owners["access_token"]) == 401
    assert (await refreshed(server, owners["refresh_token"])).status_code == 401


async def test_sessions_are_listed_with_the_one_that_asks(server: Server) -> None:
    there, here = await signed_in(server, "A telephone"), await signed_in(server, "A browser")

    async with server.client(here["access_token"]) as client:
        page = (await client.get("/v1/sessions")).json()

    assert page["next"] is None
    assert {(one["id"], one["device"], one["current"]) for one in page["items"]} == {
        (here["session_id"], "A browser", True),
        (there["session_id"], "A telephone", False),
    }
    assert "token" not in str(page)


async def test_a_session_that_is_ended_is_refused_with_both_its_tokens(server: Server) -> None:
    there, here = await signed_in(server), await signed_in(server)

    async with server.client(here["access_token"]) as client:
        ended = await client.delete(f"/v1/sessions/{there['session_id']}")
        again = await client.delete(f"/v1/sessions/{there['session_id']}")

    assert (ended.status_code, again.status_code) == (204, 204)
    assert await who_am_i(server, there["access_token"]) == 401
    assert (await refreshed(server, there["refresh_token"])).status_code == 401
    assert await who_am_i(server, here["access_token"]) == 200


async def test_all_others_are_ended_then_all(server: Server) -> None:
    there, here = await signed_in(server), await signed_in(server)

    async with server.client(here["access_token"]) as client:
        assert (await client.delete("/v1/sessions", params={"others": "true"})).status_code == 204
        after_others = [await who_am_i(server, one["access_token"]) for one in (there, here)]
        assert (await client.delete("/v1/sessions")).status_code == 204

    assert after_others == [401, 200]
    assert await who_am_i(server, here["access_token"]) == 401


async def test_a_session_of_somebody_else_is_not_found(server: Server) -> None:
    owners = await signed_in(server)
    async with server.client() as client:
        other = await sign_in(client, "other@example.org")

    async with server.client(other) as client:
        refused = await client.delete(f"/v1/sessions/{owners['session_id']}")

    assert refused.status_code == 404
    assert await who_am_i(server, owners["access_token"]) == 200


async def test_anybody_can_check_an_access_token_by_the_public_keys(server: Server) -> None:
    session = await signed_in(server)
    async with server.client() as client:
        answer = await client.get("/.well-known/jwks.json")

    token = session["access_token"]
    key = next(one for one in answer.json()["keys"] if one["kid"] == jwt.get_unverified_header(token)["kid"])
    public = Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(key["x"] + "="))
    claims = jwt.decode(
        token,
        public,
        ["EdDSA"],
        audience="higherstudy-api",
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )

    assert claims["sid"] == session["session_id"]
    assert "max-age=300" in answer.headers["cache-control"]
    assert set(key) == {"kty", "crv", "use", "alg", "kid", "x"}


async def test_changing_the_password_ends_sessions_elsewhere(server: Server) -> None:
    there, here = await signed_in(server), await signed_in(server)
    new = "eight quiet rivers at dusk"

    async with server.client(here["access_token"]) as client:
        wrong = await client.put("/v1/me/password", json={"current": "guessed", "new": new})
        right = await client.put("/v1/me/password", json={"current": PASSWORD, "new": new})
    async with server.client() as client:
        signing_in = [
            (await client.post("/v1/sessions", json={"email": EMAIL, "password": one})).status_code
            for one in (PASSWORD, new)
        ]

    assert (wrong.status_code, wrong.json()["errors"][0]["field"], right.status_code) == (422, "current", 204)
    assert [await who_am_i(server, one["access_token"]) for one in (there, here)] == [401, 200]
    assert signing_in == [401, 201]


async def test_guesses_at_the_present_password_are_counted_like_sign_ins(server: Server) -> None:
    session = await signed_in(server)

    async with server.client(session["access_token"]) as client:
        answers = [
            (await client.put("/v1/me/password", json={"current": f"guess {n}", "new": PASSWORD})).status_code
            for n in range(25)
        ]

    assert answers[-1] == 429
    assert set(answers) == {422, 429}
