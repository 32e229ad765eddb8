"""Where the command line begins: it finds the command, and turns every failure into a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from .errors import BAD_INPUT, CommandFailed, complain

_COMMANDS = {
    "plan": ("plan:plan", "Make a dated plan for a case, without any server."),
    "match": ("match:match", "Hold a case against every programme of a catalogue."),
    "verdict": ("match:verdict", "Explain one programme's verdict in full."),
    "check-pack": ("check_pack:check_pack", "Check rule packs, and say what is in them."),
    "serve": ("serve:serve", "Start the server on this machine."),
    "import": ("importing:import_catalogue", "Bring a catalogue up to what a file says."),
    "sign-in": ("sign_in:sign_in", "Sign in to a server, for the commands that follow."),
    "sign-out": ("sign_in:sign_out", "Forget the server and the sign-in."),
    "settings": ("show_settings:settings", "List every setting of the server and what it is now."),
}


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
    except CycloptsError as error:
        complain([f"{_plain(str(error))} Try --help."])
        return BAD_INPUT
    except BrokenPipeError:  # whoever reads has seen enough, such as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _run(arguments: list[str]) -> int:
    """Run the command; errors of the domain are told reason by reason."""
    result = _app()(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    sys.stdout.flush()
    return result if isinstance(result, int) else 0


def _app() -> App:
    app = App(
        name="higherstudy",
        help="Plans, verdicts and applications for students preparing for higher study abroad.",
        version=_version,
        help_format="plaintext",
    )
    for name, (where, about) in _COMMANDS.items():
        app.command(f"{__package__}.{where}", name=name, help=about)
    return app


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - slow, and only asked for by --version

    return version("higherstudy")


def _plain(sentence: str) -> str:
    line = " ".join(sentence.split())
    return line.removesuffix("?.") + "?" if line.endswith("?.") else f"{line.rstrip('.')}."
