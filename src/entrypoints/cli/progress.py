"""Progress bars on stderr, on a terminal only and for long work only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[int], None]
_SHORT = 2000


@contextmanager
def bar(title: str, total: int | None) -> Iterator[Advance]:
    """Give a function to call with what was done since; it draws a bar where somebody is there to see it."""
    if not sys.stderr.isatty() or (total is not None and total < _SHORT):
        yield lambda done: None
        return
    from rich.console import Console  # noqa: PLC0415 - only where a bar is drawn
    from rich.progress import (  # noqa: PLC0415 - only where a bar is drawn
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=total)
        yield lambda done: progress.advance(task, done)


@contextmanager
def doing() -> Iterator[Callable[[str], None]]:
    """Give a function that tells on stderr, on a terminal only, what is being done; a blank word ends it."""
    if not sys.stderr.isatty():
        yield lambda word: None
        return
    from rich.console import Console  # noqa: PLC0415 - only where somebody looks on

    with Console(stderr=True).status("") as status:

        def tell(word: str) -> None:
            status.update(f"{word} ...") if word else status.stop()

        yield tell
