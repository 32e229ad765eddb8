"""How days, moments, people and codes are written for people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from ...adapters.bundled.locales import Locale
from ...adapters.bundled.messages import Messages
from ...adapters.bundled.told_fact import told_fact, told_figure
from ...domain.rulebook.facts import Fact
from ...domain.rulebook.pack import Rulebook
from ...domain.shared.errors import DomainError, Params, Reason
from .language import is_english, language

_LINE = re.compile(r"at line (\d+), column")
_OWNERS = {"student": "you"}
CONFIDENCE = {
    "H": "official text read",
    "M": "third parties agree, or official but old",
    "L": "one third party only",
    "U": "unverified",
}


def locale() -> Locale:
    """Return how the language of this run writes days and numbers."""
    return Messages(language()).locale


def say(code: str, **params: str | int | bool | None) -> str:
    """Return a sentence or a heading of the pages, in the language of this run."""
    return Messages(language()).sentence(f"page.{code}", params)


def scope(code: str) -> str:
    """Return what somebody with the scope may do, in the language of this run."""
    return Messages(language()).sentence(f"grant.scope_{code}")


def sentence(code: str, **params: str | int | bool | None) -> str:
    """Return the sentence for a code of the domain, in the language of this run."""
    return Messages(language()).sentence(code, params)


def named(kind: str, code: str) -> str:
    """Return what a code is called in the language of this run; without its underlines where it has no name."""
    name = Messages(language()).name(kind, code)
    return code.replace("_", " ") if name == code else name


def day(value: date) -> str:
    """Return the day as 7 Jan 2027, in the language of this run."""
    return locale().short_day(value)


def weekday(value: date) -> str:
    """Return the day as Thursday, 7 Jan 2027."""
    return f"{locale().weekday(value)}, {day(value)}"


def moment(value: datetime) -> str:
    """Return the local time as 7 Jan 2027, 23:59."""
    return f"{day(value.date())}, {locale().digits(f'{value:%H:%M}')}"


def local(sent: str) -> str:
    """Return a moment as the server sends it in the local time, as ``moment`` does."""
    return moment(datetime.fromisoformat(sent).astimezone())


def days(count: int) -> str:
    """Return the count as 1 day or 7 days."""
    return say("days", days=count)


def counted(count: int, noun: str) -> str:
    """Return the count with its English noun in the right number."""
    return f"{count} {noun}" if abs(count) == 1 else f"{count} {noun}s"


def owner(code: str) -> str:
    """Return who does a step, seen from the student; in English in one word, as it suits a narrow column."""
    return _OWNERS.get(code, code) if is_english() else named("owner", code)


def trust() -> str:
    """Return what the letters in brackets mean that say how far a figure can be trusted."""
    return say("letters", letters="; ".join(f"{letter} {say(f'trust_{letter.lower()}')}" for letter in CONFIDENCE))


def listed(parts: list[str]) -> str:
    """Return the parts as one, two and three, in the language of this run."""
    return locale().listed(parts)


class Words:
    """Sentences for codes in the language of this run, with the titles that the rulebook and a plan have for them."""

    def __init__(self, rulebook: Rulebook, steps: Mapping[str, str] | None = None) -> None:
        self.messages = Messages(language(), rulebook=lambda: rulebook, steps=steps)

    def sentence(self, code: str, params: Params | None = None) -> str:
        """Return the sentence for the code, with days and titles written out."""
        return self.messages.sentence(code, params)

    def reason(self, reason: Reason) -> str:
        """Return the sentence for the reason."""
        return self.messages.reason(reason)

    def text(self, thing: object, attribute: str = "title") -> str:
        """Return a text of a thing in a rule pack, in the language of this run where it has it."""
        return self.messages.text(thing, attribute)

    def figure(self, fact: Fact) -> str:
        """Return the fact's value with its unit."""
        return told_figure(fact, self.messages)

    def fact(self, fact: Fact) -> str:
        """Return what the fact says and for how long."""
        return told_fact(fact, self.messages)

    def step(self, key: str, otherwise: str) -> str:
        """Return the title of a plan's step by its key, or else the other one."""
        title = self.messages.name("step", key)
        return otherwise if title == key else title.strip('"')

    def paper(self, code: str) -> str:
        """Return the title of a kind of paper."""
        title = self.messages.name("paper", code)
        return code.replace("_", " ") if title == code else title

    def test(self, code: str) -> str:
        """Return the title of a test."""
        return self.messages.name("test", code)


def sentences_of(error: DomainError, place: str = "") -> list[str]:
    """Return one line for each reason of the error, each with its place; the error's own sentence without any."""
    messages = Messages(language())
    if not error.reasons:
        return [_at(place, messages.error(error))]
    return [
        _at(_with_line(reason, reason.where or place), _with_place(messages.reason(reason), reason))
        for reason in error.reasons
    ]


def _with_line(reason: Reason, place: str) -> str:
    """Add the line to the place of a file that is no TOML; the parser tells it inside its own sentence."""
    line = _LINE.search(str(reason.params.get("detail", ""))) if reason.code.endswith(".not_toml") else None
    return f"{place}:{line[1]}" if line else place


def _with_place(sentence: str, reason: Reason) -> str:
    inside = reason.params.get("place")
    return f"{inside}: {sentence}" if inside else sentence


def _at(place: str, sentence: str) -> str:
    return f"{place}: {sentence}" if place else sentence
