"""Tells Segment of happenings, in batches, by its own library's call.

The library's client keeps a queue and a thread of its own, of which nobody hears what became of a happening. Here the
queue is our jobs, so only its call over HTTP is used: it is synchronous, so it runs in a thread, with a time limit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import requests
from segment.analytics import request as library  # type: ignore[import-untyped]

from ...domain.rights.tracking import Happening
from ...domain.shared.errors import Invalid, Reason
from ...ports.errors import Unavailable

MOST_AT_ONCE = 100
"""So many go in one batch: a happening has some hundred bytes, and a batch may have 500 KB."""
_FOR_NOW = frozenset({408, 425, 429})
_NOT_OURS = {"context": {"library": {"name": "higherstudy"}, "ip": "0.0.0.0"}}  # noqa: S104 - told so that none is noted

library._session.max_redirects = 0  # noqa: SLF001 - what students do goes to the host that was set, and to no other


class SegmentAnalytics:
    """Sends what comes within a moment together, and tells each caller how it went."""

    def __init__(
        self,
        write_key: str,
        *,
        host: str = "https://api.segment.io",
        timeout: timedelta = timedelta(seconds=5),
        moment: timedelta = timedelta(milliseconds=200),
    ) -> None:
        """``moment`` is how long the first of a batch waits for others."""
        self._write_key = write_key
        self._host = host
        self._timeout = timeout.total_seconds()
        self._moment = moment.total_seconds()
        self._waiting: list[Happening] = []
        self._batch: asyncio.Task[None] | None = None

    async def track(self, happenings: Sequence[Happening]) -> None:
        if not happenings:
            return
        if len(self._waiting) + len(happenings) > MOST_AT_ONCE:
            self._waiting, self._batch = [], None  # the batch so far goes by itself
        self._waiting.extend(happenings)
        if self._batch is None:
            self._batch = asyncio.create_task(self._send_together(self._waiting))
            self._batch.add_done_callback(_look_at)
        await asyncio.shield(self._batch)

    async def _send_together(self, batch: list[Happening]) -> None:
        await asyncio.sleep(self._moment)
        if self._waiting is batch:  # nobody joins any more
            self._waiting, self._batch = [], None
        for start in range(0, len(batch), MOST_AT_ONCE):
            await self._send([_message(one) for one in batch[start : start + MOST_AT_ONCE]])

    async def _send(self, messages: list[dict[str, Any]]) -> None:
        try:
            async with asyncio.timeout(2 * self._timeout + 1):  # a server that drips keeps its own limit from counting
                await asyncio.to_thread(
                    library.post, self._write_key, self._host, timeout=self._timeout, batch=messages
                )
        except library.APIError as error:
            if error.status >= 500 or error.status in _FOR_NOW or 300 <= error.status < 400:
                raise Unavailable from None  # its words may hold what we sent
            raise Invalid(Reason("analytics.refused", {"status": error.status})) from None
        except (requests.RequestException, OSError, TimeoutError) as error:
            raise Unavailable from error


def _look_at(ended: asyncio.Task[None]) -> None:
    """Take up how it went also where every caller has gone away meanwhile."""
    if not ended.cancelled():
        ended.exception()


def _message(one: Happening) -> dict[str, Any]:
    return {
        "type": "track",
        "messageId": str(one.id),
        "userId": one.pseudonym,
        "event": one.name,
        "timestamp": one.at.isoformat(),
        "properties": dict(one.properties),
        **_NOT_OURS,
    }
