"""Connections that are closed when the head of a request does not come."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

if sys.platform == "win32":  # where httptools is not installed
    from uvicorn.protocols.http.h11_impl import H11Protocol as Protocol
else:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as Protocol

LONGEST_HEAD_SECONDS = 10.0


class HeadInTime(Protocol):
    """Speaks HTTP, and closes a connection on which a request's head takes too long; uvicorn itself only watches
    connections on which nothing at all comes after an answer."""

    longest_head = LONGEST_HEAD_SECONDS

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._head_is_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take what came; wait on unless it made a head complete."""
        super().data_received(data)
        cycle: Any = self.cycle  # None until the first head is complete
        if cycle is None or cycle.response_complete:
            self._await_head()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        if self._head_is_due is None:
            self._head_is_due = self.loop.call_later(self.longest_head, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._head_is_due is not None:
            self._head_is_due.cancel()
            self._head_is_due = None
