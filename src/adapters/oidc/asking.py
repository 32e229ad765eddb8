"""Questions to a provider: to its own addresses alone, within a time, for an object of JSON that is not too large."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import httpx2
import msgspec

from ...domain.shared.errors import Reason
from ...ports.errors import Unavailable
from .trusted import Trusted

LARGEST = 512 * 1024
"""So many bytes an answer may have; what providers say of themselves has a few thousand."""


class Said(NamedTuple):
    """What a provider answered: whether it was a yes, and the object."""

    is_yes: bool
    data: Mapping[str, Any]


def a_client(patience: timedelta) -> httpx2.AsyncClient:
    """Return the client; it follows no redirects, which could lead anywhere."""
    return httpx2.AsyncClient(follow_redirects=False, timeout=patience.total_seconds())


class Asking:
    """Asks one provider."""

    def __init__(self, client: httpx2.AsyncClient, trusted: Trusted, patience: timedelta) -> None:
        self._client = client
        self._trusted = trusted
        self._patience = patience

    async def get(self, address: str, token: str = "") -> Mapping[str, Any]:
        """Return what stands at the address; raise Unavailable for anything but a yes with an object."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        said = await self._ask("GET", address, headers)
        if not said.is_yes:
            raise self.no_answer()
        return said.data

    async def post(self, address: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Said:
        """Send a form; return the answer, a no of the provider's too. Raises Unavailable where it gives neither."""
        return await self._ask("POST", address, headers, form)

    def no_answer(self) -> Unavailable:
        """Return what to raise where the provider says nothing that can be used."""
        return Unavailable(Reason("provider.no_answer", {"provider": self._trusted.name}))

    async def _ask(
        self, method: str, address: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None
    ) -> Said:
        if not self._trusted.may_be_asked(address):
            raise self.no_answer()
        try:
            async with (
                asyncio.timeout(self._patience.total_seconds()),  # of the whole: it may come drop by drop
                self._client.stream(
                    method, address, headers={"Accept": "application/json", **headers}, data=form
                ) as answer,
            ):
                body = await _read(answer)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:  # a TimeoutError is an OSError
            raise self.no_answer() from error
        data = _object(body)
        if data is None or not (answer.is_success or answer.is_client_error):
            raise self.no_answer()
        return Said(answer.is_success, data)


async def _read(answer: httpx2.Response) -> bytes:
    """Return the body, cut where it is larger than any answer may be."""
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > LARGEST:
            break
    return bytes(body)


def _object(body: bytes) -> dict[str, Any] | None:
    """Return the object of JSON, None where it is something else."""
    try:
        data = msgspec.json.decode(body) if len(body) <= LARGEST else None
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
