"""Where the command line begins: it finds the command, and turns every failure into a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from .errors import BAD_INPUT, CommandFailed, complain

if TYPE_CHECKING:
    from cyclopts import App

_COMMANDS = {
    "plan": ("plans.plan:plan", "[FILE]", "Make a dated plan for a case, without any server."),
    "match": ("matches.match:match", "[FILE]", "Hold a case against every programme of a catalogue."),
    "unlock": ("matches.match:unlock", "[FILE]", "Say what would open how many more programmes."),
    "verdict": ("matches.match:verdict", "[FILE] PROGRAMME", "Explain one programme's verdict in full."),
    "check-pack": ("check_pack:check_pack", "FILE...", "Check rule packs, and say what is in them."),
    "serve": ("processes.serve:serve", "", "Start the server on this machine."),
    "work": ("processes.work:work", "", "Carry out jobs, in a process of its own."),
    "relay": ("processes.relay:relay", "", "Hand out work to the workers, in a process of its own."),
    "migrate": ("processes.migrate:migrate", "", "Bring the database and the store of files up to date."),
    "import": ("imports.importing:import_catalogue", "FILE", "Bring a catalogue up to what a file says."),
    "jobs": ("jobs:jobs", "parked | show ID | requeue ID", "Look after jobs that were set aside."),
    "sign-in": ("sign_in:sign_in", "", "Sign in to a server, for the commands that follow."),
    "sign-out": ("sign_in:sign_out", "", "Forget the server and the sign-in."),
    "settings": ("show_settings:settings", "", "List every setting of the server and what it is now."),
}
"""Where each command is, what it takes besides options, and what it is for."""

_PROCESSES = frozenset({"serve", "work", "relay"}) & _COMMANDS.keys()
"""The commands that run on and on, as most machines start them."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in ``argv`` (by default this process's own arguments) and return its exit code.

    0 is a good end, 1 a negative result, 2 input that cannot be used, 130 an interruption.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter gets a question mark instead
    try:
        return _run(sys.argv[1:] if argv is None else list(argv))
    except CommandFailed as failure:
        complain(failure.lines)
        return failure.exit_code
    except ModuleNotFoundError as error:
        if not error.name or error.name.partition(".")[0] == __name__.partition(".")[0]:
            raise
        complain([_incomplete(error.name.partition(".")[0])])
        return BAD_INPUT
    except BrokenPipeError:  # whoever reads has seen enough, such as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _run(arguments: list[str]) -> int:
    """Run the command; errors of the domain are told reason by reason."""
    if len(arguments) == 1 and arguments[0] in _PROCESSES:
        return _process(arguments[0])
    from cyclopts import CycloptsError  # noqa: PLC0415 - not there without the extras, which is told

    from .wrong_usage import sentence_for  # noqa: PLC0415

    try:
        result = _app()(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        raise CommandFailed(f"{sentence_for(error, tuple(_COMMANDS))} Try --help.") from None
    sys.stdout.flush()
    return result if isinstance(result, int) else 0


def _process(name: str) -> int:
    """Run a command that was given no options: nothing has to be read, so what reads options is not loaded."""
    module, _, function = _COMMANDS[name][0].partition(":")
    result: int = getattr(import_module(f".{module}", __package__), function)()
    sys.stdout.flush()
    return result


def _app() -> App:
    from cyclopts import App  # noqa: PLC0415 - not there without the extras

    app = App(
        name="higherstudy",
        help="Plans, verdicts and applications for students preparing for higher study abroad.",
        version=_version,
        help_format="plaintext",
    )
    for name, (where, takes, about) in _COMMANDS.items():
        usage = " ".join(filter(None, ("Usage: higherstudy", name, takes, "[OPTIONS]")))
        app.command(f"{__package__}.{where}", name=name, help=about, usage=usage)
    return app


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - slow, and only asked for by --version

    return version("higherstudy")


def _incomplete(missing: str) -> str:
    return (
        f"The package {missing} is not installed here; the commands need more than the rules alone. Install "
        '"higherstudy[all]" or "higherstudy[server,embedded,postgres]".'
    )
