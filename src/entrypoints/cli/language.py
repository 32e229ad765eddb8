"""In which language the commands speak: an option of every command, else the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from .errors import refused

OPTION = "--language"
VARIABLE = "HIGHERSTUDY_LANGUAGE"
_OF_THE_SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")
_CHOSEN: ContextVar[str] = ContextVar("language", default="en")


def language() -> str:
    """Return the tag of the language that was chosen, such as ``bn``; English unless somebody chose."""
    return _CHOSEN.get()


def is_english() -> bool:
    """Whether the commands speak English."""
    from ...adapters.bundled.locales import ENGLISH, read_tag  # noqa: PLC0415 - not needed by every command

    return read_tag(language())[0] == ENGLISH


def accepted() -> str:
    """Return what to send a server as Accept-Language."""
    return language().partition(".")[0].replace("_", "-")


@contextmanager
def chosen_language(arguments: Sequence[str], environ: Mapping[str, str] | None = None) -> Iterator[list[str]]:
    """Speak the chosen language within the block; gives the arguments without the option.

    The option goes before HIGHERSTUDY_LANGUAGE, and that before the system's own variables, of which a language that
    there are no sentences in gives English. Raises CommandFailed for such a language in the option or the variable.
    """
    rest, option = _taken_out(arguments)
    given = os.environ if environ is None else environ
    chosen = _checked(option, OPTION) or _checked(given.get(VARIABLE), VARIABLE)
    system = next((given[name] for name in _OF_THE_SYSTEM if given.get(name)), "")
    token = _CHOSEN.set(chosen or (system if _is_known(system) else "en"))
    try:
        yield rest
    finally:
        _CHOSEN.reset(token)


def _taken_out(arguments: Sequence[str]) -> tuple[list[str], str | None]:
    rest: list[str] = []
    option: str | None = None
    waiting = iter(arguments)
    for argument in waiting:
        if argument == OPTION:
            option = next(waiting, "")
        elif argument.startswith(f"{OPTION}="):
            option = argument.partition("=")[2]
        else:
            rest.append(argument)
    return rest, option


def _checked(tag: str | None, where: str) -> str:
    if tag is None or (not tag and where == VARIABLE):
        return ""
    if not _is_known(tag):
        raise refused(where, "no_language", given=tag)
    return tag


def _is_known(tag: str) -> bool:
    from ...adapters.bundled.locales import LANGUAGES, read_tag  # noqa: PLC0415 - only where a language is chosen

    return read_tag(tag)[0] in LANGUAGES if tag else False
