"""What the parser expects where a value does not fit, in words for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, Literal, get_args, get_origin

_ENCODED = {
    "Invalid RFC3339 encoded datetime": "a moment like 2027-03-31T12:00:00Z that exists",
    "Invalid RFC3339 encoded date": "a date like 2027-03-31 that exists",
    "Invalid RFC3339 encoded time": "a time like 23:59:00",
    "Invalid UUID": "an id like 0198c0de-5f3a-7c11-9d5b-2f6a1d0c4b7e",
    "Invalid decimal string": "a number, written as text such as 6.5",
}
_KINDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object with named values",
    "date": "a date like 2027-03-31",
    "datetime": "a moment like 2027-03-31T12:00:00Z",
    "time": "a time like 23:59:00",
    "uuid": "an id like 0198c0de-5f3a-7c11-9d5b-2f6a1d0c4b7e",
    "null": "null",
}
_PATTERNS = {
    "^[A-Z]{2}$": "two capital letters, such as DE",
    "^[0-9]{2,4}$": "two to four digits, such as 0613",
    "^[0-9a-f]{64}$": "a SHA-256, as 64 hexadecimal digits in small letters",
    "^[a-z]{2,3}$": "two or three small letters, such as en",
}
_BOUNDS = {">=": "of at least", "<=": "of at most", ">": "above", "<": "below"}
_UNITS = {"str": "characters", "array": "entries", "object": "entries", "bytes": "bytes"}


def expected(told: str, kind: Any = None) -> str:
    """Return what is expected, for the parser's own message without its place and the type that it was to be."""
    if told in _ENCODED:
        return _ENCODED[told]
    if told.startswith("Invalid enum value") and (known := [*_words_of(kind)]):
        return f"one of {', '.join(known)}"
    for pattern, words in _FORMS:
        if found := pattern.fullmatch(told):
            return words(found)
    return "another value"


def _words_of(kind: Any) -> Iterator[str]:
    """Yield the words that the type knows, wherever it holds a set of them."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        yield from (str(one.value) for one in kind)
    elif get_origin(kind) is Literal:
        yield from map(str, get_args(kind))
    else:
        for inner in get_args(kind):
            yield from _words_of(inner)


def _kinds(found: re.Match[str]) -> str:
    return " or ".join(dict.fromkeys(_KINDS.get(name.strip(), "another value") for name in found[1].split("|")))


def _length(found: re.Match[str]) -> str:
    kind, bound, count = found.groups()
    few = {">=": "at least", "<=": "at most", "==": "exactly"}.get(bound, bound)
    return f"{_KINDS.get(kind, 'a value')} of {few} {count} {_UNITS.get(kind, 'entries')}"


def _bound(found: re.Match[str]) -> str:
    kind, bound, limit = found.groups()
    return f"{_KINDS.get(kind, 'a number')} {_BOUNDS[bound]} {limit.removesuffix('.0')}"


def _pattern(found: re.Match[str]) -> str:
    return _PATTERNS.get(found[1], "a text of another form")


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"Expected `(\w+)` of length (<=|>=|==) (\d+)"), _length),
    (re.compile(r"Expected `(\w+)` (<=|>=|<|>) (\S+)"), _bound),
    (re.compile(r"Expected `str` matching regex '(.*)'"), _pattern),
    (re.compile(r"Expected `datetime` with a timezone component"), lambda _: "a moment with its offset, such as Z"),
    (re.compile(r"Expected `datetime` with no timezone component"), lambda _: "a moment without an offset"),
    (re.compile(r"Invalid enum value (.*)"), lambda _: "one of the words that are known here"),
    (re.compile(r"Expected `([\w| ]+)`(?:, got `\w+`)?"), _kinds),
)
