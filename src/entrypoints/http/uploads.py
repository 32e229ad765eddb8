"""Bodies that are files: passed on piece by piece, never whole in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from litestar import Request
from litestar.exceptions import HTTPException

from ...domain.shared.errors import Reason
from .errors import Malformed, TooLarge


async def pieces_of(request: Request[Any, Any, Any], *, at_most: int) -> AsyncIterator[bytes]:
    """Yield the body as it comes; raise TooLarge once more came, or was announced, than ``at_most`` bytes."""
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > at_most:
        raise TooLarge(Reason("file.too_large", {"at_most": at_most}, "file"))
    size = 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if size > at_most:
                raise TooLarge(Reason("file.too_large", {"at_most": at_most}, "file"))
            yield piece
    except HTTPException as error:  # how the framework says that the sender went away before the end
        raise Malformed(Reason("request.broken_off")) from error
