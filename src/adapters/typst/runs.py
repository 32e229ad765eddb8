"""The lines of text of a page as Typst writes them: read, and written again in another order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import unpack

_N = rb"(-?[\d.]+)"
STRING = rb"(?:\([^()\\]*(?:\\.[^()\\]*)*\)|<[0-9A-Fa-f]*>)"
_TOKEN = re.compile(
    rb"\s*(?:/Span<<\s*/ActualText\s*<([0-9A-Fa-f]+)>\s*>>\s*BDC|(EMC)|"
    rb"0 Tr/(\w+) "
    + _N
    + rb" Tf 1 0 0 -1 "
    + _N
    + rb" "
    + _N
    + rb" Tm\s*(?:\[([^()\]]*(?:"
    + STRING
    + rb"[^()\]]*)*)\]TJ|"
    rb"(" + STRING + rb")Tj))",
    re.DOTALL,
)
_ITEM = re.compile(rb"(" + STRING + rb")|(-?[\d.]+)", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_PLAIN = {
    **{b"%03o" % one: bytes([one]) for one in range(256)},
    **{b"%o" % one: bytes([one]) for one in range(64)},
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"b": b"\b",
    b"f": b"\f",
}
Place = tuple[float, float]


@dataclass(frozen=True)
class Font:
    """The texts of a font's signs, and how wide each is in thousandths of the size."""

    texts: dict[int, str]
    widths: dict[int, float]


@dataclass(slots=True)
class Piece:
    """Signs that are drawn in one go: ``items`` are signs and, as float, what is moved between.

    ``text`` is what they tell, ``first`` and ``last`` what the first and the last shape of it tell, and ``begins`` and
    ``ends`` are the signs of those shapes.
    """

    text: str
    items: list[int | float]
    at: Place
    run: int
    style: tuple[str, str, bytes]
    first: str
    last: str
    begins: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass
class Shown:
    """What is drawn one after another: a word under one text, or a blank."""

    pieces: list[Piece]
    text: str = ""
    shape: str = ""
    """What its last shape tells."""
    drawn: tuple[int, ...] = ()
    """The signs of that shape, so far."""


@dataclass
class Run:
    """One line of text: where it begins on the page, how it looks, and its pieces in the order of reading."""

    origin: Place
    look: bytes
    size: float
    ends: float
    pieces: list[Piece]
    shown: list[Shown] = field(default_factory=list)

    @property
    def has_others(self) -> bool:
        """Whether anything is drawn in it that another line had."""
        return any(piece.run != id(self) for one in self.shown for piece in one.pieces)


def read_run(look: bytes, origin: Place, body: bytes, fonts: dict[str, Font]) -> Run | None:
    """Return the run, None where it is not written as Typst writes it: then it stays as it is."""
    run = Run(origin, look, 0.0, origin[0], [])
    actual, end = None, 0
    for token in _TOKEN.finditer(body):
        if token.start() != end:
            return None
        end = token.end()
        told, ended, name, size, x, y, array, single = token.groups()
        if told is not None:
            actual = bytes.fromhex(told.decode()).decode("utf-16")
        elif ended is not None:
            actual = None
        else:
            font, place = fonts[name.decode()], (float(x), float(y))
            items = list(_items(single if array is None else array))
            run.size = float(size)
            style = (name.decode(), size.decode(), look)
            run.pieces += _pieces(items, place, actual, font, run, style)
    return run if end == len(body) or not body[end:].strip() else None


def _pieces(
    items: list[int | float], place: Place, actual: str | None, font: Font, run: Run, style: tuple[str, str, bytes]
) -> Iterator[Piece]:
    x, y = run.origin[0] + place[0], run.origin[1] - place[1]
    number, began = id(run), x
    if actual is not None:
        signs = tuple([one for one in items if isinstance(one, int)])
        yield Piece(actual, items, (x, y), number, style, actual, actual, signs, signs)
    texts, widths, scale = font.texts, font.widths, run.size / 1000
    word: Piece | None = None
    for one in items:
        if not isinstance(one, int):
            x -= one * scale
            if word is not None:
                word.items.append(one)
            continue
        if actual is None:
            text = texts.get(one, "")
            if word is None or text == " ":
                word = Piece(text, [one], (x, y), number, style, text, text, (one,), (one,))
                yield word
            else:
                word.text += text
                word.items.append(one)
                word.last, word.ends = text, (one,)
            if text == " ":
                word = None
        x += widths.get(one, 0.0) * scale
    run.ends = max(run.ends, x, began)


def _items(array: bytes) -> Iterator[int | float]:
    for text, moved in _ITEM.findall(array):
        if not text:
            yield float(moved)
            continue
        signs = bytes.fromhex(text[1:-1].decode()) if text[:1] == b"<" else _ESCAPED.sub(_plain, text[1:-1])
        yield from unpack(f">{len(signs) // 2}H", signs)


def _plain(escaped: re.Match[bytes]) -> bytes:
    return _PLAIN.get(escaped[1], escaped[1])


def written(run: Run) -> bytes:
    """Return the body of the run with what is drawn in it now."""
    return b"".join(_written(run)) or b" "


def _written(run: Run) -> Iterator[bytes]:
    for one in run.shown:
        if one.text:
            yield b"/Span<</ActualText<FEFF" + one.text.encode("utf-16-be").hex().upper().encode() + b">>>BDC"
        for piece in one.pieces:
            name, size, _ = piece.style
            x, y = piece.at[0] - run.origin[0], run.origin[1] - piece.at[1]
            items = "".join([f"<{item:04x}>" if isinstance(item, int) else f"{item:g}" for item in piece.items])
            yield f" 0 Tr/{name} {size} Tf 1 0 0 -1 {round(x, 4):.10g} {round(y, 4):.10g} Tm[{items}]TJ".encode()
        if one.text:
            yield b" EMC"
