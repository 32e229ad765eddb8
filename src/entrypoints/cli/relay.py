"""The command ``relay``: hand out work in this process, until it is told to stop."""

from __future__ import annotations


def relay() -> int:
    """Turn events into jobs, offer jobs to workers and fire schedules; several may run on one database.

    SIGTERM ends it in order; a second one at once.
    """
    from ..processes.background import relay_process  # noqa: PLC0415 - its weight is kept out of help and other commands
    from .background import run_until_stopped  # noqa: PLC0415

    return run_until_stopped("relay", relay_process)
