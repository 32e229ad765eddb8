"""Running the model of a plan through many times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from ..domain.planning.model import Model
    from ..domain.planning.sampling import Sampled


@runtime_checkable
class Simulation(Protocol):
    """Draws durations from a seeded source of its own."""

    async def run(self, model: Model, samples: int, seed: int) -> Sampled:
        """Return what so many samples (at least 1) give; equal seeds give equal results of the same adapter, and every
        adapter's results agree within the error of sampling. Others are not kept waiting meanwhile."""
        ...
