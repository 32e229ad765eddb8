"""Simulation in arrays, by numpy, which is loaded when the first one is asked for."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...domain.planning.model import Model
    from ...domain.planning.sampling import Sampled


class NumpySimulation:
    """Draws from numpy's own generator, all samples of a step at once."""

    async def run(self, model: Model, samples: int, seed: int) -> Sampled:
        drawing = await asyncio.to_thread(import_module, f"{__package__}.drawing")
        found: Sampled = await asyncio.to_thread(drawing.simulate, model, samples, seed)
        return found
