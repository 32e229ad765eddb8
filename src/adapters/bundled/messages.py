"""Sentences for codes, in the reader's language. Codes and parameters come from the domain; words stay here."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter

from ...domain.shared.errors import DomainError, Params, Reason

LANGUAGES = ("en",)


class Messages:
    """Turns codes with parameters into sentences of one language, falling back on English, then on the code."""

    def __init__(self, language: str = "en") -> None:
        self.language = language if language in LANGUAGES else "en"

    def sentence(self, code: str, params: Params | None = None) -> str:
        """Return the sentence for the code; a parameter that is missing shows as its name in braces.

        A ``field`` of the profile is named in words where there are any.
        """
        pattern = _texts(self.language).get(code) or _texts("en").get(code)
        if pattern is None:
            return _plain(code, params or {})
        shown = _Shown(params or {})
        if field := _texts(self.language).get(f"field.{shown.get('field')}"):
            shown["field"] = field
        return _FORMATTER.vformat(pattern, (), shown).strip()

    def reason(self, reason: Reason) -> str:
        """Return the sentence for a reason."""
        return self.sentence(reason.code, reason.params)

    def error(self, error: DomainError) -> str:
        """Return the sentence for an error as a whole; its reasons are told one by one besides."""
        pattern = _texts(self.language).get(f"error.{error.code}")
        return pattern or (type(error).__doc__ or error.code).strip().splitlines()[0]


class _Shown(dict[str, str]):
    """Parameters as they are shown."""

    def __init__(self, params: Mapping[str, object]) -> None:
        super().__init__({name: "" if value is None else str(value) for name, value in params.items()})

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


_FORMATTER = Formatter()


def _plain(code: str, params: Params) -> str:
    words = code.replace(".", ": ").replace("_", " ")
    details = ", ".join(f"{name} {value}" for name, value in params.items())
    return f"{words} ({details})" if details else words


@cache
def _texts(language: str) -> dict[str, str]:
    file = resources.files(__package__).joinpath("messages", f"{language}.toml")
    texts: dict[str, str] = {}
    for section, entries in tomllib.loads(file.read_text(encoding="utf-8")).items():
        texts.update({f"{section}.{name}": text for name, text in entries.items()})
    return texts


def known_codes(language: str) -> frozenset[str]:
    """Return the codes that the language has a sentence for."""
    return frozenset(_texts(language))
