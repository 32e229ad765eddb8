"""What the parser expects where a value does not fit, in words for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from .words import sentence, words

ENCODED = {
    "Invalid RFC3339 encoded datetime": "moment_that_exists",
    "Invalid RFC3339 encoded date": "date_that_exists",
    "Invalid RFC3339 encoded time": "time",
    "Invalid UUID": "uuid",
    "Invalid decimal string": "number_as_text",
}
KINDS = {
    "str": "text",
    "int": "whole_number",
    "float": "number",
    "decimal": "number",
    "bool": "true_or_false",
    "array": "list",
    "object": "object",
    "date": "date",
    "datetime": "moment",
    "time": "time",
    "uuid": "uuid",
    "null": "null",
}
PATTERNS = {
    "^[A-Z]{2}$": "country",
    "^[0-9]{2,4}$": "field_of_study",
    "^[0-9a-f]{64}$": "sha256",
    "^[a-z]{2,3}$": "language",
}
BOUNDS = {">=": "at_least", "<=": "at_most", ">": "above", "<": "below", "==": "exactly"}
UNITS = {"str": "characters", "bytes": "bytes"}


def expected(told: str, kind: Any = None) -> str:
    """Return what is expected, for the parser's own message without its place and the type that it was to be."""
    if told in ENCODED:
        return _said(ENCODED[told])
    if told.startswith("Invalid enum value") and (known := [*_words_of(kind)]):
        return _said("one_of", known=", ".join(known))
    for pattern, form in _FORMS:
        if found := pattern.fullmatch(told):
            return form(found)
    return _said("another_value")


def _said(name: str, **params: str | int) -> str:
    return sentence(f"expected.{name}", params)


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
    kinds = [_said(KINDS.get(name.strip(), "another_value")) for name in found[1].split("|")]
    return words().locale.listed(list(dict.fromkeys(kinds)), either=True)


def _length(found: re.Match[str]) -> str:
    kind, bound, count = found.groups()
    unit = UNITS.get(kind, "entries")
    return _said(f"{BOUNDS[bound]}_{unit}", kind=_said(KINDS.get(kind, "value")), count=int(count))


def _bound(found: re.Match[str]) -> str:
    kind, bound, limit = found.groups()
    return _said(BOUNDS[bound], kind=_said(KINDS.get(kind, "number")), limit=limit.removesuffix(".0"))


def _pattern(found: re.Match[str]) -> str:
    return _said(PATTERNS.get(found[1], "text_of_another_form"))


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"Expected `(\w+)` of length (<=|>=|==) (\d+)"), _length),
    (re.compile(r"Expected `(\w+)` (<=|>=|<|>) (\S+)"), _bound),
    (re.compile(r"Expected `str` matching regex '(.*)'"), _pattern),
    (re.compile(r"Expected `datetime` with a timezone component"), lambda _: _said("moment_with_offset")),
    (re.compile(r"Expected `datetime` with no timezone component"), lambda _: _said("moment_without_offset")),
    (re.compile(r"Invalid enum value (.*)"), lambda _: _said("known_word")),
    (re.compile(r"Expected `([\w| ]+)`(?:, got `\w+`)?"), _kinds),
)
