"""Where the sentences for codes come from."""

from __future__ import annotations

from datetime import date
from typing import Protocol, runtime_checkable

from ..domain.shared.errors import Params


@runtime_checkable
class Messages(Protocol):
    """Turns codes with parameters into sentences of one language."""

    def sentence(self, code: str, params: Params | None = None) -> str:
        """Return the sentence for the code, with its parameters as people write them; never raise.

        A code is ``section.name``. One without a sentence still gives something that can be read, and a parameter that
        is missing leaves its name. What stands in a parameter is shown and never looked into, braces and all.
        """
        ...

    @property
    def language(self) -> str:
        """The language of the sentences, such as ``bn``."""
        ...

    def text(self, thing: object, attribute: str = "title") -> str:
        """Return a text that a thing of a rule pack carries itself, in this language where it has it (``title_bn``
        beside ``title``), else as it stands."""
        ...

    def short_day(self, day: date, *, year: bool = True) -> str:
        """Return the day as briefly as people write it, such as 7 Jan 2027, or without its year; never raise."""
        ...

    def short_month(self, day: date) -> str:
        """Return the short name of the day's month; never raise."""
        ...

    def in_language(self, tag: str) -> Messages:
        """Return the sentences in the language of the tag, such as ``bn`` or ``bn-BD``; these where there are none."""
        ...
