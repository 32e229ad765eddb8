"""The command ``work``: carry out jobs in this process, until it is told to stop."""

from __future__ import annotations


def work() -> int:
    """Carry out jobs, JOBS_AT_ONCE at the same time, from the database that DATABASE_URL names.

    SIGTERM lets those that run finish for STOP_SECONDS, and hands the others back; a second one ends at once.
    """
    from ...starting import loading_a_process  # noqa: PLC0415

    with loading_a_process():
        from ...processes.background import worker_process  # noqa: PLC0415 - its weight is for those who run it
        from .background import run_until_stopped  # noqa: PLC0415

    return run_until_stopped("work", worker_process)
