"""Sentences for codes, in the language of the answers."""

from __future__ import annotations

from ...adapters.bundled.messages import Messages
from ...domain.shared.errors import DomainError, Params, Reason

_WORDS = Messages()


def sentence(code: str, params: Params | None = None) -> str:
    """Return the sentence for the code."""
    return _WORDS.sentence(code, params)


def sentence_of(reason: Reason) -> str:
    """Return the sentence for a reason."""
    return _WORDS.reason(reason)


def title_of(error: DomainError) -> str:
    """Return the sentence for an error as a whole."""
    return _WORDS.error(error)


class InWords:
    """The sentences as a port, in the language of the answers."""

    def sentence(self, code: str, params: Params | None = None) -> str:
        """Return the sentence for the code."""
        return sentence(code, params)
