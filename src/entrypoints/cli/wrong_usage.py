"""What is wrong with how a command was called, in one sentence."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from cyclopts import CoercionError, CycloptsError, UnknownCommandError, UnusedCliTokensError

from .words import listed

_KINDS = {int: "A whole number", float: "A number"}


def sentence_for(error: CycloptsError, commands: Sequence[str]) -> str:
    """Return the sentence for the error; ``commands`` are those that there are."""
    match error:
        case UnknownCommandError(unused_tokens=[given, *_]):
            near = difflib.get_close_matches(given, commands, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            return f'There is no command "{given}".{hint} There are {listed(list(commands))}.'
        case UnusedCliTokensError(unused_tokens=[*given]):
            return f"This is more than is expected here: {' '.join(given)}."
        case CoercionError(token=token, target_type=kind) if token is not None and kind in _KINDS:
            return f"{token.keyword or 'Value'}: {_KINDS[kind]} is expected; given was {token.value}."
    return _plain(str(error))


def _plain(sentence: str) -> str:
    line = " ".join(sentence.split())
    return line.removesuffix("?.") + "?" if line.endswith("?.") else f"{line.rstrip('.')}."
