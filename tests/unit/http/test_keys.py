"""Programs that ask by API keys: within their scopes, from their addresses, until they are revoked."""

from typing import Any
from uuid import UUID

import httpx2
import pytest
from records import Server

from higherstudy.domain.identity.key import KeyScope, key_text
from higherstudy.domain.shared.ids import KeyId
from higherstudy.entrypoints.http.gate import OPEN_ROUTES

from .conftest import sign_in

NEW = {"name": "Nightly copy", "scopes": ["plans:read"]}
METHODS = ("get", "post", "put", "patch", "delete")
ID = "0198c0de-5f3a-7c11-9d5b-2f6a1d0c4b7e"


async def a_key(client: httpx2.AsyncClient, path: str = "/v1/me/keys", **other: Any) -> dict[str, Any]:
    answer = await client.post(path, json={**NEW, **other})
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


async def status(server: Server, key: str, path: str = "/v1/students/me/plans", method: str = "GET") -> int:
    async with server.client(key) as client:
        return (await client.request(method, path)).status_code


async def test_a_key_does_what_its_scopes_say_for_its_owner_and_nothing_else(
    server: Server, owner: httpx2.AsyncClient
) -> None:
    key = (await a_key(owner))["key"]

    async with server.client(key) as program:
        plans = await program.get("/v1/students/me/plans")
        profile = await program.get("/v1/students/me/profile")
        sessions = await program.get("/v1/sessions")
        another = await program.post("/v1/me/keys", json=NEW)

    assert plans.status_code == 200
    assert [one.status_code for one in (profile, sessions, another)] == [403, 403, 403]
    assert profile.json()["errors"][0]["params"] == {"scope": "profile:read"}
    assert [one.json()["errors"][0]["code"] for one in (sessions, another)] == ["key.not_by_key"] * 2


async def test_every_operation_is_open_or_names_its_scope_or_takes_no_key_and_keeps_to_that(
    server: Server, owner: httpx2.AsyncClient
) -> None:
    paths = (await owner.get("/v1/openapi.json")).json()["paths"]
    all_scopes = (await a_key(owner, scopes=[one.value for one in KeyScope]))["key"]
    named = set()

    for path, methods in paths.items():
        for method, operation in ((name, one) for name, one in methods.items() if name in METHODS):
            if operation["operationId"] in OPEN_ROUTES:
                continue
            (scope,) = [one["key"][0] for one in operation.get("security", ()) if "key" in one] or [None]
            others = [one.value for one in KeyScope if one.value != scope]
            place = "/".join(ID if part.startswith("{") else part for part in path.split("/"))
            without = (await a_key(owner, scopes=others))["key"]
            refused = await status(server, without, place, method.upper())
            allowed = await status(server, all_scopes, place, method.upper()) if scope else 403
            await _revoke_all_but(owner, all_scopes)
            named.add(scope)
            assert refused == 403, operation["operationId"]
            assert (allowed == 403) is (scope is None) or _is_for_staff(operation), operation["operationId"]

    assert named == {*(one.value for one in KeyScope), None}


def _is_for_staff(operation: dict[str, Any]) -> bool:
    """Whether a student is refused there, whatever she asks by."""
    return "403" in operation["responses"] and operation["tags"][0] in ("Imports", "Jobs", "Rulebook", "Rule changes")


async def _revoke_all_but(owner: httpx2.AsyncClient, key: str) -> None:
    for one in (await owner.get("/v1/me/keys")).json()["items"]:
        if one["live"] and one["id"].replace("-", "") not in key:
            await owner.delete(f"/v1/me/keys/{one['id']}")


async def test_a_key_is_listed_without_its_secret_and_with_its_last_use(
    server: Server, owner: httpx2.AsyncClient
) -> None:
    made = await a_key(owner, networks=["127.0.0.0/8"])
    before = (await owner.get("/v1/me/keys")).json()["items"]
    await status(server, made["key"])
    answer = await owner.get("/v1/me/keys")
    (after,) = answer.json()["items"]

    assert before == [made["about"]]
    assert (before[0]["used_at"], before[0]["live"]) == (None, True)
    assert after["used_at"] is not None
    assert made["key"].split("_")[2] not in answer.text


async def test_a_revoked_key_is_refused(server: Server, owner: httpx2.AsyncClient) -> None:
    made = await a_key(owner)
    assert await status(server, made["key"]) == 200

    gone = await owner.delete(f"/v1/me/keys/{made['about']['id']}")

    assert gone.status_code == 204
    assert await status(server, made["key"]) == 401


async def test_a_key_with_an_end_is_refused_from_then_on(server: Server, owner: httpx2.AsyncClient) -> None:
    made = await a_key(owner, until="2026-11-23T10:00:00Z")
    before = await status(server, made["key"])
    server.clock.set(server.clock.now().replace(hour=10, minute=0))

    assert before == 200
    assert await status(server, made["key"]) == 401


async def test_a_key_of_other_addresses_is_refused_as_one_that_is_not_there(
    server: Server, owner: httpx2.AsyncClient
) -> None:
    key = (await a_key(owner, networks=["192.0.2.0/24"]))["key"]

    async with server.client(key) as client:
        answer = await client.get("/v1/students/me/plans")

    assert answer.status_code == 401
    assert answer.json()["errors"] == []


@pytest.mark.parametrize("change", ["another secret", "another id", "no checksum", "blank"])
async def test_a_key_that_was_tampered_with_is_refused(server: Server, owner: httpx2.AsyncClient, change: str) -> None:
    key = (await a_key(owner))["key"]
    _, key_id, secret = key.split("_", 2)
    given = {
        "another secret": key_text(KeyId(UUID(hex=key_id)), secret[:-9] + "x"),
        "another id": key_text(KeyId(UUID(int=7)), secret[:-8]),
        "no checksum": key[:-8],
        "blank": "hs_",
    }[change]

    assert await status(server, key) == 200
    assert await status(server, given) == 401


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["admin"]}, "scopes[0]"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"until": "2020-01-01T00:00:00Z"}, "until"),
        ({"until": "2030-01-01T00:00:00"}, "until"),
        ({"networks": ["0.0.0.0/33"]}, "networks[0]"),
        ({"networks": ["192.0.2.0/24"] * 21}, "networks"),
        ({"account_id": ID}, "account_id"),
        ({"roles": ["admin"]}, "roles"),
    ],
)
async def test_what_no_key_can_be_is_refused_with_its_place(
    owner: httpx2.AsyncClient, wrong: dict[str, Any], field: str
) -> None:
    answer = await owner.post("/v1/me/keys", json={**NEW, **wrong})

    assert answer.status_code == 422, answer.text
    assert field in {one["field"] for one in answer.json()["errors"]}
    assert (await owner.get("/v1/me/keys")).json()["items"] == []


async def test_another_persons_key_can_neither_be_seen_nor_revoked(
    server: Server, owner: httpx2.AsyncClient, anybody: httpx2.AsyncClient, admin: httpx2.AsyncClient
) -> None:
    made = await a_key(owner)
    account_id = (await owner.get("/v1/me")).json()["id"]
    key_id = made["about"]["id"]
    async with server.client(await sign_in(anybody, "another@example.org")) as stranger:
        answers = [
            await stranger.delete(f"/v1/me/keys/{key_id}"),
            await admin.delete(f"/v1/service-accounts/{account_id}/keys/{key_id}"),
            await admin.get(f"/v1/service-accounts/{account_id}/keys"),
            await admin.post(f"/v1/service-accounts/{account_id}/keys", json=NEW),
            await admin.delete(f"/v1/service-accounts/{account_id}"),
            await admin.get(f"/v1/service-accounts/{ID}/keys"),
        ]

    assert {one.status_code for one in answers} == {404}
    assert await status(server, made["key"]) == 200


async def test_a_program_asks_as_itself_until_its_account_is_closed(server: Server, admin: httpx2.AsyncClient) -> None:
    service = (await admin.post("/v1/service-accounts", json={"name": "Admissions desk"})).json()
    keys = f"/v1/service-accounts/{service['id']}/keys"
    key = (await a_key(admin, keys, scopes=["account:read", "imports:write"]))["key"]
    async with server.client(key) as program:
        who = (await program.get("/v1/me")).json()
        refused = await program.post("/v1/imports", content=b"x", params={"file_name": "a.csv"})
    listed = (await admin.get("/v1/service-accounts")).json()["items"]
    key_rows = (await admin.get(keys)).json()["items"]
    closed = await admin.delete(f"/v1/service-accounts/{service['id']}")

    assert (who["id"], who["roles"], who["student_id"]) == (service["id"], ["service"], None)
    assert refused.status_code == 403, "a scope gives nobody a role"
    assert listed == [service]
    assert [one["live"] for one in key_rows] == [True]
    assert closed.status_code == 204
    assert await status(server, key, "/v1/me") == 401


async def test_a_student_makes_no_account_for_a_program(owner: httpx2.AsyncClient) -> None:
    made = await owner.post("/v1/service-accounts", json={"name": "A copy"})
    listed = await owner.get("/v1/service-accounts")

    assert [one.status_code for one in (made, listed)] == [403, 403]


async def test_a_role_that_was_given_can_be_taken(owner: httpx2.AsyncClient, admin: httpx2.AsyncClient) -> None:
    account_id = (await owner.get("/v1/me")).json()["id"]
    roles = f"/v1/accounts/{account_id}/roles"

    given = await admin.post(roles, json={"role": "auditor"})
    taken = await admin.delete(f"{roles}/auditor")
    refused = await owner.delete(f"{roles}/auditor")
    unknown = await admin.delete(f"{roles}/king")
    service = await admin.post(roles, json={"role": "service"})
    own = await admin.delete(f"/v1/accounts/{(await admin.get('/v1/me')).json()['id']}/roles/admin")

    assert given.json()["roles"] == ["auditor", "student"]
    assert taken.json()["roles"] == ["student"]
    assert [one.status_code for one in (refused, unknown, service, own)] == [403, 422, 422, 422]


async def test_a_key_hands_out_no_link_that_goes_on_without_it(server: Server, owner: httpx2.AsyncClient) -> None:
    key = (await a_key(owner, scopes=["plans:write"]))["key"]

    async with server.client(key) as program:
        answer = await program.post(f"/v1/plans/{ID}/calendar-link")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "key.not_by_key")
