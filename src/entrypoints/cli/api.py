"""The client of the REST API: answers as data, refusals as sentences."""

from __future__ import annotations

import platform
import time
from collections.abc import AsyncIterable, AsyncIterator, Generator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import httpx2

from .errors import NEGATIVE, CommandFailed, refused
from .language import accepted
from .program import program
from .session import Session, keep

_BEFORE = 30.0  # seconds before its end a token counts as ended: its way, and a clock that is a little off
_SIGNING_IN = ("/v1/sessions", "/v1/sessions/second-factor")
AGENT = f"higherstudy ({platform.system()})"
"""What a session is called that commands begin, in the list of sign-ins."""
_PATIENCE = httpx2.Timeout(30.0, connect=5.0, read=600.0, write=600.0)


class Api:
    """One server, spoken to as one person."""

    def __init__(self, client: httpx2.AsyncClient, place: str) -> None:
        self._client = client
        self.place = place

    async def get(self, path: str, **params: Any) -> Any:
        """Return what stands at the path; raise CommandFailed with the server's own sentences when it refuses."""
        asked = {name: value for name, value in params.items() if value is not None}
        return await self._ask("GET", path, params=asked)

    async def file(self, path: str, media_type: str, **params: Any) -> bytes:
        """Return the file of that type at the path, as it is; raise CommandFailed as ``get`` does."""
        asked = {name: value for name, value in params.items() if value is not None}
        answer = await self._answer("GET", path, params=asked)
        if answer.is_success and answer.headers.get("content-type", "").startswith(media_type):
            return answer.content
        if answer.is_success:
            raise refused(self.place, "other_type", exit_code=NEGATIVE, known=media_type)
        raise _refused(answer, _json(answer), self.place)

    async def items(self, path: str, **params: Any) -> AsyncIterator[Any]:
        """Yield what the list at the path holds, page after page, as far as it is wanted; raise as ``get`` does."""
        cursor = None
        while True:
            page = await self.get(path, **params, cursor=cursor)
            for item in page["items"]:
                yield item
            cursor = page["next"]
            if cursor is None:
                return

    async def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        content: AsyncIterable[bytes] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Send a body and return the answer; raise CommandFailed as ``get`` does."""
        return await self._ask("POST", path, json=body, content=content, params=params, headers=headers)

    async def put(self, path: str, body: Mapping[str, Any]) -> Any:
        """Let the body stand at the path, and return the answer; raise CommandFailed as ``get`` does."""
        return await self._ask("PUT", path, json=body)

    async def delete(self, path: str, **params: Any) -> Any:
        """Take away what stands at the path, and return the answer; raise CommandFailed as ``get`` does."""
        return await self._ask("DELETE", path, params=params)

    async def download(self, path: str, to: Path) -> None:
        """Keep under ``to`` the file that the path leads to, piece by piece, for nobody else to read; raise
        CommandFailed as ``get`` does, and OSError where it cannot be kept. Whoever keeps the file, a store elsewhere
        too, is shown no token."""
        answer = await self._answer("GET", path)
        location = answer.headers.get("location", "")
        if not location:
            raise _refused(answer, _json(answer), self.place)
        if location.startswith("/"):
            await self._keep(self._client, location, to)
            return
        async with httpx2.AsyncClient(timeout=_PATIENCE) as client:
            await self._keep(client, location, to)

    async def _keep(self, client: httpx2.AsyncClient, address: str, to: Path) -> None:
        async with client.stream("GET", address, auth=None) as answer:
            if not answer.is_success:
                raise refused(self.place, "status", number=answer.status_code)
            with _for_oneself(to) as file:
                async for piece in answer.aiter_bytes():
                    file.write(piece)

    async def _ask(self, method: str, path: str, **given: Any) -> Any:
        return _content(await self._answer(method, path, **given), self.place)

    async def _answer(self, method: str, path: str, **given: Any) -> httpx2.Response:
        try:
            return await self._client.request(method, path, **given)
        except httpx2.ConnectError:
            raise refused(self.place, "no_server", exit_code=NEGATIVE) from None
        except httpx2.TimeoutException:
            raise refused(self.place, "server_too_slow", exit_code=NEGATIVE) from None
        except httpx2.HTTPError as error:
            told = str(error) or type(error).__name__
            raise refused(self.place, "connection_failed", exit_code=NEGATIVE, detail=told) from None


class SignedIn(httpx2.Auth):
    """Sends the access token, and gets and keeps the next one where it ends before the request could come.

    Two commands at a time may ask for the same: the server gives both the same turn of the session.
    """

    requires_response_body = True

    def __init__(self, session: Session) -> None:
        self._session = session

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        """Yield the request with the token, after one for the next tokens where that is needed."""
        kept = self._session
        if kept.refresh and time.time() > kept.ends - _BEFORE:
            address = f"{kept.server}/v1/sessions/refresh"
            headers = {"User-Agent": AGENT}
            answer = yield httpx2.Request("POST", address, headers=headers, json={"refresh_token": kept.refresh})
            if answer.is_success:
                self._session = keep_tokens(kept, answer.json())
        if self._session.token:
            request.headers["Authorization"] = f"Bearer {self._session.token}"
        yield request


def keep_tokens(session: Session, answer: Mapping[str, Any]) -> Session:
    """Return the session with the tokens of a sign-in or refresh, kept for the commands that follow."""
    ends = time.time() + answer["expires_in"]
    found = replace(session, token=answer["access_token"], refresh=answer["refresh_token"], ends=ends)
    keep(found)
    return found


@asynccontextmanager
async def remote(session: Session) -> AsyncIterator[Api]:
    """Give the API of a server that runs elsewhere."""
    headers = {"Accept-Language": accepted(), "User-Agent": AGENT}
    async with httpx2.AsyncClient(
        base_url=session.server, headers=headers, timeout=_PATIENCE, auth=SignedIn(session)
    ) as client:
        yield Api(client, session.server)


def _content(answer: httpx2.Response, place: str) -> Any:
    data = _json(answer)
    if not answer.is_success:
        raise _refused(answer, data, place)
    if data is None and answer.content:
        raise refused(place, "no_such_server", exit_code=NEGATIVE)
    return data


def _json(answer: httpx2.Response) -> Any:
    """Return the answer's JSON, None where it has none."""
    try:
        return answer.json() if answer.content else None
    except ValueError:
        return None


def _refused(answer: httpx2.Response, data: Any, place: str) -> CommandFailed:
    code = str(data.get("code", "")) if isinstance(data, dict) else ""
    exit_code = 2 if answer.status_code in (400, 413, 415, 422) else 1
    return CommandFailed(*_told(answer, data, place), exit_code=exit_code, code=code)


def _told(answer: httpx2.Response, data: Any, place: str) -> list[str]:
    """Return the refusal's sentences (problem+json, RFC 9457), or what the status alone tells."""
    is_sign_in = answer.request.method == "POST" and answer.request.url.path.endswith(_SIGNING_IN)
    if answer.status_code == httpx2.codes.UNAUTHORIZED and not is_sign_in:
        return list(refused(place, "not_signed_in", known=f"{program()} sign-in --server {place}").lines)
    if not isinstance(data, dict) or "title" not in data:
        return list(refused(place, "status", number=answer.status_code).lines)
    errors = data.get("errors") or []
    if not errors:
        return [f"{place}: {data.get('detail') or data['title']}"]
    return [_one(error) for error in errors]


def _one(error: Mapping[str, Any]) -> str:
    """Return the field or line, the place inside it, and what is wrong there."""
    inside = (error.get("params") or {}).get("place")
    return ": ".join(str(part) for part in (error.get("field"), inside, error.get("detail")) if part)


def _for_oneself(to: Path) -> BinaryIO:
    """Open the file to be written, a new one for nobody else to read."""
    to.touch(0o600)
    return to.open("wb")
