"""Where the command line begins: it finds the command, and turns every failure into a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from .errors import BAD_INPUT, CommandFailed, complain, told
from .language import OPTION, VARIABLE, chosen_language

if TYPE_CHECKING:
    from cyclopts import App

_COMMANDS = {
    "plan": ("plans.plan:plan", "[FILE]", "Make a dated plan for a case, without any server."),
    "plan today": ("plans.today:today", "[FILE]", "Say what to do today, the most urgent first."),
    "plan board": ("plans.today:board", "[FILE]", "Show all steps by how far they are."),
    "plan timeline": ("plans.files:timeline", "[FILE]", "Draw the plan as a timeline (SVG)."),
    "plan calendar": ("plans.files:calendar", "[FILE]", "Write the plan as a calendar file (.ics)."),
    "plan why": ("plans.asking:why", "STEP [FILE]", "Say why a step of the plan falls on its days."),
    "plan chance": ("plans.asking:chance", "[FILE]", "Estimate the chance to arrive in time."),
    "match": ("matches.match:match", "[FILE]", "Hold a case against every programme of a catalogue."),
    "unlock": ("matches.match:unlock", "[FILE]", "Say what would open how many more programmes."),
    "verdict": ("matches.match:verdict", "[FILE] PROGRAMME", "Explain one programme's verdict in full."),
    "pack check": ("packs.check:check", "PACK...", "Check rule packs, and say what is in them."),
    "pack list": ("packs.listing:list_packs", "[PACK...]", "List the rule packs in force."),
    "pack facts": ("packs.facts:facts", "[KEY]", "Say which fact holds on a day, and its history."),
    "pack diff": ("packs.diff:diff", "OLD NEW", "Say what differs between two versions of packs."),
    "pack schema": ("packs.schema:schema", "", "Print the JSON Schema of rule packs."),
    "pack impact": ("packs.changing:impact", "FILE", "Say what a rule pack would change for every student."),
    "pack switch-on": ("packs.changing:switch_on", "FILE", "Let a rule pack come into force on a server."),
    "pack back": ("packs.changing:back", "EDITION", "Bring the packs of an earlier edition into force again."),
    "pack editions": ("packs.changing:editions", "", "List which packs were in force on a server, and when."),
    "grade": ("scales.grade:grade", "GRADE --scale SCALE --to SCALE", "Convert a grade to another scale."),
    "score": ("scales.score:score", "TEST [SCORES]", "Check a test result, and see what it corresponds to."),
    "money": ("money:money", "FILE", "Hold money against what a country wants to see."),
    "serve": ("processes.serve:serve", "", "Start the server on this machine."),
    "work": ("processes.work:work", "", "Carry out jobs, in a process of its own."),
    "relay": ("processes.relay:relay", "", "Hand out work to the workers, in a process of its own."),
    "migrate": ("processes.migrate:migrate", "", "Bring the database and the store of files up to date."),
    "doctor": ("doctor:doctor", "", "Say what is wrong with this installation, why, and what mends it."),
    "backup": ("backups.backup:backup", "[FILE]", "Write what this installation keeps into an archive."),
    "restore": ("backups.backup:restore", "ARCHIVE...", "Put back what is in archives."),
    "upgrade-postgres": (
        "backups.backup:upgrade_postgres",
        "",
        "Bring this machine's own database to a newer PostgreSQL.",
    ),
    "rotate-keys": ("rotate_keys:rotate_keys", "", "Change the keys by which papers and factors are sealed."),
    "import": ("imports.importing:import_catalogue", "FILE", "Bring a catalogue up to what a file says."),
    "audit verify": ("audit.asking:verify", "", "Find out whether the audit trail is what was sealed."),
    "audit search": ("audit.asking:search", "", "Look up who did or saw what."),
    "audit export": ("audit.asking:export", "FILE", "Write the audit trail to a file."),
    "message list": ("letters:list_letters", "", "List the kinds of messages, each with what it is told."),
    "message preview": ("letters:preview", "KIND", "Write a message as it would go out."),
    "jobs": ("jobs:jobs", "parked | show ID | requeue ID", "Look after jobs that were set aside."),
    "invariants": ("invariants:invariants", "", "Show whether what must hold over everything stored does."),
    "register": ("sign_in:register", "", "Open an account on a server, and sign in."),
    "sign-in": ("sign_in:sign_in", "", "Sign in to a server, for the commands that follow."),
    "sign-out": ("sign_in:sign_out", "", "End the sign-in, and forget the server."),
    "sessions": ("sign_in:sessions", "", "List where you are signed in, or sign out elsewhere."),
    "account": ("account:account", "", "Show as whom you are signed in, with your ids."),
    "change-password": ("account:change_password", "", "Choose another password."),
    "factors": ("factors:factors", "", "List your second factors, add an app that makes codes, or remove one."),
    "lost-factors": ("factors:lost_factors", "ADDRESS --reason REASON", "Remove what somebody has lost."),
    "identities": ("identities:identities", "", "List which providers sign you in, or remove one."),
    "reset-password": ("sign_in:reset_password", "", "Set a new password by a code that comes by mail."),
    "confirm-email": ("sign_in:confirm_email", "", "Confirm an e-mail address by a code that came by mail."),
    "export": ("rights.export:export", "[ask | list | take]", "Have everything that is kept about you."),
    "report": (
        "reports.report:report",
        "[KIND] [FILE]",
        "Write a report: readiness of a student, or a list for staff.",
    ),
    "erasure": ("rights.erasure:erasure", "[ask | show | cancel]", "Have everything about you erased."),
    "hold": ("rights.erasure:hold", "list | place | lift STUDENT", "Keep a record from being erased."),
    "consent": ("rights.consent:consent", "[list | give | withdraw]", "Say what your data may be used for."),
    "retention": ("rights.retention:retention", "[show | apply]", "Show how long what is kept, or apply it."),
    "keys list": ("keys:list_keys", "", "List your API keys, with their last use."),
    "keys add": ("keys:add_key", "NAME --scope SCOPE", "Make an API key, and print it once."),
    "keys revoke": ("keys:revoke_key", "KEY", "Let an API key be good no more."),
    "service-accounts list": ("keys:list_service_accounts", "", "List the accounts of programs."),
    "service-accounts add": ("keys:add_service_account", "NAME", "Make an account for a program."),
    "service-accounts close": ("keys:close_service_account", "ACCOUNT", "Close an account of a program for good."),
    "accounts sign-out": ("accounts:sign_out_account", "[ACCOUNT] --reason REASON", "Sign an account, or all, out."),
    "roles give": ("keys:give_role", "ACCOUNT ROLE", "Give an account a role."),
    "roles take": ("keys:take_role", "ACCOUNT ROLE", "Take a role from an account."),
    "grants": ("grants:grants", "[give | received | accept | end]", "Let others help with your record, and end it."),
    "queue": ("queue:queue", "", "Say whom of your students to see to first, and what to send."),
    "access": ("grants:access", "STUDENT --reason REASON", "Take access to a record for a while and a reason."),
    "activity": ("account:activity", "", "Show who did or saw what of your record."),
    "settings": ("show_settings:settings", "", "List every setting of the server and what it is now."),
}
"""Where each command is, what it takes besides options, and what it is for; some have two words."""

_GROUPS = {
    "pack": "Check, list, ask and compare rule packs.",
    "keys": "List, make and revoke API keys.",
    "service-accounts": "List, make and close accounts of programs.",
    "accounts": "Look after accounts of others.",
    "roles": "Give and take roles.",
    "message": "List what is said to people, and look at it first.",
    "audit": "Verify, search and export the audit trail.",
}
_FORMER = {"check-pack": "pack check"}
"""Names that commands had before, which still work."""

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
        with chosen_language(sys.argv[1:] if argv is None else argv) as arguments:
            return _run(arguments)
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
    if arguments and arguments[0] not in _GROUPS and " ".join(arguments[:2]) in _COMMANDS:  # a command of two words
        arguments = [" ".join(arguments[:2]), *arguments[2:]]
    from cyclopts import CycloptsError  # noqa: PLC0415 - not there without the extras, which is told

    from .wrong_usage import sentence_for  # noqa: PLC0415

    try:
        result = _app()(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        raise CommandFailed(f"{sentence_for(error, _names(arguments))} {told('try_help')}") from None
    sys.stdout.flush()
    return result if isinstance(result, int) else 0


def _names(arguments: list[str]) -> tuple[str, ...]:
    """Return the commands that could have been meant: those of the group that was named, else all."""
    parts = [name.partition(" ") for name in _COMMANDS]
    if arguments and arguments[0] in _GROUPS:
        return tuple(rest for first, _, rest in parts if first == arguments[0])
    return tuple(dict.fromkeys(first for first, _, _ in parts))


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
        help="Plans, verdicts and applications for students preparing for higher study abroad. Every command takes "
        f"{OPTION} en or bn (or {VARIABLE}) for the language of its sentences.",
        version=_version,
        help_format="plaintext",
    )
    groups = {name: App(name=name, help=about, help_format="plaintext") for name, about in _GROUPS.items()}
    for group in groups.values():
        app.command(group)
    for name, (where, takes, about) in _COMMANDS.items():
        usage = " ".join(filter(None, ("Usage: higherstudy", name, takes, "[OPTIONS]")))
        first, _, rest = name.partition(" ")
        within, called = (groups[first], rest) if first in groups else (app, name)
        within.command(f"{__package__}.{where}", name=called, help=about, usage=usage)
    for name, now in _FORMER.items():
        app.command(f"{__package__}.{_COMMANDS[now][0]}", name=name, help=_COMMANDS[now][2], show=False)
    return app


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - slow, and only asked for by --version

    return version("higherstudy")


def _incomplete(missing: str) -> str:
    return told("package_missing", given=missing)
