"""Our own pages for people, to which messages lead."""

from __future__ import annotations

from ..shared.dataclass import dataclass


@dataclass(frozen=True)
class Pages:
    """Addresses of our own pages for people, each None where there is none: where codes are taken, where preferences
    are changed, and where mails of one kind are stopped by one click (with ``{secret}`` and ``{topic}`` in it)."""

    codes: str | None = None
    preferences: str | None = None
    unsubscribe: str | None = None
