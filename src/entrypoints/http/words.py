"""Sentences for codes, in the language that the request asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from ...adapters.bundled.messages import Messages
from ...adapters.bundled.told import told_change, told_finding, told_outlook, told_verdict
from ...adapters.bundled.told_change import told_what_if
from ...adapters.bundled.told_fact import told_fact, told_figure
from ...domain.matching.verdict import Change, Finding
from ...domain.planning.schedule import Outlook, Schedule
from ...domain.planning.what_if import Assumed, PlanDiff
from ...domain.rulebook.facts import Fact
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


def fact_in_words(fact: Fact) -> str:
    """Return what the fact says and for how long."""
    return told_fact(fact, words())


def figure_in_words(fact: Fact) -> str:
    """Return the fact's value with its unit."""
    return told_figure(fact, words())


def step_title(key: str, otherwise: str) -> str:
    """Return the title of a step by its key, in the language of the request where the packs have it."""
    title = words().name("step", key)
    return otherwise if title == key else title.strip('"')


def finding_in_words(finding: Finding) -> str:
    """Return the sentence of one finding."""
    return told_finding(finding, words())


def change_in_words(change: Change) -> str:
    """Return what the student could do."""
    return told_change(change, words())


def verdict_in_words(finding: Finding) -> str:
    """Return a whole verdict in a few sentences."""
    return told_verdict(finding, words())


def outlook_in_words(outlook: Outlook, schedule: Schedule) -> str:
    """Return how a target of a plan stands, in a few sentences."""
    return told_outlook(outlook, schedule, words())


def what_if_in_words(diff: PlanDiff, assumed: Assumed | None, schedule: Schedule) -> str:
    """Return what a change of a plan comes to, in one sentence that calls the steps as the schedule does."""
    titles = {step.key: text_of(step.task.step) for step in schedule.steps}
    return told_what_if(diff, words().with_steps(titles), assumed)
