"""The command ``rotate-keys``: change the keys under which what is a student's own, and second factors, are sealed."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter


def rotate_keys(*, student: Annotated[str | None, Parameter(show_default=False)] = None) -> int:
    """Put a new master key into use where the home keeps it, and wrap every student's keys by the one in use; with
    MASTER_KEY set, wrap them by that one. Likewise seal the secrets of apps that make codes by a new key of the home,
    or by FACTOR_KEY. On the machine and with the settings of the server, while it runs or not.

    Parameters
    ----------
    student
        The id of a student's record: what she adds from now on is sealed under a new key of hers, and nothing else is
        done.
    """
    from .rotating import rotate_now  # noqa: PLC0415 - its weight is kept out of help and other commands

    return rotate_now(student)
