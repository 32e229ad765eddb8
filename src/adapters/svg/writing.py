"""Writing SVG: elements, numbers, escaped texts, and how wide a text is at most."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

FONTS = (
    "Noto Sans, Noto Sans Bengali, Nirmala UI, Kohinoor Bangla, Bangla Sangam MN, Vrinda, Lohit Bengali, "
    "Helvetica Neue, Arial, DejaVu Sans, sans-serif"
)
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDTHS = {
    **dict.fromkeys("ijl|'", 0.29),
    **dict.fromkeys(" ftrI.,:;!()[]/-‹›", 0.41),
    **dict.fromkeys("csxyzvkJ", 0.57),
    **dict.fromkeys("mwMW@%&—", 0.98),
}
"""Widths of letters in parts of the size, by the widest of the usual fonts; those not named are near the average."""


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """Return the element with its content, which is written already; ``_`` in an attribute's name is ``-``, an
    attribute that is None is left out."""
    told = "".join(
        f' {key.replace("_", "-")}="{escaped(_value(value))}"' for key, value in attributes.items() if value is not None
    )
    return f"<{name}{told}>{content}</{name}>" if content else f"<{name}{told}/>"


def text(words: str, x: float, y: float, size: float, **attributes: object) -> str:
    """Return one line of text that begins at ``x``, or ends or is centred there by ``text_anchor``."""
    return element("text", escaped(words), x=x, y=y, font_size=size, **attributes)


def lines(words: Iterable[str], x: float, y: float, size: float, height: float, **attributes: object) -> str:
    """Return lines of text below one another, the first at ``y``."""
    return "".join(text(line, x, y + at * height, size, **attributes) for at, line in enumerate(words))


def path(d: str, **attributes: object) -> str:
    """Return the path."""
    return element("path", d=d, **attributes)


def escaped(words: str) -> str:
    """Return the words as they stand between tags or quotes; what XML cannot hold is left out."""
    return clean(words).translate(_ESCAPES)


def clean(words: str) -> str:
    """Return the words without characters that XML cannot hold (XML 1.0, 2.2)."""
    return _NOT_XML.sub("", words)


def number(value: float) -> str:
    """Return the number with at most one decimal place, the same everywhere."""
    told = f"{value:.1f}"
    return "0" if told == "-0.0" else told.removesuffix(".0")


def _value(value: object) -> str:
    return number(value) if isinstance(value, float) else str(value)


def width(words: str, size: float, *, bold: bool = False) -> float:
    """Return how wide the words are at most in the usual fonts; rather too wide, so that nothing is cut off."""
    return sum(map(_ems, words)) * size * (1.08 if bold else 1.0)


def wrapped(words: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Return the words in lines that fit the room; a word that fits no line is broken."""
    found = [""]
    for word in clean(words).split():
        longer = f"{found[-1]} {word}".lstrip()
        if width(longer, size, bold=bold) <= room:
            found[-1] = longer
            continue
        found += [word] if found[-1] else []
        found[-1] = found[-1] or word
        while width(found[-1], size, bold=bold) > room and len(found[-1]) > 1:
            head = _head(found[-1], size, room, bold=bold)
            found[-1:] = [found[-1][:head], found[-1][head:]]
    return found


def _head(word: str, size: float, room: float, *, bold: bool) -> int:
    """Return how many letters of the word fit, at least one; a mark is not parted from its letter."""
    count = next(n for n in range(len(word), 0, -1) if n == 1 or width(word[:n], size, bold=bold) <= room)
    while 1 < count < len(word) and _ems(word[count]) == 0:
        count -= 1
    return count


@cache
def _ems(letter: str) -> float:
    category = unicodedata.category(letter)
    if category in ("Mn", "Cf", "Cc"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if category == "Lu":
        return 0.72
    return 0.62 if letter < "\u0250" else 0.72
