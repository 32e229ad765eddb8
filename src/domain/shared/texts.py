"""Texts that people type: of a bearable length, and without signs that no store and no page can hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .errors import Invalid, Reason, refuse_if_any

# Control signs other than tab and line breaks, and halves of a surrogate pair, which are no letters at all.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DEEPEST = 20


def is_storable(text: str) -> bool:
    """Whether the text holds nothing but letters, signs, tabs and line breaks."""
    return _NO_TEXT.search(text) is None


def text_problems(text: str, where: str, *, at_most: int) -> Iterator[Reason]:
    """Yield what is wrong with the text at the place: too long, or with signs that no text has."""
    if len(text) > at_most:
        yield Reason("data.too_long", {"at_most": at_most}, where)
    if not is_storable(text):
        yield Reason("data.not_text", {}, where)


def demand_texts(*given: tuple[str, str, int]) -> None:
    """Raise Invalid with everything wrong with the texts, each given as ``(text, where, at_most)``."""
    problems: Iterable[Reason] = (
        reason for text, where, at_most in given for reason in text_problems(text, where, at_most=at_most)
    )
    refuse_if_any(problems, Invalid)


def data_problems(data: Any, where: str = "", depth: int = 0) -> Iterator[Reason]:
    """Yield every place in parsed JSON whose text or key could not be stored, and where it is nested too deep."""
    if depth > _DEEPEST:
        yield Reason("data.nested_too_deep", {"at_most": _DEEPEST}, where)
    elif isinstance(data, str):
        if not is_storable(data):
            yield Reason("data.not_text", {}, where)
    elif isinstance(data, Mapping):
        for key, value in data.items():
            place = f"{where}.{key}" if where else str(key)
            yield from data_problems(str(key), where or "(a name)", depth + 1)
            yield from data_problems(value, place, depth + 1)
    elif isinstance(data, list | tuple):
        for index, value in enumerate(data):
            yield from data_problems(value, f"{where}[{index}]", depth + 1)
