"""What comes from outside on its way into a letter: cleaned, and kept apart from the words until the very end.

A template never prints a value. It prints a mark, the value's number between two characters of the private use area;
Markdown and the page are made of words and marks, and the values take the place of the marks last, each escaped for
where it stands. So nothing that a value holds is ever read as Jinja, Markdown or HTML, and what is made of the same
words and marks is made once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...ports.letters import Params

_BEGIN, _END = "\ue000", "\ue001"
_MARK = re.compile(f"{_BEGIN}([0-9]+){_END}")
_JOINERS = "\u200c\u200d"  # which Bangla and other scripts are written with
_UNSEEN = re.compile(r"[\u200b\u2060-\u206f\ufeff]")
_BLANK = re.compile(r"[\s\u0085\u2028\u2029]+")
_KEPT = {"Cc": "", "Cf": "", "Cs": "\ufffd", "Co": "\ufffd", "Cn": "\ufffd"}


class Missing(Exception):
    """A value that a letter has to print is not there, or blank."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


class Wrong(Missing):
    """A value cannot be what the letter takes it for."""


class Value(str):
    """A text from outside, and the name of the parameter that it came by."""

    __slots__ = ("name",)
    name: str


class Things(list[Any]):
    """A list from outside; an empty one can be asked about and not be gone through."""

    name: str = ""

    def __iter__(self) -> Iterator[Any]:
        if not self:
            raise Missing(self.name)
        return super().__iter__()

    def __getitem__(self, place: Any) -> Any:
        if not self:
            raise Missing(self.name)
        return super().__getitem__(place)


class Thing:
    """One thing of a list from outside; its parts are had by their names and by nothing else."""

    __slots__ = ("of_", "parts_")

    def __init__(self, of: str, parts: dict[str, Any]) -> None:
        self.of_, self.parts_ = of, parts

    def __getitem__(self, name: str) -> Any:
        return self.parts_[name]


def values_of(params: Params, names: frozenset[str], lists: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the values of these names for a template, some of them lists; raise Missing for the first that is not
    there, and Wrong for one of another kind."""
    for name in sorted(names):
        if params.get(name) is None:
            raise Missing(name)
    return {name: (_things if name in lists else _value)(name, params[name]) for name in names}


def _value(name: str, value: object) -> Any:
    if isinstance(value, str):
        return _text(name, value)
    if not isinstance(value, int):
        raise Wrong(name)
    return value


def _things(name: str, value: object) -> Things:
    if not isinstance(value, list | tuple):
        raise Wrong(name)
    things = Things(_thing(name, one) for one in value)
    things.name = name
    return things


def _thing(name: str, one: object) -> Thing:
    if not isinstance(one, Mapping):
        raise Wrong(name)
    return Thing(name, {key: _value(f"{name}.{key}", value) for key, value in one.items()})


def _text(name: str, text: str) -> Value:
    value = Value(cleaned(text))
    value.name = name
    return value


def cleaned(text: str) -> str:
    """Return the text in one line, without what is not seen and turns what is: controls, overrides of direction."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    told = _UNSEEN.sub("", _BLANK.sub(" ", text))
    kept = (one if one in _JOINERS else _KEPT.get(unicodedata.category(one), one) for one in told)
    return "".join(kept).strip()


class Register:
    """The values of one letter in the order in which its templates print them."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self.names: list[str] = []
        self.longest = 0
        """Beyond how many characters a value is cut, in what is to stay short; 0 for never."""

    def mark(self, value: Any) -> str:
        """Return the mark for a value that a template prints; raise Missing for one that is blank."""
        text, name = str(value), getattr(value, "name", "")
        if not text:
            raise Missing(name)
        if self.longest and len(text) > self.longest and "://" not in text:
            text = f"{text[: self.longest - 1].rstrip()}…"
        self.values.append(text)
        self.names.append(name)
        return f"{_BEGIN}{len(self.values) - 1}{_END}"


def marked(text: str) -> int | None:
    """Return the number of the value where the text is a mark and nothing else."""
    found = _MARK.fullmatch(text)
    return int(found[1]) if found else None


class Pieces:
    """A text with marks, cut once so that values can be put in quickly."""

    def __init__(self, text: str) -> None:
        parts = _MARK.split(text)
        self._words = parts[::2]
        self._numbers = [int(number) for number in parts[1::2]]

    def filled(self, values: list[str], escaped: Callable[[str], str] = str) -> str:
        """Return the text with the values in it."""
        parts = [self._words[0]]
        for number, words in zip(self._numbers, self._words[1:], strict=True):
            parts += [escaped(values[number]), words]
        return "".join(parts)
