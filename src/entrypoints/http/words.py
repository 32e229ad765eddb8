"""Sentences for codes, in the language that the request asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from ...adapters.bundled.messages import Messages
from ...domain.shared.errors import DomainError, Params, Reason


@dataclass(slots=True)
class Voice:
    """What a request is answered with; ``has_spoken`` once anything of the answer depends on the language."""

    messages: Messages
    has_spoken: bool = False


_VOICE: ContextVar[Voice] = ContextVar("voice")


@contextmanager
def speaking(messages: Messages) -> Iterator[Voice]:
    """Say everything within the block in the language of these sentences."""
    voice = Voice(messages)
    token = _VOICE.set(voice)
    try:
        yield voice
    finally:
        _VOICE.reset(token)


def words() -> Messages:
    """Return the sentences of this request; in English outside of any."""
    voice = _VOICE.get(None)
    if voice is None:
        return Messages()
    voice.has_spoken = True
    return voice.messages


def spoken_in() -> str:
    """Return the language in which something of the answer was said already; empty when nothing was."""
    voice = _VOICE.get(None)
    return voice.messages.language if voice is not None and voice.has_spoken else ""


def sentence(code: str, params: Params | None = None) -> str:
    """Return the sentence for the code."""
    return words().sentence(code, params)


def sentence_of(reason: Reason) -> str:
    """Return the sentence for a reason."""
    return words().reason(reason)


def title_of(error: DomainError) -> str:
    """Return the sentence for an error as a whole."""
    return words().error(error)


def text_of(thing: object, attribute: str = "title") -> str:
    """Return a text that a thing of a rule pack carries itself, in the language of the request where it has it."""
    return words().text(thing, attribute)


def step_title(key: str, otherwise: str) -> str:
    """Return the title of a step by its key, in the language of the request where the packs have it."""
    title = words().name("step", key)
    return otherwise if title == key else title.strip('"')
