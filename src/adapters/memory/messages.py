"""Sentences from a dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ...domain.shared.errors import Params


class MemoryMessages:
    """Has the sentences that it is given, parameters in braces; for tests, and for teams with words of their own."""

    def __init__(self, sentences: Mapping[str, str] | None = None) -> None:
        self._sentences = dict(sentences or {})

    def sentence(self, code: str, params: Params | None = None) -> str:
        given = params or {}
        pattern = self._sentences.get(code)
        if pattern is None:
            details = ", ".join(f"{name} {value}" for name, value in given.items())
            return code.replace(".", ": ").replace("_", " ") + (f" ({details})" if details else "")
        return "".join(_filled(pattern, given))

    @property
    def language(self) -> str:
        """English: nobody says in which language the sentences are."""
        return "en"

    def text(self, thing: object, attribute: str = "title") -> str:
        return str(getattr(thing, attribute))

    def short_day(self, day: date, *, year: bool = True) -> str:
        return day.isoformat() if year else f"{day:%m-%d}"

    def short_month(self, day: date) -> str:
        return f"{day:%m}"

    def in_language(self, tag: str) -> MemoryMessages:
        """Return these sentences: there are no others."""
        return self


def _filled(pattern: str, params: Params) -> list[str]:
    """Return the pieces of the sentence; what comes from outside is put in once and never looked into."""
    first, *rest = pattern.split("{")
    pieces = [first]
    for piece in rest:
        name, brace, after = piece.partition("}")
        pieces += [str(params[name]) if name in params else "{" + name + brace, after]
    return pieces
