"""Whoever watches how jobs run: logs, traces, counts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal

from ...ports.jobs import Job

Outcome = Literal["done", "failed", "parked", "lost", "handed_back"]
"""How an attempt ended: ``failed`` is tried again, ``lost`` is another worker's now."""


def _around_nothing(_: Job) -> AbstractContextManager[object]:
    return nullcontext()


def _to_nobody(_: Job, __: Outcome, ___: float) -> None:
    return


@dataclass(frozen=True)
class Watch:
    """A block that each attempt runs in, and who hears how each ended and how many seconds it took."""

    around: Callable[[Job], AbstractContextManager[object]] = _around_nothing
    ended: Callable[[Job, Outcome, float], None] = _to_nobody
