"""Sentences for the codes that a server sends: our own where we know the code, else the server's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...adapters.bundled.messages import known_codes
from .words import Words


def said(coded: Mapping[str, Any], words: Words, section: str = "") -> str:
    """Return the sentence for ``{code, params, message}``, with days and titles written out.

    ``section`` stands before a code that comes without one.
    """
    code = str(coded["code"])
    full = f"{section or code}.{code}" if "." not in code else code
    return words.sentence(full, coded["params"]) if full in known_codes("en") else str(coded["message"])
