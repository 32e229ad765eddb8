"""Where a server that is ready can be seen."""

from __future__ import annotations

from ...settings import Settings

TITLE = "Where to look"


def where_to_look(settings: Settings) -> list[str]:
    """Return a line for each place."""
    return [
        f"  The API and its pages   {settings.address}/docs",
        f"  Is it well?             {settings.address}/health/ready",
        f"  Everything is kept in   {settings.home_folder}",
    ]


def told_plainly(settings: Settings) -> str:
    """Return the lines under their title, for a server without a sample student to speak of."""
    return "\n".join(["", TITLE.upper(), *where_to_look(settings), "", ""])
