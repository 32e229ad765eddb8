"""Who may come in without a sign-in."""

from typing import Any

import httpx2
import pytest

from higherstudy.entrypoints.http.gate import OPEN_ROUTES

ID = "0198c0de-5f3a-7c11-9d5b-2f6a1d0c4b7e"
METHODS = ("get", "post", "put", "patch", "delete")


async def _operations(client: httpx2.AsyncClient) -> dict[str, tuple[str, str, dict[str, Any]]]:
    paths = (await client.get("/v1/openapi.json")).json()["paths"]
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if method in METHODS
    }


def _filled(path: str) -> str:
    return "/".join(ID if part.startswith("{") else part for part in path.split("/"))


async def test_every_route_that_is_not_named_open_refuses_a_stranger(anybody: httpx2.AsyncClient) -> None:
    operations = await _operations(anybody)

    answers = {
        name: (await anybody.request(method, _filled(path))).status_code
        for name, (method, path, _) in operations.items()
        if name not in OPEN_ROUTES
    }

    assert len(answers) > 25
    assert set(answers.values()) == {401}


async def test_the_open_routes_ask_for_no_sign_in(anybody: httpx2.AsyncClient) -> None:
    operations = await _operations(anybody)

    for name in OPEN_ROUTES & set(operations):
        method, path, operation = operations[name]
        answer = await anybody.request(method, _filled(path))

        assert answer.status_code != 401 or answer.json()["code"] == "refresh_refused", name
        assert operation["security"] == []


async def test_the_list_of_open_routes_names_no_route_that_is_not_there(anybody: httpx2.AsyncClient) -> None:
    operations = await _operations(anybody)

    assert set(operations) >= OPEN_ROUTES - {"openapi", "documentation", "home"}
    assert (await anybody.get("/docs")).status_code == 200


async def test_the_address_alone_leads_to_the_page_without_a_sign_in(anybody: httpx2.AsyncClient) -> None:
    answer = await anybody.get("/")

    assert (answer.status_code, answer.headers["location"], answer.content) == (302, "/docs", b"")
    assert "authorization" not in {name.lower() for name in answer.request.headers}


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic bmFkaWE6eA==",
        "Bearer a.b.c",
        "Bearer " + "x" * 5000,
        "bearer \u00ff",
    ],
)
async def test_a_token_that_is_not_ours_is_refused(anybody: httpx2.AsyncClient, authorization: str) -> None:
    answer = await anybody.get("/v1/me", headers={b"Authorization": authorization.encode("latin-1")})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["code"] == "not_signed_in"


async def test_a_token_that_was_tampered_with_is_refused(owner: httpx2.AsyncClient) -> None:
    head, claims, signature = owner.headers["Authorization"].split(".")
    forged = f"{head}.{claims[:-2]}{'AA' if claims[-2:] != 'AA' else 'BB'}.{signature}"

    answer = await owner.get("/v1/me", headers={"Authorization": forged})

    assert answer.status_code == 401
