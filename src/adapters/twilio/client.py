"""Twilio's own client, whose answers become words of ours, and which tells the log nothing."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aiohttp import ClientError
from twilio.base.exceptions import (  # type: ignore[import-untyped]
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http.async_http_client import AsyncTwilioHttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.rest import Client as TwilioClient  # type: ignore[import-untyped]

from ...ports.errors import Unavailable
from .answers import again_after, refusal_of

_GONE, _IN_USE = 404, 409
_ON_ITS_WAY = 20009  # "Cannot delete message because delivery has not been completed"
_SILENT = logging.getLogger(f"{__name__}.silent")
_SILENT.setLevel(logging.CRITICAL)
# Regions and edges would be read from the environment of the process, and lead elsewhere than where we are told to go.
_NOWHERE_ELSE = {"TWILIO_EDGE": "", "TWILIO_REGION": ""}


class Client:
    """One account's messages. To be made within the loop that it is used in."""

    def __init__(self, sid: str, token: str, base_url: str) -> None:
        self._http = _Http(logger=_SILENT)
        self._client = TwilioClient(sid, token, http_client=self._http, environment=_NOWHERE_ELSE)
        if base_url:
            self._client.api.base_url = base_url

    async def send(self, given: Mapping[str, object]) -> str:
        """Return Twilio's id of the message; raise Refused or Unavailable."""
        with _in_our_words():
            message = await self._client.messages.create_async(**given)
            if not isinstance(message.sid, str):
                raise TypeError("Twilio answered without an id")
            return message.sid

    async def delete_all(self, to: str) -> int:
        """Delete what lies there for the address; return how many stay, since they are on their way still."""
        staying = 0
        with _in_our_words():
            for message in await self._client.messages.list_async(to=to):
                try:
                    await message.delete_async()
                except TwilioException as error:
                    if _status(error) == _IN_USE or getattr(error, "code", None) == _ON_ITS_WAY:
                        staying += 1
                    elif _status(error) != _GONE:
                        raise
        return staying

    async def close(self) -> None:
        """Leave the connections."""
        await self._http.close()


class _Http(AsyncTwilioHttpClient):  # type: ignore[misc]
    """Sees what the exceptions of Twilio's client leave out: how long to wait. Says who we are in a way of aiohttp that
    is to stay."""

    async def request(self, *given: Any, headers: dict[str, str], auth: tuple[str, str], **named: Any) -> Response:
        headers["Authorization"] = f"Basic {b64encode(':'.join(auth).encode()).decode()}"
        answer = await super().request(*given, headers=headers, **named)
        if answer.status_code == 429 or answer.status_code >= 500:
            raise Unavailable(again_after=again_after(answer.headers))
        return answer


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except (TwilioRestException, TwilioServiceException) as error:
        raise refusal_of(_status(error), error.code) from error
    except (TwilioException, ClientError, OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise Unavailable from error  # no answer, or one that nobody can read


def _status(error: TwilioException) -> int:
    status = getattr(error, "status", 0)
    return status if isinstance(status, int) else 0
