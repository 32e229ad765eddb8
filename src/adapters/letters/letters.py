"""Letters by Jinja, Markdown and MJML, none of which is loaded before the first is written."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING

from ...ports.letters import Letter, Params

if TYPE_CHECKING:
    from .writing import Desk

PREFERENCES = "preferences_link"
"""A parameter that any letter may be given: where its reader chooses what she gets."""


class JinjaLetters:
    """Writes the letters of the folder ``texts``; the first takes some 0.15 s, each other well under a millisecond."""

    def __init__(self, *, sender: str = "Higher Study", preferences: str = "") -> None:
        """``sender`` is the name of who sends them, as the reader knows it.

        ``preferences`` is the address where she chooses what she gets; a parameter ``preferences_link`` goes before it.
        """
        self._sender, self._preferences = sender, preferences

    def write(self, kind: str, language: str, params: Params, *, unsubscribe: str = "") -> Letter:
        preferences = str(params.get(PREFERENCES, self._preferences))
        footer = {"sender": self._sender, "preferences": preferences, "unsubscribe": unsubscribe}
        return self._desk.write(kind, language, params, footer)

    def kinds(self) -> Collection[str]:
        return self._desk.kinds

    def wants(self, kind: str, language: str) -> frozenset[str]:
        return self._desk.wants(kind, language)

    @cached_property
    def _desk(self) -> Desk:
        from .writing import Desk  # noqa: PLC0415 - a process that writes no letter does without the libraries

        return Desk()
