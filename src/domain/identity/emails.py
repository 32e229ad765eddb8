"""What an e-mail address may look like, so that none passes for another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_IN_NAMES = frozenset("#$&'*+-/=?^_`{|}~")  # RFC 5322, 3.2.3, without ! and %, by which mail once was routed
_TOGETHER = frozenset({"CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL"})
"""Scripts that one word is written in together (Unicode UTS 39, 5.2)."""


def is_address(address: str) -> bool:
    """Whether it is a plain address (RFC 5321, 6531) in letters that have no other form that looks the same.

    Quoted names, comments and addresses of networks are refused: nobody's mail needs them.
    """
    name, at, host = address.rpartition("@")
    if not at or unicodedata.normalize("NFKC", address) != address:
        return False
    labels = host.split(".")
    return all(map(_is_atom, name.split("."))) and len(labels) > 1 and all(map(_is_label, labels))


def mixed_in(address: str) -> str | None:
    """Return the first part of the address with letters of several scripts, as a Cyrillic one among Latin ones; None
    where there is none."""
    name, _, host = address.rpartition("@")
    return next((part for part in (name, *host.split(".")) if _is_mixed(part)), None)


def _is_atom(part: str) -> bool:
    return bool(part) and all(_is_word(sign) or sign in _IN_NAMES for sign in part)


def _is_label(part: str) -> bool:
    edges = part[:1] + part[-1:]
    return bool(part) and "-" not in edges and len(part) <= 63 and all(_is_word(sign) or sign == "-" for sign in part)


def _is_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN"


def _is_mixed(part: str) -> bool:
    scripts = set(_scripts(part))
    if scripts & _TOGETHER:  # which go with Latin letters too
        scripts -= _TOGETHER | {"LATIN"}
        return bool(scripts)
    return len(scripts) > 1


def _scripts(part: str) -> Iterator[str]:
    """Yield the script of each letter, which is the first word of the letter's name."""
    for sign in part:
        if unicodedata.category(sign)[0] == "L":
            yield unicodedata.name(sign, "?").partition(" ")[0]
