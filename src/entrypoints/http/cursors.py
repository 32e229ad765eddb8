"""Cursors: where a page of a list ended, as one opaque word."""

from __future__ import annotations

import base64
import binascii
from typing import TypeVar

import msgspec

from ...domain.shared.errors import Invalid, Reason

T = TypeVar("T")
_LONGEST = 2000


def cursor(position: object) -> str:
    """Return the position as a word that clients hand back and need not understand."""
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).rstrip(b"=").decode()


def position(word: str | None, kind: type[T]) -> T | None:
    """Return the position in the word, None without one; raise Invalid for anything that ``cursor`` did not make."""
    if word is None:
        return None
    try:
        if len(word) > _LONGEST:
            raise ValueError(word)
        content = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        found = msgspec.json.decode(content, type=kind, strict=True)
        if b"\\u0000" in content:
            raise ValueError(word)
    except (ValueError, binascii.Error, UnicodeError, RecursionError):  # msgspec's errors are ValueErrors
        raise Invalid(Reason("request.broken_cursor", {}, "cursor")) from None
    return found
