"""What is said to people: a letter for each kind of occasion, in the reader's language, as text and as a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, runtime_checkable

from ..domain.shared.dataclass import dataclass
from ..domain.shared.errors import Invalid, NotFound, Reason

Said = str | int | Sequence[Mapping[str, str | int]]
"""A value that a letter shows: a text, a number, or a list of things that each have a few of these."""
Params = Mapping[str, Said]


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing said to one person, ready to be handed to any channel."""

    subject: str
    """One line, its digits Latin."""
    text: str
    """Plain text, its lines ended by a line feed."""
    html: str
    """A whole page that says the same; it loads nothing from anywhere."""
    short: str
    """The same in one line of a few hundred characters at most, for SMS, chat or the line in an inbox."""
    version: int
    """Which version of the words this is."""


class UnknownLetter(NotFound):
    """There is no letter of this kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(Reason("letter.unknown", {"given": kind}))


class MissingParameter(Invalid):
    """A letter lacks something that it has to say, so that nothing of it can be sent."""

    def __init__(self, kind: str, language: str, name: str) -> None:
        """``name`` is the parameter's, or ``items.title`` for a part of those in a list."""
        self.kind, self.language, self.name = kind, language, name
        super().__init__(Reason("letter.missing_parameter", {"id": kind, "given": language, "known": name}))


class WrongParameter(Invalid):
    """Something that a letter has to say cannot stand where it says it, such as a link that is no web address."""

    def __init__(self, kind: str, language: str, name: str) -> None:
        self.kind, self.language, self.name = kind, language, name
        super().__init__(Reason("letter.wrong_parameter", {"id": kind, "given": language, "known": name}))


@runtime_checkable
class Letters(Protocol):
    """Writes letters; what stands in a parameter is shown and never looked into."""

    def write(self, kind: str, language: str, params: Params, *, unsubscribe: str = "") -> Letter:
        """Return the letter in the language of the tag, such as ``bn`` or ``bn-BD``; in English where there is none.

        Parameters that the letter does not show change nothing. ``unsubscribe`` is the address at which whoever opens
        it gets no more of this kind; without it the letter has no such link. Raises UnknownLetter for a kind that
        there is none of, MissingParameter where a value is not there, or is blank and the letter cannot do without it,
        and WrongParameter where one cannot be shown. Does no input or output, so that it may stand anywhere.
        """
        ...

    def kinds(self) -> Collection[str]:
        """Return the kinds that there are letters of."""
        ...

    def wants(self, kind: str, language: str) -> frozenset[str]:
        """Return the names of all parameters that must be given for the letter; raise UnknownLetter for no kind."""
        ...
