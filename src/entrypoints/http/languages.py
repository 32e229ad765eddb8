"""In which language a request is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...adapters.bundled.locales import ENGLISH, LANGUAGES, read_tag
from ...adapters.bundled.messages import Messages
from ...domain.rulebook.pack import Rulebook

_MOST = 50  # ranges that are looked at; nobody reads more languages


class Voices:
    """Sentences in each language, with the titles that the packs in force have for things."""

    def __init__(self, rulebook: Callable[[], Rulebook] | None = None) -> None:
        self._rulebook = rulebook
        self._known: dict[tuple[str, bool | None], Messages] = {}

    def answering(self, accept_language: str) -> Messages:
        """Return the sentences in the language that the header likes best."""
        tag = best(accept_language)
        if read_tag(tag) not in self._known:
            self._known[read_tag(tag)] = Messages(tag, rulebook=self._rulebook)
        return self._known[read_tag(tag)]


def best(accept_language: str) -> str:
    """Return the range of the header (RFC 9110, 12.5.4) that is liked best of those there are sentences in.

    English when there is none, also when the header cannot be read. Of ranges liked alike the first one counts.
    """
    liked = [(weight, tag) for tag, weight in _ranges(accept_language) if weight > 0]
    fitting = [(weight, ENGLISH if tag == "*" else tag) for weight, tag in liked if tag == "*" or _is_known(tag)]
    return max(fitting, key=lambda one: one[0], default=(0.0, ENGLISH))[1]


def _is_known(tag: str) -> bool:
    return read_tag(tag)[0] in LANGUAGES


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    for part in header.split(",")[:_MOST]:
        tag, _, weight = part.strip().partition(";")
        yield tag.strip().lower(), _weight(weight.strip())


def _weight(text: str) -> float:
    """Return the weight from 0 to 1; 1 where none is given, 0 for what is no weight."""
    name, _, value = text.partition("=")
    if not text:
        return 1.0
    try:
        weight = float(value) if name.strip().lower() == "q" else 0.0
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
