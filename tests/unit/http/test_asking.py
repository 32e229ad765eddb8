"""What is noted of keys: their use once a minute, and that a right one was refused, where it can be kept."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from everybody import KEY
from records import Server

from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.domain.identity.account import Role
from higherstudy.domain.identity.factor import Method
from higherstudy.domain.identity.key import KeyScope
from higherstudy.domain.identity.use_cases.keys import NoteKeyUse
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import KeyId
from higherstudy.entrypoints.http.arrival import Arrival, note
from higherstudy.entrypoints.http.asking import Asking
from higherstudy.entrypoints.http.cookies import Cookies
from higherstudy.entrypoints.http.errors import NotSignedIn
from higherstudy.ports.errors import Unavailable

SCOPES = ["plans:read"]


class Noted:
    """Remembers what was noted, by way of the real use case unless the store is away."""

    def __init__(self, server: Server, *, away: bool = False) -> None:
        self._real = NoteKeyUse(server.ports.transactions)
        self._away = away
        self.said: list[tuple[str, str]] = []

    async def __call__(self, key_id: KeyId) -> None:
        self.said.append(("use", str(key_id)))
        if self._away:
            raise Unavailable
        await self._real(key_id)

    async def refused(self, origin: Origin, because: str) -> None:
        self.said.append((because, str(origin.key_id)))
        if self._away:
            raise Unavailable
        await self._real.refused(origin, because)


class Handler:
    """A route as the gate sees it."""

    operation_id = "list_plans"
    http_methods = frozenset({"GET"})

    def __init__(self, *tags: str) -> None:
        self._tags = tags

    def resolve_tags(self) -> Sequence[str]:
        return self._tags


async def asked(asking: Asking, server: Server, key: str, *, address: str = "192.0.2.7", tag: str = "Plans") -> Any:
    scope: Any = {
        "type": "http",
        "method": "GET",
        "headers": [(b"authorization", f"Bearer {key}".encode())],
        "client": (address, 50_000),
        "route_handler": Handler(tag),
        "state": {},
    }
    note(scope, Arrival("a-request", server.clock.now()))
    return await asking.asker(scope)


async def made(owner: httpx2.AsyncClient, **more: Any) -> tuple[str, str]:
    answer = (await owner.post("/v1/me/keys", json={"name": "A copy", "scopes": SCOPES, **more})).json()
    return answer["key"], answer["about"]["id"]


def over(server: Server, noted: Noted, seconds: list[float], **more: Any) -> Asking:
    tokens = JwtTokens(KEY, server.clock)
    return Asking(tokens, server.ports.standings, Cookies(), noted, clock=lambda: seconds[0], **more)


async def test_whoever_asks_by_a_key_is_its_account_in_no_session_and_named_with_the_key(
    server: Server, owner: httpx2.AsyncClient
) -> None:
    key, key_id = await made(owner)

    asker = await asked(over(server, Noted(server), [0.0]), server, key)

    assert str(asker.account_id) == (await owner.get("/v1/me")).json()["id"]
    assert (asker.roles, asker.session_id, str(asker.key_id)) == (frozenset({Role.STUDENT}), None, key_id)
    assert (asker.address, asker.request_id) == ("192.0.2.7", "a-request")
    assert asker.origin.key_id == asker.key_id
    assert asker.key_scopes == {KeyScope.PLANS_READ}


async def test_a_use_is_noted_once_a_minute(server: Server, owner: httpx2.AsyncClient) -> None:
    key, key_id = await made(owner)
    noted, seconds = Noted(server), [0.0]
    asking = over(server, noted, seconds)

    for seconds[0] in (0.0, 1.0, 59.0, 60.0, 61.0):
        await asked(asking, server, key)

    assert noted.said == [("use", key_id)] * 2


async def test_a_right_key_that_was_refused_is_noted_with_the_reason_and_a_wrong_one_is_not(
    server: Server, owner: httpx2.AsyncClient
) -> None:
    key, key_id = await made(owner, networks=["192.0.2.0/24"])
    noted = Noted(server)
    asking = over(server, noted, [0.0])

    for _ in range(2):
        with pytest.raises(NotSignedIn):
            await asked(asking, server, key, address="198.51.100.1")
        with pytest.raises(NotSignedIn):
            await asked(asking, server, key[:-1] + ("0" if key[-1] != "0" else "1"))

    assert noted.said == [("address", key_id)]


async def test_a_key_is_taken_though_its_use_cannot_be_noted(server: Server, owner: httpx2.AsyncClient) -> None:
    key, key_id = await made(owner)
    noted = Noted(server, away=True)

    asker = await asked(over(server, noted, [0.0]), server, key)

    assert str(asker.key_id) == key_id
    assert noted.said == [("use", key_id)]


async def test_who_is_asked_for_anew_is_let_no_further_than_by_what_she_has_shown(
    server: Server, owner: httpx2.AsyncClient
) -> None:
    """A body may come slowly, so that whoever sends it is looked at again: by the same rule as before."""
    key, _ = await made(owner)
    asking = over(server, Noted(server), [0.0], of_two_factors=frozenset({Role.STUDENT}))
    by_token = await asked(asking, server, owner.headers["Authorization"].removeprefix("Bearer "))
    by_key = await asked(asking, server, key)
    by_two = replace(by_token, methods=frozenset({Method.PASSWORD, Method.TOTP}))

    assert [(await asking.anew(one)).roles for one in (by_token, by_key)] == [frozenset()] * 2
    assert [(await asking.anew(one)).student_id for one in (by_token, by_key)] == [None] * 2
    assert (await asking.anew(by_two)).roles == {Role.STUDENT}
    assert (await asking.anew(by_two)).student_id is not None
