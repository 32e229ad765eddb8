"""Where the store itself serves files and takes uploads: no link and no ticket is one of ours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from ...domain.shared.errors import NotFound, Reason


class Elsewhere:
    """Opens nothing, since the store's own addresses lead to the store."""

    def open_link(self, token: str, now: datetime) -> Any:
        """Raise NotFound."""
        raise NotFound(Reason("file.link_not_valid"))

    def open_ticket(self, token: str, now: datetime) -> Any:
        """Raise NotFound."""
        raise NotFound(Reason("file.link_not_valid"))

    async def take(self, opened: Any, content_type: str, content: AsyncIterator[bytes]) -> None:
        """Raise NotFound."""
        raise NotFound(Reason("file.link_not_valid"))
