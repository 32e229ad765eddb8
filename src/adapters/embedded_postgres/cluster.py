"""The data folder: made once, checked at every start, and reached even where its parents are closed."""

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .errors import CannotStart
from .programs import ENVIRONMENT, Account, Programs, run_as

SUPERUSER = "postgres"
OWNER = "higherstudy_owner"
APP = "higherstudy_app"
DATABASE = "higherstudy"


@dataclass(frozen=True)
class Opened:
    """A folder as the server may name it, and the open descriptor that must go with the name, if any."""

    name: str
    fds: tuple[int, ...]


def major_of(data: Path) -> int | None:
    """Return the major version that wrote the data; None when there is no data yet."""
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise CannotStart(
            f"{data / 'PG_VERSION'} does not name a version: this is no PostgreSQL data folder."
        ) from error


def passwords_in(folder: Path) -> dict[str, str]:
    """Return the password of each role, made at random and kept for us alone when there are none yet."""
    path = folder / "passwords.json"
    if path.exists():
        return dict(json.loads(path.read_text()))
    if (folder / "data").exists():
        raise CannotStart(f"{path} is missing, and the data beside it cannot be opened without it.")
    passwords = {role: secrets.token_hex(24) for role in (SUPERUSER, OWNER, APP)}
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(passwords))
    new.rename(path)
    return passwords


def create(
    data: Path, programs: Programs, account: Account | None, passwords: dict[str, str], *, durable: bool
) -> None:
    """Make a data folder with our roles and database; it appears under its name only when it is whole."""
    new = data.with_name(data.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if account is not None:
        os.chown(new, account.uid, account.gid)
    with opened(new, account) as folder:
        _run([*_initdb(programs, folder, durable=durable)], folder, account)
        single = [str(programs.bin / "postgres"), "--single", "-D", folder.name]
        single += [
            "-c",
            "exit_on_error=on",
            "-c",
            "log_checkpoints=off",
            "-c",
            "log_min_error_statement=panic",
            "postgres",
        ]
        _run(single, folder, account, "".join(line + "\n" for line in _first_words(passwords)))
    # Every way in asks for a password; there is no socket in the file system.
    (new / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    new.rename(data)


@contextmanager
def opened(folder: Path, account: Account | None) -> Iterator[Opened]:
    """Give the folder a name that ``account`` can use.

    Where a parent folder is closed to the account (a home of mode 700), root opens the folder and hands the open
    descriptor over: ``/proc/self/fd/N`` leads into it without passing its parents, and their permissions stay as they
    are. Raises CannotStart where the system has no such names.
    """
    if account is None or _can_enter(folder, account):
        yield Opened(str(folder), ())
        return
    if not Path("/proc/self/fd").is_dir():
        raise CannotStart(
            f"The account that runs PostgreSQL cannot enter {folder}: set HIGHERSTUDY_HOME to a folder whose parents "
            "others may pass through, or run as an ordinary user."
        )
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield Opened(f"/proc/self/fd/{fd}", (fd,))
    finally:
        os.close(fd)


def _can_enter(folder: Path, account: Account) -> bool:
    command = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
    return subprocess.run(command, capture_output=True, cwd="/", env=ENVIRONMENT, **run_as(account)).returncode == 0


def _initdb(programs: Programs, folder: Opened, *, durable: bool) -> list[str]:
    """Choose a locale that needs nothing from the machine, where the version has one."""
    locale = ["--locale=C.UTF-8"]
    if programs.major >= 17:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command = [str(programs.bin / "initdb"), "-D", folder.name, "-U", SUPERUSER, "-E", "UTF8", "--auth=reject", *locale]
    return command if durable else [*command, "--no-sync"]


def _first_words(passwords: dict[str, str]) -> list[str]:
    """Return one statement a line: passwords are hexadecimal and names our own, so nothing needs quoting."""
    return [
        f"ALTER ROLE {SUPERUSER} PASSWORD '{passwords[SUPERUSER]}'",
        f"CREATE ROLE {OWNER} LOGIN PASSWORD '{passwords[OWNER]}'",
        f"CREATE ROLE {APP} LOGIN PASSWORD '{passwords[APP]}'",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
        f"REVOKE CONNECT, TEMPORARY ON DATABASE {DATABASE} FROM PUBLIC",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP}",
    ]


def _run(command: list[str], folder: Opened, account: Account | None, said: str = "") -> None:
    done = subprocess.run(
        command,
        input=said,
        capture_output=True,
        text=True,
        cwd="/",
        env=ENVIRONMENT,
        pass_fds=folder.fds,
        **run_as(account),
    )
    if done.returncode != 0:
        program = Path(command[0]).name
        raise CannotStart(f"{program} could not prepare the data folder: {done.stderr.strip() or done.stdout.strip()}")
