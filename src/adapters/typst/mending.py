"""Bangla that can be taken out of a PDF again: found by a search, copied, read aloud.

Typst tells the text of each shape that it draws out of several signs (``ActualText``), but once for each piece that
lies on a line of its own, such as the reph above a letter: whoever reads the file gets it several times, and gaps
within words. Here all pieces of one word are drawn one after another, under one text. What is drawn stays the same.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence

import pikepdf

from .runs import STRING, Font, Piece, Run, Shown, read_run, written

_SIGNS = re.compile("[\u0980-\u09ff]")
_N = rb"(-?[\d.]+)"
_RUN = re.compile(
    rb"q\s1 0 0 -1 " + _N + rb" " + _N + rb" cm([^()\[\]]*?)\sBT([^()]*?(?:" + STRING + rb"[^()]*?)*?)\sET\sQ",
    re.DOTALL,
)
_MAPPED = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")
_RANGED = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")
_NEAR = 0.35
"""So many sizes of the letters a sign may be away from the end of the word that it belongs to."""


def mended(pdf: bytes) -> bytes:
    """Return the same pages with each word of Bangla told once; equal files give equal files."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        known: dict[tuple[int, int], Font] = {}
        for page in document.pages:
            fonts = {name[1:]: _font(one, known) for name, one in page.resources.get("/Font", {}).items()}
            page.Contents = document.make_stream(_mended(page.Contents.read_bytes(), fonts))
        out = io.BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _mended(content: bytes, fonts: dict[str, Font]) -> bytes:
    found = list(_RUN.finditer(content))
    runs = [read_run(one[3], (float(one[1]), float(one[2])), one[4], fonts) for one in found]
    _into_words([one for one in runs if one is not None])
    pieces, end = list[bytes](), 0
    for match, run in zip(found, runs, strict=True):
        if run is not None and (_SIGNS.search("".join(one.text for one in run.pieces)) or run.has_others):
            pieces += [content[end : match.start(4)], written(run)]
            end = match.end(4)
    return b"".join((*pieces, content[end:]))


def _into_words(runs: Sequence[Run]) -> None:
    """Put every sign into the word that it belongs to, which is drawn where its first sign is; words end at blanks."""
    word: Shown | None = None
    before: Run | None = None
    for run in runs:
        if before is None or not _goes_on(before, run):
            word = None
        for piece in run.pieces:
            if not piece.text.strip():
                word = None
                run.shown.append(Shown([piece]))
                continue
            if word is None or word.pieces[-1].style != piece.style:
                word = Shown([])
                run.shown.append(word)
            _add(piece, word)
        before = run


def _goes_on(before: Run, run: Run) -> bool:
    """Whether the run begins where the one before it has ended, on the same line of the page."""
    room = _NEAR * before.size
    # What is raised above a letter takes no room, whatever its signs are moved by.
    is_next = any(abs(run.origin[0] - end) < room for end in (before.origin[0], before.ends))
    return is_next and abs(before.origin[1] - run.origin[1]) < before.size / 2 and before.look == run.look


def _add(piece: Piece, word: Shown) -> None:
    """Add the piece to the word, and its text too, but for a beginning that is a further piece of the last shape: this
    tells the same text, on another line, and does not begin with a sign that the shape has already, as an equal shape
    does."""
    again = (
        word.pieces
        and piece.first == word.shape
        and piece.run != word.pieces[-1].run
        and not set(word.drawn).intersection(piece.begins)
    )
    is_one_shape = len(piece.text) == len(piece.first)
    word.text += piece.text[len(piece.first) :] if again else piece.text
    word.drawn = (*word.drawn, *piece.ends) if again and is_one_shape else piece.ends
    word.shape = piece.last
    word.pieces.append(piece)


def _font(font: pikepdf.Object, known: dict[tuple[int, int], Font]) -> Font:
    if font.objgen not in known:
        known[font.objgen] = Font(dict(_texts(font.ToUnicode.read_bytes())), dict(_widths(font.DescendantFonts[0])))
    return known[font.objgen]


def _texts(mapping: bytes) -> Iterator[tuple[int, str]]:
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", mapping, re.DOTALL):
        for sign, text in _MAPPED.findall(block):
            yield int(sign, 16), bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", mapping, re.DOTALL):
        for first, last, text in _RANGED.findall(block):
            begun = bytes.fromhex(text.decode()).decode("utf-16-be")
            for sign in range(int(first, 16), int(last, 16) + 1):
                yield sign, begun[:-1] + chr(ord(begun[-1]) + sign - int(first, 16))


def _widths(font: pikepdf.Object) -> Iterator[tuple[int, float]]:
    items = list(font.get("/W", pikepdf.Array()))
    while items:
        first = int(items.pop(0))
        if isinstance(items[0], pikepdf.Array):
            yield from ((first + at, float(one)) for at, one in enumerate(items.pop(0)))
        else:
            last, width = int(items.pop(0)), float(items.pop(0))
            yield from ((sign, width) for sign in range(first, last + 1))
