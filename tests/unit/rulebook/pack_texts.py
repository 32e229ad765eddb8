"""Packs as texts, as short as they can be; a test names only what differs."""

from higherstudy.domain.rulebook.pack import RulePack
from higherstudy.domain.rulebook.reading import read_pack


def head(pack: str = "sample", layer: str = "") -> str:
    """Return the head of a pack of this id, with one source, on ten lines or eleven."""
    said = f'layer = "{layer}"\n' if layer else ""
    return f"""[pack]
id = "{pack}"
title = "Sample"
version = "1"
review_by = 2027-01-01
{said}[[sources]]
id = "page"
title = "A page"
kind = "official"
retrieved_on = 2026-11-01
"""


def fact(fact_id: str, value: str = "1", *, key: str = "rate", more: str = "") -> str:
    """Return a fact on six lines, and what is more."""
    text = f'[[facts]]\nid = "{fact_id}"\nkey = "{key}"\nvalue = "{value}"\nsource = "page"\nconfidence = "M"\n'
    return f"{text}{more}\n" if more else text


def pack_of(text: str, pack: str = "sample", layer: str = "") -> RulePack:
    """Return the pack with this head and text, as read from a file named like it."""
    return read_pack(head(pack, layer) + text, f"{pack}.toml")
