"""The commands ``message list`` and ``message preview``: what is said to people, before anybody gets it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from ...adapters.bundled.locales import read_tag
from ...adapters.letters.letters import PREFERENCES, JinjaLetters
from ...adapters.letters.reading import samples
from ...adapters.system.clock import SystemClock
from ...domain.shared.errors import DomainError
from ...ports.internet_mail import internet_message
from ...ports.mailbox import Mail
from .errors import CommandFailed, refused, told
from .language import language
from .words import sentences_of

Form = Literal["text", "html", "short", "mail"]
_SENDER, _RECIPIENT = "Higher Study <no-reply@localhost>", "student@example.org"


def list_letters() -> int:
    """List the kinds of messages that there are, each with what it wants to be told."""
    letters = JinjaLetters()
    for kind in sorted(letters.kinds()):
        wanted = ", ".join(sorted(letters.wants(kind, "en"))) or "-"
        sys.stdout.write(f"{kind}: {wanted}\n")
    return 0


def preview(
    kind: Annotated[str, Parameter(name="KIND")],
    /,
    *,
    form: Form = "text",
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    set: Annotated[list[str] | None, Parameter(negative=())] = None,  # noqa: A002 - as it is typed
) -> int:
    """Write a message as it would go out, with what stands for a student of samples.

    Parameters
    ----------
    kind
        Which one; message list names them.
    form
        text and html are the parts of a mail, mail is the whole of it; short goes to telephones and inboxes.
    output
        The file to write; by default it is printed.
    set
        What is otherwise than in the sample, as NAME=VALUE; may be given several times. A list is written as JSON.
    """
    letters = JinjaLetters()
    try:
        letters.wants(kind, language())  # before what is set, which depends on it
        letter = letters.write(kind, language(), _with(set or [], samples(kind, read_tag(language())[0])))
    except DomainError as error:
        raise CommandFailed(*sentences_of(error)) from error
    if form == "mail":
        mail = Mail(f"{kind}-preview", _RECIPIENT, letter.subject, letter.text, html=letter.html)
        shown = internet_message(mail, sender=_SENDER, at=SystemClock().now(), domain="localhost").as_string()
    else:
        shown = {"text": f"{letter.subject}\n\n{letter.text}", "html": letter.html, "short": f"{letter.short}\n"}[form]
    if output is None:
        sys.stdout.write(shown)
    else:
        try:
            output.write_text(shown, encoding="utf-8", newline="")
        except OSError as error:
            raise refused(output, "file_unwritable", detail=error.strerror or str(error)) from None
    return 0


def _with(given: list[str], sample: dict[str, Any]) -> dict[str, Any]:
    """Return the sample with what was given as NAME=VALUE; raise CommandFailed for what it has no place for."""
    params = dict(sample)
    for one in given:
        name, sign, value = one.partition("=")
        if not sign:
            raise CommandFailed(told("name_and_value", given=one[:60]))
        if name not in sample and name != PREFERENCES:
            raise refused("--set", "none_of_forms", given=name[:60], known=", ".join(sorted(sample)) or "-")
        params[name] = _as(sample.get(name, ""), name, value)
    return params


def _as(usual: Any, name: str, value: str) -> Any:
    """Return the value as what usually stands there: a text, a whole number or a list."""
    if isinstance(usual, int):
        try:
            return int(value)
        except ValueError:
            raise refused(f"--set {name}", "whole_number", given=value[:60]) from None
    if isinstance(usual, list):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value  # which the letter refuses by its name
    return value
