"""How the end of the chain is written down elsewhere, and read back."""

from __future__ import annotations

import json
from datetime import datetime

from ..shared.canonical import canonical_bytes
from .chain import Head, moment


def written(head: Head) -> bytes:
    """Return the head as one line of JSON, the same for equal heads."""
    return canonical_bytes(
        {
            "number": head.number,
            "hash": head.hash,
            "sealed_at": moment(head.sealed_at),
            "key": head.key,
            "signature": head.signature.hex(),
        }
    )


def read_head(content: bytes | str) -> Head | None:
    """Return the head that was written; None for what holds none, such as a line that the end of the power cut."""
    try:
        row = json.loads(content)
        at = datetime.fromisoformat(row["sealed_at"])
        return Head(int(row["number"]), str(row["hash"]), at, str(row["key"]), bytes.fromhex(row["signature"]))
    except (ValueError, KeyError, TypeError):
        return None
