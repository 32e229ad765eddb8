"""What is wrong with how a command was called, in one sentence."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from cyclopts import CoercionError, CycloptsError, MissingArgumentError, UnknownCommandError, UnusedCliTokensError

from .errors import told
from .words import listed

_KINDS = {int: "whole_number", float: "number"}


def sentence_for(error: CycloptsError, commands: Sequence[str]) -> str:
    """Return the sentence for the error; ``commands`` are those that there are."""
    match error:
        case UnknownCommandError(unused_tokens=[given, *_]):
            near = difflib.get_close_matches(given, commands, n=1)
            hint = f" {told('did_you_mean', given=near[0])}" if near else ""
            return f"{told('no_command', given=given)}{hint} {told('commands', known=listed(list(commands)))}"
        case UnusedCliTokensError(unused_tokens=[*given]):
            return told("more_than_expected", given=" ".join(given))
        case CoercionError(token=token, target_type=kind) if token is not None and kind in _KINDS:
            return f"{token.keyword or told('value')}: {told(_KINDS[kind], given=token.value)}"
        case MissingArgumentError(argument=argument, unused_tokens=None | []) if argument is not None:
            return f"{argument.name}: {told('option_expected')}"
    return _plain(str(error))


def _plain(sentence: str) -> str:
    line = " ".join(sentence.split())
    line = line.rstrip(".")
    return line if line.endswith("?") else f"{line}."
