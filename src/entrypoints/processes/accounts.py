"""Accounts that a server makes for itself, and the files in which their passwords are kept for whoever runs it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec
import structlog

from ...adapters.folder.writing import keep, new_file
from ...domain.identity.account import Account, Asker, Role
from ...domain.identity.errors import EmailTaken, SignInRefused
from ...domain.shared.ids import StudentId

if TYPE_CHECKING:
    from ..wiring.containers.first import FirstUseCases

S = TypeVar("S", bound=msgspec.Struct)
_log = structlog.get_logger("higherstudy.seed")


class SignIn(msgspec.Struct, frozen=True):
    """How to sign in to a sample account."""

    email: str
    password: str


class Kept(msgspec.Struct, frozen=True):
    """What the file of sample accounts holds; ``done`` once everything is there."""

    student: SignIn
    admin: SignIn
    done: bool = False


@dataclass(frozen=True)
class Sample:
    """The sample accounts, and where their passwords stand."""

    sign_ins: Kept
    path: Path
    student: Asker | None

    @property
    def student_id(self) -> StudentId:
        """The sample student's record."""
        if self.student is None:
            raise LookupError("there is no sample student any more")
        return record_of(self.student)


async def make_first_admin(path: Path, email: str, use_cases: FirstUseCases) -> None:
    """Make an administrator with a password of our own making, kept in the file.

    An account that somebody else has opened under the address is left as it is: having the address proves nothing.
    """
    kept = _kept_sign_in(path)
    sign_in = kept or kept_in(path, new_sign_in(email))
    try:
        account = await account_of(use_cases, sign_in)
    except SignInRefused:
        if kept is None:  # another process with a home of its own was first: this password opens nothing
            path.unlink()  # noqa: ASYNC240 - once, at the start
        _log.warning("the address of ADMIN_EMAIL has an account already; it was left as it is")
        return
    await use_cases.grant_role()(Asker(account.id, frozenset({Role.ADMIN})), account.id, Role.ADMIN)


async def account_of(use_cases: FirstUseCases, sign_in: SignIn) -> Account:
    """Return the account, registered now unless it was before."""
    try:
        return await use_cases.register()(sign_in.email, sign_in.password)
    except EmailTaken:
        return await use_cases.sign_in()(sign_in.email, sign_in.password)


def asking(account: Account) -> Asker:
    """Return the account as one who asks."""
    return Asker(account.id, account.roles, account.student_id)


def record_of(student: Asker) -> StudentId:
    """Return the record of the sample student."""
    if student.student_id is None:
        raise LookupError("the sample student has no record")
    return student.student_id


def new_sign_in(email: str) -> SignIn:
    """Return a sign-in with a password that nobody has chosen."""
    return SignIn(email, secrets.token_urlsafe(18))


def _kept_sign_in(path: Path) -> SignIn | None:
    return msgspec.json.decode(path.read_bytes(), type=SignIn) if path.exists() else None


def kept_in(path: Path, content: S) -> S:
    """Write it where only we can read it, and return it."""
    with new_file(path.parent) as (file, new):
        file.write(msgspec.json.format(msgspec.json.encode(content)))
        keep(file, new, path)
    return content
