"""A server that opens early answers as the whole one does, and loads that when somebody needs it."""

import asyncio
from typing import Any, cast

import httpx2
import pytest
from records import Shared

from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.entrypoints.http.app import every_route
from higherstudy.entrypoints.http.assembling import Given
from higherstudy.entrypoints.http.edge import Asgi
from higherstudy.entrypoints.http.opening import first_routes, opening_app
from higherstudy.entrypoints.parts.checks import Checks
from higherstudy.entrypoints.parts.later import Later

FIRST = ("/health/live", "/v1/me", "/v1/students/me/profile", "/v1/students/me/applications")


class Opened:
    """A server that has just opened over what another one keeps."""

    def __init__(self, given: Given, token: str) -> None:
        self.whole = Later[Asgi](lambda: every_route(given))
        self._app: Any = opening_app(given, self.whole)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def ask(self, *asked: tuple[str, str]) -> list[httpx2.Response]:
        """Return the answers to methods and paths, all asked at once."""
        transport = httpx2.ASGITransport(app=self._app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test", headers=self._headers) as client:
            return await asyncio.gather(*(client.request(method, path) for method, path in asked))


@pytest.fixture
def given(shared: Shared, key: SigningKey) -> Given:
    """What the shared server was made of, as far as it matters here."""
    ports, files = shared.server.ports, cast("Any", shared.server.ports.files)
    return Given(ports, JwtTokens(key, shared.server.clock), files, source_of, feed, Checks({}))


@pytest.fixture
def opened(shared: Shared, given: Given) -> Opened:
    """A server of this test's own over the shared record."""
    return Opened(given, shared.token)


async def test_what_is_asked_first_is_answered_as_the_whole_server_answers_it(opened: Opened) -> None:
    asked = [("GET", path) for path in FIRST]
    early = await opened.ask(*asked)
    waited = opened.whole.is_wanted
    await opened.whole.get()
    late = await opened.ask(*asked)

    assert not waited
    assert [answer.status_code for answer in early] == [200] * len(FIRST)
    assert [answer.content for answer in early] == [answer.content for answer in late]


async def test_whoever_asks_for_more_waits_for_the_whole_server_and_is_not_turned_away(opened: Opened) -> None:
    found, missing, refused = await opened.ask(
        ("GET", "/v1/programmes"), ("GET", "/v1/nothing-of-the-kind"), ("DELETE", "/v1/me")
    )

    assert (found.status_code, missing.status_code, refused.status_code) == (200, 404, 405)
    assert opened.whole.made is not None


async def test_what_is_asked_first_goes_by_its_method_too(opened: Opened) -> None:
    (answer,) = await opened.ask(("POST", "/v1/students/me/applications"))

    assert answer.status_code == 422  # it has no content; only the whole server knows how to start one
    assert opened.whole.made is not None


async def test_what_can_be_done_at_a_path_is_told_by_the_whole_server(opened: Opened) -> None:
    asked = [("OPTIONS", path.replace("/me/", f"/{'0' * 8}-0000-7000-8000-{'0' * 12}/")) for path in FIRST[2:]]
    early = await opened.ask(*asked)
    late = await opened.ask(*asked)

    assert [answer.headers["allow"] for answer in early] == [answer.headers["allow"] for answer in late]
    assert "POST" in early[1].headers["allow"]


async def test_who_has_not_signed_in_is_refused_before_the_whole_server_is_there(given: Given) -> None:
    opened = Opened(given, "")

    (answer,) = await opened.ask(("GET", "/v1/me"))

    assert (answer.status_code, opened.whole.is_wanted) == (401, False)


def test_every_first_route_is_one_of_the_whole_server(given: Given) -> None:
    first: Any = first_routes(given)
    whole: Any = every_route(given)

    def operations(app: Any) -> set[tuple[str, str]]:
        return {(route.path, method) for route in app.routes for method in route.methods}

    assert operations(first) <= operations(whole)
    assert {(path.replace("/me/", "/{student_id:str}/"), "GET") for path in FIRST} <= operations(first)
