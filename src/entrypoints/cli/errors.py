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

    def __init__(self, *lines: str, exit_code: int = BAD_INPUT, code: str = "") -> None:
        """``code`` is the server's own for what it refused."""
        self.lines = lines
        self.exit_code = exit_code
        self.code = code
        super().__init__(*lines)


def told(code: str, **params: str | int | None) -> str:
    """Return the sentence for the code in the language of this run."""
    from ...adapters.bundled.messages import Messages  # noqa: PLC0415 - needed only where something is wrong
    from .language import language  # noqa: PLC0415 - which refuses languages by this

    return Messages(language()).sentence(f"command.{code}", params)


def refused(place: object, code: str, *, exit_code: int = BAD_INPUT, **params: str | int | None) -> CommandFailed:
    """Return what to raise: the place, and the sentence for the code in the language of this run."""
    return CommandFailed(f"{place}: {told(code, **params)}", exit_code=exit_code)


def complain(lines: Iterable[str]) -> None:
    """Print the lines to stderr under the command's name."""
    for line in lines:
        print(f"higherstudy: {line}", file=sys.stderr)
