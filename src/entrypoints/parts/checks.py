"""Looking whether the parts that a process works with answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

_PATIENCE = 2.0  # seconds; a probe that hangs tells as much as one that fails
_FRESH = 1.0  # seconds in which all who ask share one look, so that nobody can wear a part out by asking


State = Literal["ok", "late", "unavailable"]


@dataclass(frozen=True)
class Found:
    """How a part is, with figures to show: ``late`` works, and is behind."""

    state: State
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """A look at one part: it fails by raising, by hanging or by returning False, and may return what it found.

    ``needed`` says whether nothing works without the part; without another one only some things do not.
    """

    look: Callable[[], Awaitable[object]]
    needed: bool = True


@dataclass(frozen=True)
class Health:
    """How each part is, figures of parts that have some, and what follows for the whole."""

    status: Literal["ok", "degraded", "unavailable"]
    parts: Mapping[str, State]
    figures: Mapping[str, Mapping[str, float]]

    @property
    def can_work(self) -> bool:
        """Whether every part that is needed is there."""
        return self.status != "unavailable"


@dataclass
class Checks:
    """A look at each part, by name."""

    checks: Mapping[str, Check]
    _last: Health | None = field(default=None, init=False)
    _looked_at: float = field(default=0.0, init=False)
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def now(self) -> Health:
        """Return how the parts are, as seen at most a second ago."""
        async with self._looking:
            if self._last is None or time.monotonic() - self._looked_at > _FRESH:
                self._last = await self._look()
                self._looked_at = time.monotonic()
            return self._last

    async def _look(self) -> Health:
        found = dict(zip(self.checks, await asyncio.gather(*map(_answer, self.checks.values())), strict=True))
        status: Literal["ok", "degraded", "unavailable"] = "ok"
        if any(answer.state != "ok" for answer in found.values()):
            status = "degraded"
        if any(answer.state == "unavailable" and self.checks[name].needed for name, answer in found.items()):
            status = "unavailable"
        figures = {name: answer.figures for name, answer in found.items() if answer.figures}
        return Health(status, {name: answer.state for name, answer in found.items()}, figures)


async def _answer(check: Check) -> Found:
    try:
        async with asyncio.timeout(_PATIENCE):
            answer = await check.look()
    except Exception:  # noqa: BLE001 - whatever goes wrong means that the part is not there
        return Found("unavailable")
    if isinstance(answer, Found):
        return answer
    return Found("unavailable" if answer is False else "ok")
