"""How long a sender may take: whoever stops in the middle of a body must not be waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ...domain.shared.errors import Reason
from .errors import TooSlow

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


@dataclass(frozen=True)
class Patience:
    """How long the next piece of a body may take, and the whole: ``body``, and more by what came already."""

    piece: timedelta = timedelta(seconds=20)
    body: timedelta = timedelta(seconds=30)
    slowest: int = 4096
    """Bytes a second at which a file may come, however large it is: a bad telephone line."""

    def over(self, receive: Receive) -> Receive:
        """Return what receives the same and raises TooSlow, as long as the body has not ended."""
        waited, came, ended = 0.0, 0, False
        clock = asyncio.get_running_loop().time

        async def received() -> Message:
            nonlocal waited, came, ended
            if ended:  # what comes now is the sender's leaving, for which one may wait long
                return await receive()
            left = self.body.total_seconds() + came / self.slowest - waited
            begun = clock()
            try:
                async with asyncio.timeout(min(left, self.piece.total_seconds())):
                    message = await receive()
            except TimeoutError:
                raise TooSlow(Reason("request.broken_off")) from None
            waited += clock() - begun  # the time that we take over a piece is not the sender's
            came += len(message.get("body", b""))
            ended = not message.get("more_body", False)
            return message

        return received
