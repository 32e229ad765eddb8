"""A job that a worker holds, and how long it may believe so."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from ...ports.jobs import Job


def ticking() -> float:
    """Return the seconds that this process's own leases are counted by."""
    return asyncio.get_running_loop().time()


@dataclass(frozen=True, slots=True)
class Lease:
    """A job, ours until then if we keep it no longer."""

    job: Job
    until: float
    """By ``ticking``, from before the database was asked: it never thinks that the lease ended sooner."""
