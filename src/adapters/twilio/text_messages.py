"""Short messages handed over to Twilio, by its own client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ...domain.shared.errors import Reason
from ...ports.errors import Unavailable
from ...ports.text_messages import Text

if TYPE_CHECKING:
    from .client import Client

OUR_ID = "message"
"""Under this name our id stands in the address to which Twilio reports."""
OVER_WHATSAPP = "whatsapp:"
_SERVICE = "MG"  # what names of messaging services begin with


@dataclass(frozen=True)
class TwilioAccount:
    """Who we are at Twilio. Without ``reports_to`` nothing is reported; ``base_url`` is Twilio's own unless said."""

    sid: str
    token: str = field(repr=False)
    reports_to: str = ""
    base_url: str = ""


class TwilioTextMessages:
    """Hands each message over at once. Its client is made by the first, within the loop that it belongs to.

    Twilio knows no id of ours: handing a message over again makes another. Our id comes back with each report of it.
    """

    def __init__(
        self,
        account: TwilioAccount,
        sender: str,
        *,
        whatsapp: bool = False,
        patience: timedelta = timedelta(seconds=10),
    ) -> None:
        """``sender`` is a number as E.164 writes it, a name, or the id of a messaging service; ``patience`` is for the
        whole of an exchange."""
        self._account = account
        self._over = OVER_WHATSAPP if whatsapp else ""
        self._from = (
            {"messaging_service_sid": sender} if sender.startswith(_SERVICE) else {"from_": f"{self._over}{sender}"}
        )
        self._patience = patience.total_seconds()
        self._making = asyncio.Lock()
        self._client: Client | None = None

    async def send(self, text: Text) -> str:
        reports = f"{self._account.reports_to}?{urlencode({OUR_ID: text.id})}" if self._account.reports_to else None
        given = {"to": f"{self._over}{text.to}", "body": text.text, "status_callback": reports, **self._from}
        async with self._asked() as client:
            return await client.send(given)

    async def forget(self, number: str) -> None:
        async with self._asked() as client:
            if await client.delete_all(f"{self._over}{number}"):
                raise Unavailable(Reason("message.on_its_way"))

    async def close(self) -> None:
        """Leave the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    @asynccontextmanager
    async def _asked(self) -> AsyncIterator[Client]:
        """Give the client; raise Unavailable when an answer does not come in time."""
        client = await self._made()
        try:
            async with asyncio.timeout(self._patience):  # the client does not keep to a time of its own
                yield client
        except TimeoutError as error:
            raise Unavailable from error

    async def _made(self) -> Client:
        async with self._making:
            if self._client is None:
                make: Any = await asyncio.to_thread(_client)
                self._client = make(self._account.sid, self._account.token, self._account.base_url)
            return self._client


def _client() -> type[Client]:
    """Load it, which takes half a second, where nothing else waits for it."""
    from .client import Client  # noqa: PLC0415

    return Client
