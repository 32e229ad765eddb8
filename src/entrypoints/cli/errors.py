"""What ends a command early, and how it is told."""

from __future__ import annotations

import sys
from collections.abc import Iterable

BAD_INPUT = 2
"""The exit code for input or options that cannot be used."""

NEGATIVE = 1
"""The exit code for a result that is a no."""


class CommandFailed(Exception):
    """The command cannot go on; each line is one clear sentence that names its place."""

    def __init__(self, *lines: str, exit_code: int = BAD_INPUT) -> None:
        self.lines = lines
        self.exit_code = exit_code
        super().__init__(*lines)


def complain(lines: Iterable[str]) -> None:
    """Print the lines to stderr under the command's name."""
    for line in lines:
        print(f"higherstudy: {line}", file=sys.stderr)
