"""How the text of a CSV is written: found where it can be told, and said wherever it is not the usual way."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from difflib import get_close_matches

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.imports.catalogue_import import RowProblem, Severity
from ...domain.shared.errors import Reason

USUAL, UTF_16, WINDOWS = "utf-8-sig", "utf-16", "windows-1252"
_CALLED = {UTF_16: "UTF-16", WINDOWS: "Windows-1252"}
SEPARATORS = {",": ",", ";": ";", "\t": "Tab", "|": "|"}  # and how each is shown, in any language
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NEAR = 0.75
# Almost any bytes are signs of Windows-1252. It is taken for that only where it reads as the languages of Western
# Europe are written; a name in another encoding would be kept as a row of accents, and nobody would notice.
_ACCENTED = "À-ÖØ-öø-ÿ"
_IN_WORDS = "\u00a0\u00ad·–—‘’"
_BETWEEN = "¡£§©ª«®°-³µº-¿×÷‚“-„•…€™"
_NOT_WESTERN = re.compile(
    f"[^\\x00-\\x7f{_ACCENTED}{_IN_WORDS}{_BETWEEN}]"  # a sign that such a text has no use for
    f"|[A-Za-z{_ACCENTED}][{_BETWEEN}][A-Za-z{_ACCENTED}]"  # one of the others in the middle of a word
    f"|[a-zß-öø-ÿ][À-ÖØ-Þ]"  # a capital there
    f"|[{_ACCENTED}]{{3}}|(?<=[^A-Za-z{_ACCENTED}])[{_ACCENTED}]{{2}}(?=[^A-Za-z{_ACCENTED}])"  # accents alone
)
_LONGEST_LOOK = 3  # so many signs before a piece tell what its first ones are


def encoding_of(pieces: Callable[[], Iterable[bytes]], name: str) -> str:
    """Return by which encoding the whole file is text, as Python calls it: UTF-16 where its byte order mark says so,
    else UTF-8, else Windows-1252, in which older programs of offices write, where it reads as a language of Western
    Europe.

    ``pieces`` gives the content, from the beginning each time. Raises BrokenCatalogue for no content, and for bytes
    of which none of these can be told, with the line of the first that is no UTF-8.
    """
    first = next(iter(pieces()), b"")
    if not first:
        raise BrokenCatalogue(Reason("csv.empty", {}, name))
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if _is_text(pieces(), UTF_16):
            return UTF_16
        raise BrokenCatalogue(Reason("csv.not_utf8", {"byte": f"{first[0]:#04x}"}, f"{name}:1"))
    # A name of a column has no zeros in it: they are halves of wider signs. In a cell they are that row's problem.
    wrong = (1, 0) if 0 in first.partition(b"\n")[0] else _first_wrong(pieces())
    if wrong is None:
        return USUAL
    if _is_text(pieces(), WINDOWS):
        return WINDOWS
    line, byte = wrong
    raise BrokenCatalogue(Reason("csv.not_utf8", {"byte": f"{byte:#04x}"}, f"{name}:{line}"))


def separator_of(header: str, known: Collection[str]) -> str:
    """Return the separator by which most names of the header are known ones; a comma where others do as well."""

    def names(separator: str) -> int:
        try:
            cells = next(csv.reader([header], delimiter=separator), [])
        except csv.Error:
            return 0
        return sum(cell.strip().casefold() in known for cell in cells)

    return max(SEPARATORS, key=names)


def ways_said(sheet: str, encoding: str, separator: str) -> Iterator[RowProblem]:
    """Yield a warning for whatever is not the usual way: whoever sent the file sees how it was read."""
    if encoding in _CALLED:
        yield RowProblem(sheet, 1, "", "csv.read_as", {"encoding": _CALLED[encoding]}, Severity.WARNING)
    if separator != ",":
        yield RowProblem(sheet, 1, "", "csv.separated_by", {"separator": SEPARATORS[separator]}, Severity.WARNING)


def unknown_column(name: str, free: Collection[str], where: str) -> Reason:
    """Return what to say of a column that is none of ours, with the one of those that are not there yet which it may
    have been meant to be: it is never taken for it."""
    near = get_close_matches(name.strip().casefold().replace(" ", "_"), list(free), 1, _NEAR)
    if near:
        return Reason("csv.column_near", {"column": name[:60], "suggestion": near[0]}, where)
    return Reason("csv.column_unknown", {"column": name[:60]}, where)


def _is_text(pieces: Iterable[bytes], encoding: str) -> bool:
    decoder, before = codecs.getincrementaldecoder(encoding)(), ""
    try:
        for piece in pieces:
            text = before + decoder.decode(piece)
            if _CONTROL.search(text) or (encoding == WINDOWS and _NOT_WESTERN.search(text)):
                return False
            before = text[-_LONGEST_LOOK:]
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _first_wrong(pieces: Iterable[bytes]) -> tuple[int, int] | None:
    """Return line and byte of the first place that is no UTF-8."""
    decoder, line = codecs.getincrementaldecoder("utf-8")(), 1
    for piece in pieces:
        try:
            decoder.decode(piece)
        except UnicodeDecodeError as error:
            return line + error.object.count(b"\n", 0, error.start), error.object[error.start]
        line += piece.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return line, error.object[error.start]
    return None
