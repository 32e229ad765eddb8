"""Reads the files of letters strictly."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from ...domain.shared.dataclass import dataclass

ENGLISH, BANGLA = "en", "bn"
LANGUAGES = (ENGLISH, BANGLA)
WHYS = frozenset({"account", "asked", "offer", "reach", "rights", "studies", "trial", "wanted", "work"})
"""Why somebody gets a letter, as its footer tells it."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says: templates in Jinja, that of the body over Markdown."""

    version: int
    why: str
    subject: str
    short: str
    body: str
    link: str = ""
    """The parameter whose address stands at the end of the short form."""


def kinds() -> tuple[str, ...]:
    """Return the kinds that there are letters of."""
    names = (file.name for file in _folder().joinpath("texts", ENGLISH).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def source_of(kind: str, language: str) -> Source:
    """Return what the file of the letter says; raise ValueError where it is not as it must be."""
    return _source(_read(f"texts/{language}/{kind}.toml"), f"{language}/{kind}.toml")


def _source(said: dict[str, Any], name: str) -> Source:
    try:
        source = Source(**said)
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from None
    texts = (source.why, source.subject, source.short, source.body, source.link)
    if type(source.version) is not int or source.version < 1 or not all(isinstance(one, str) for one in texts):
        raise ValueError(f"{name}: a version from 1 and texts are expected")
    if source.why not in WHYS:
        raise ValueError(f"{name}: why is one of {', '.join(sorted(WHYS))}")
    return source


def footer_of(language: str) -> str:
    """Return the template of what stands below every letter in the language."""
    return str(_read(f"footer.{language}.toml")["footer"])


def samples(kind: str, language: str) -> dict[str, Any]:
    """Return what a letter of the kind might say, with what is otherwise in the language; nothing for no kind."""
    found = dict(_samples().get(kind, {}))
    others = {name: found.pop(name, {}) for name in LANGUAGES}
    return {**found, **others.get(language, {})}


@cache
def _samples() -> dict[str, Any]:
    return _read("samples.toml")


def text_of(name: str) -> str:
    """Return the text of a file that lies here."""
    return _folder().joinpath(name).read_text(encoding="utf-8")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(text_of(name))


def _folder() -> Traversable:
    return resources.files(__package__)
