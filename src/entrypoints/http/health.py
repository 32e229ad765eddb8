"""Looking whether the parts that requests need answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

_PATIENCE = 2.0  # seconds; a probe that hangs tells as much as one that fails


@dataclass(frozen=True)
class Checks:
    """A look at each part, by name; one that raises or hangs counts as not there."""

    looks: Mapping[str, Callable[[], Awaitable[object]]]

    async def all(self) -> dict[str, bool]:
        """Return for each part whether it answered in time."""
        found = await asyncio.gather(*(self._answers(look) for look in self.looks.values()))
        return dict(zip(self.looks, found, strict=True))

    async def _answers(self, look: Callable[[], Awaitable[object]]) -> bool:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await look() is not False
        except Exception:  # noqa: BLE001 - whatever goes wrong means that the part is not there
            return False
