"""Mail handed over to SendGrid, by its own client in threads."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

from ...ports.clock import Clock
from ...ports.errors import Unavailable
from ...ports.mailbox import Mail
from .written import written

if TYPE_CHECKING:
    from .client import Client

WORLDWIDE = "https://api.sendgrid.com"


class SendGridMailbox:
    """Hands each mail over in a thread, of which there are never more than ``at_once``.

    SendGrid knows no id of ours before it takes a mail: handing one over again makes another. Our id comes back with
    each report of it.
    """

    def __init__(
        self,
        api_key: str,
        sender: str,
        clock: Clock,
        *,
        base_url: str = WORLDWIDE,
        patience: timedelta = timedelta(seconds=10),
        at_once: int = 4,
    ) -> None:
        """``patience`` is for each step of an exchange, and twice that for all of it with the wait for a thread."""
        self._api_key = api_key
        self._sender = sender
        self._clock = clock
        self._base_url = base_url.rstrip("/")
        self._patience = patience
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="sendgrid")
        self._made: Client | None = None

    async def send(self, mail: Mail) -> str:
        body = written(mail, self._sender)
        try:
            async with asyncio.timeout(2 * self._patience.total_seconds()):
                return await asyncio.get_running_loop().run_in_executor(self._threads, self._send, body)
        except TimeoutError as error:
            raise Unavailable from error

    async def forget(self, address: str) -> None:
        """Remove nothing: what SendGrid took it has sent on, or will."""

    def close(self) -> None:
        """Let go of the threads; one that is still waiting ends when its patience does."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _send(self, body: dict[str, object]) -> str:
        if self._made is None:
            from .client import Client  # noqa: PLC0415 - loaded in a thread, when the first mail is handed over

            self._made = Client(self._api_key, self._base_url, self._patience)
        return self._made.send(body, self._clock.now())
