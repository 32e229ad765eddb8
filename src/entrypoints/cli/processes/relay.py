"""The command ``relay``: hand out work in this process, until it is told to stop."""

from __future__ import annotations


def relay() -> int:
    """Turn events into jobs, offer jobs to workers and fire schedules; several may run on one database.

    SIGTERM ends it in order; a second one at once.
    """
    from ...starting import loading_a_process  # noqa: PLC0415

    with loading_a_process():
        from ...processes.background import relay_process  # noqa: PLC0415 - its weight is for those who run it
        from .background import run_until_stopped  # noqa: PLC0415

    return run_until_stopped("relay", relay_process)
