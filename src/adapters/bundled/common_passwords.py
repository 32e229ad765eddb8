"""The list of common passwords that ships: the first bytes of the SHA-256 of each, sorted, behind a head of text."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable

WIDTH = 5
"""Bytes of each entry: of a million texts that are not on the list, hardly one seems to be."""
_LIST = "common_passwords.bin"


class BundledCommonPasswords:
    """Looks texts up in a file, read when it is first asked; where the words come from stands in its head."""

    def __init__(self, file: Traversable | None = None) -> None:
        self._file = file or resources.files(__package__) / _LIST

    def has(self, folded: str) -> bool:
        entry = hashlib.sha256(folded.encode("utf-8", "replace")).digest()[:WIDTH]
        entries = self._entries
        at = bisect_left(range(len(entries) // WIDTH), entry, key=lambda at: entries[at * WIDTH : (at + 1) * WIDTH])
        return entries[at * WIDTH : (at + 1) * WIDTH] == entry

    @cached_property
    def _entries(self) -> bytes:
        return self._file.read_bytes().partition(b"\n\n")[2]
