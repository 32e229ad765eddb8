"""One form for equal data: the same content always gives the same bytes and so the same hash."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical_bytes(data: Mapping[str, Any]) -> bytes:
    """Return the data as UTF-8 JSON with sorted keys and no blanks.

    Raises TypeError for a float, which would not be exact, and for anything else that JSON does not know.
    """
    _refuse_floats(data)
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of the content as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float; give decimals as text")
    if isinstance(value, Mapping):
        for part in value.values():
            _refuse_floats(part)
    elif isinstance(value, list | tuple):
        for part in value:
            _refuse_floats(part)
