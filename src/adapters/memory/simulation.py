"""Simulation by the standard library alone."""

import asyncio
from random import Random

from ...domain.planning.model import Model
from ...domain.planning.sampling import Sampled, sample


class MemorySimulation:
    """Draws from Python's own generator; for where numpy is not installed."""

    async def run(self, model: Model, samples: int, seed: int) -> Sampled:
        return await asyncio.to_thread(sample, model, samples, Random(seed).randbytes)  # noqa: S311 - no secret
