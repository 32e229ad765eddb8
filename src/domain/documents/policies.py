"""What may come in as a paper: judged by content, with names that are only ever labels."""

from __future__ import annotations

import unicodedata

from ..shared.errors import Reason
from .errors import FileRefused

LARGEST_FILE = 20 * 1024 * 1024
LONGEST_NAME = 150
_NAMELESS = "document"
_ENDINGS = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/heic": (".heic", ".heif"),
}
ACCEPTED_TYPES = tuple(_ENDINGS)
# ISO 23008-12: the brands by which a file says that it holds HEIF pictures coded with HEVC.
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx"}
_KNOWN_OTHERS = (
    (b"PK\x03\x04", "zip"),  # also DOCX, XLSX, ODT and JAR
    (b"PK\x05\x06", "zip"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"#!", "script"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),  # DOC and XLS from before 2007
    (b"{\\rtf", "rtf"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"GIF8", "gif"),
    (b"RIFF", "riff"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
)
# Joiners that Bangla and other scripts need to be written rightly; every other invisible sign is taken out.
_JOINERS = {"\u200c", "\u200d"}
_NOT_IN_NAMES = set('<>:"|?*')


def content_type_of(head: bytes) -> str:
    """Return the media type that the first bytes show: PDF (ISO 32000), PNG, JPEG or HEIC.

    Raises FileRefused for anything else, saying what it looks like; the file's name and what the sender called it
    play no part.
    """
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "image/heic"
    raise FileRefused(Reason("file.type_not_accepted", {"looks_like": _looks_like(head)}, "file"))


def clean_file_name(given: str, content_type: str) -> str:
    """Return the name as a label: no folders, no control or direction-changing characters, an ending that fits.

    Never empty and at most LONGEST_NAME characters; an ending that does not fit the content gets the right one put
    after it, so that what shows as ``.exe`` cannot be one.
    """
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    visible = "".join(" " if sign.isspace() else sign for sign in last if _may_stay(sign))
    name = " ".join(visible.split()).strip(". ")
    endings = _ENDINGS.get(content_type, ())
    if endings and not name.casefold().endswith(endings):
        name = (name or _NAMELESS) + endings[0]
    return _shortened(name or _NAMELESS)


def _may_stay(sign: str) -> bool:
    if sign in _JOINERS or sign.isspace():
        return True
    return unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn") and sign not in _NOT_IN_NAMES


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    return stem[: LONGEST_NAME - len(dot) - len(ending)] + dot + ending if dot else name[:LONGEST_NAME]


def _looks_like(head: bytes) -> str:
    for begin, name in _KNOWN_OTHERS:
        if head.startswith(begin):
            return name
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return "markup"
    if b"%PDF-" in head:
        return "pdf_after_other_bytes"
    return "text" if head and b"\x00" not in head else "unknown"
