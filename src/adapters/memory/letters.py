"""Letters from a dictionary."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping

from ...domain.shared.dataclass import dataclass
from ...ports.letters import Letter, MissingParameter, Params, Said, UnknownLetter

_PLACE = re.compile(r"\{(\w+)\}")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class PlainLetter:
    """The words of a letter, parameters in braces; ``short`` is the subject where it is left out."""

    subject: str
    text: str
    short: str = ""
    version: int = 1


class MemoryLetters:
    """Has the letters that it is given, by kind and language; for tests, and for teams with words of their own.

    Every parameter must be there and say something. A list is told line by line.
    """

    def __init__(self, letters: Mapping[str, Mapping[str, PlainLetter]] | None = None) -> None:
        """``letters`` are by kind, and then by language, of which English must be there."""
        self._letters = {kind: dict(languages) for kind, languages in (letters or {}).items()}
        if without := [kind for kind, languages in self._letters.items() if ENGLISH not in languages]:
            raise ValueError(f"no English words for {', '.join(without)}")

    def write(self, kind: str, language: str, params: Params, *, unsubscribe: str = "") -> Letter:
        tongue, letter = self._found(kind, language)
        for name in sorted(_wanted(letter)):
            if not _told(params.get(name)).strip():
                raise MissingParameter(kind, tongue, name)
        text = _filled(letter.text, params, "\n")
        if unsubscribe:
            text = f"{text}\n\n{unsubscribe}"
        subject = _filled(letter.subject, params, ", ")
        paragraphs = "".join(f"<p>{html.escape(one)}</p>" for one in text.split("\n") if one.strip())
        return Letter(
            subject,
            f"{text}\n",
            f'<!doctype html><html lang="{tongue}"><head><meta charset="utf-8"><title>{html.escape(subject)}</title>'
            f"</head><body><h1>{html.escape(subject)}</h1>{paragraphs}</body></html>",
            _filled(letter.short or letter.subject, params, ", "),
            letter.version,
        )

    def kinds(self) -> Collection[str]:
        return self._letters.keys()

    def wants(self, kind: str, language: str) -> frozenset[str]:
        return _wanted(self._found(kind, language)[1])

    def _found(self, kind: str, language: str) -> tuple[str, PlainLetter]:
        if kind not in self._letters:
            raise UnknownLetter(kind)
        tongue = language.replace("_", "-").partition("-")[0].lower()
        known = self._letters[kind]
        return (tongue, known[tongue]) if tongue in known else (ENGLISH, known[ENGLISH])


def _wanted(letter: PlainLetter) -> frozenset[str]:
    return frozenset(_PLACE.findall(f"{letter.subject}\n{letter.text}\n{letter.short}"))


def _told(value: Said | None, between: str = "\n") -> str:
    """Return the value in words, without what would begin another line; nothing for what is not there."""
    if value is None:
        return ""
    if isinstance(value, str | int):
        return _UNSEEN.sub(" ", str(value))
    return between.join("; ".join(_told(part) for part in thing.values() if part != "") for thing in value)


def _filled(pattern: str, params: Params, between: str) -> str:
    """Return the pattern with the parameters in it, each put in once and never looked into."""
    return _PLACE.sub(lambda place: _told(params[place[1]], between), pattern)
