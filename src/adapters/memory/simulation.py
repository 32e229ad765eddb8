"""Simulation by the standard library alone."""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...domain.planning.model import Model
    from ...domain.planning.sampling import Sampled


class MemorySimulation:
    """Draws from Python's own generator; for where numpy is not installed."""

    async def run(self, model: Model, samples: int, seed: int) -> Sampled:
        from ...domain.planning.sampling import sample  # noqa: PLC0415 - a server that is just starting needs none

        return await asyncio.to_thread(sample, model, samples, Random(seed).randbytes)  # noqa: S311 - no secret
