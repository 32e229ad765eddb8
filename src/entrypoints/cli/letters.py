"""The commands ``message list`` and ``message preview``: what is said to people, before anybody gets it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from ...adapters.letters.letters import JinjaLetters
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
        What is otherwise than in the sample, as NAME=VALUE; may be given several times.
    """
    params: dict[str, Any] = samples(kind, language())
    for given in set or ():
        name, sign, value = given.partition("=")
        if not sign:
            raise CommandFailed(told("name_and_value", given=given[:60]))
        params[name] = value
    try:
        letter = JinjaLetters().write(kind, language(), params)
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
