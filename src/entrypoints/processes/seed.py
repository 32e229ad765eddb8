"""What a new server of one's own holds: the bundled catalogue, and a sample student with her plan."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TypeVar

import msgspec
import structlog

from ...adapters import bundled
from ...adapters.bundled.catalogue import bundled_programmes
from ...adapters.folder.writing import keep, new_file
from ...adapters.workbooks.catalogue_toml import CatalogueToml
from ...domain.identity.account import Account, Asker, Role
from ...domain.identity.errors import EmailTaken, SignInRefused
from ...domain.planning.case import Case, read_case
from ...domain.planning.plan import Plan
from ...domain.planning.target import TargetRef
from ...domain.profile.writing import profile_data
from ...domain.shared.errors import RuleBroken
from ...domain.shared.ids import StudentId
from ..wiring import UseCases

STUDENT_EMAIL = "sample.student@example.org"
ADMIN_EMAIL = "sample.admin@example.org"
S = TypeVar("S", bound=msgspec.Struct)
_log = structlog.get_logger("higherstudy.seed")
_CASE = "dhaka-master-germany.toml"


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
        return _record_of(self.student)


async def seed(path: Path, use_cases: UseCases, tell: Callable[[str], None]) -> Sample:
    """Return the sample accounts, after filling a new store once; a start that was broken off is completed."""
    kept = _read(path) or _keep(path, Kept(_new(STUDENT_EMAIL), _new(ADMIN_EMAIL)))
    if kept.done:
        return Sample(kept, path, await _asker(use_cases, kept.student))
    tell("filling the store with sample data")
    admin = await _account(use_cases, kept.admin)
    keeper = Asker(admin.id, frozenset({Role.ADMIN}))
    await use_cases.grant_role()(keeper, admin.id, Role.ADMIN)
    await _import_bundled(use_cases, keeper)
    student = _asking(await _account(use_cases, kept.student))
    await _fill(use_cases, student)
    kept = _keep(path, Kept(kept.student, kept.admin, done=True))
    return Sample(kept, path, student)


async def make_first_admin(path: Path, email: str, use_cases: UseCases) -> None:
    """Make an administrator with a password of our own making, kept in the file.

    An account that somebody else has opened under the address is left as it is: having the address proves nothing.
    """
    kept = _kept_sign_in(path)
    sign_in = kept or _keep(path, _new(email))
    try:
        account = await _account(use_cases, sign_in)
    except SignInRefused:
        if kept is None:  # another process with a home of its own was first: this password opens nothing
            path.unlink()  # noqa: ASYNC240 - once, at the start
        _log.warning("the address of ADMIN_EMAIL has an account already; it was left as it is")
        return
    await use_cases.grant_role()(Asker(account.id, frozenset({Role.ADMIN})), account.id, Role.ADMIN)


async def _import_bundled(use_cases: UseCases, keeper: Asker) -> None:
    folder = resources.files(bundled).joinpath("catalogue")
    for file in sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name):
        with resources.as_file(file) as path:
            await use_cases.import_catalogue()(keeper, CatalogueToml(path))


async def _fill(use_cases: UseCases, student: Asker) -> None:
    """Give the sample student her profile, her plan and her reports, by the same use cases as anybody."""
    student_id = _record_of(student)
    plans = (await use_cases.list_plans()(student, student_id)).plans
    case = _case(use_cases)
    if plans:
        plan = plans[0].plan
    else:
        await use_cases.change_profile()(student, student_id, profile_data(case.profile))
        targets = await _targets(use_cases, case)
        if not targets:
            _log.warning("all targets of the sample student have begun by now; she gets no plan")
            return
        plan = (await use_cases.make_plan()(student, student_id, targets)).plan
    await _report(use_cases, student, plan, case)


def _case(use_cases: UseCases) -> Case:
    text = resources.files(bundled).joinpath("sample", _CASE).read_text(encoding="utf-8")
    programmes = {programme.key: programme for programme in bundled_programmes()}
    return read_case(text, _CASE, use_cases.rule_packs().rulebook(), programmes, use_cases.zones().named)


async def _targets(use_cases: UseCases, case: Case) -> list[TargetRef]:
    """Return the case's targets that are still to begin, with the ids that their programmes have in this store."""
    keys = {programme.id: programme.key for programme in bundled_programmes()}
    refs = []
    async with use_cases.transactions()() as work:
        for target in case.targets:
            programme = await work.catalogue.find_by_key(keys[target.ref.programme_id])
            if programme is not None and target.ref.starts_on > work.now.date():
                refs.append(TargetRef(programme.id, target.ref.term, target.ref.starts_on))
    return refs


async def _report(use_cases: UseCases, student: Asker, plan: Plan, case: Case) -> None:
    """Report what the case says, predecessors first; what today's rules refuse is left for the student to see."""
    open_reports = {key: report for key, report in case.reports.items() if key not in plan.reports}
    version, before = plan.version, -1
    while open_reports and len(open_reports) != before:
        before = len(open_reports)
        for key, report in list(open_reports.items()):
            try:
                found, _ = await use_cases.report_step()(student, plan.id, key, report, version)
            except RuleBroken:
                continue
            version = found.plan.version
            del open_reports[key]


async def _account(use_cases: UseCases, sign_in: SignIn) -> Account:
    """Return the account, registered now unless it was before."""
    try:
        return await use_cases.register()(sign_in.email, sign_in.password)
    except EmailTaken:
        return await use_cases.sign_in()(sign_in.email, sign_in.password)


async def _asker(use_cases: UseCases, sign_in: SignIn) -> Asker | None:
    """Return the account as an asker, None where it is gone or has another password by now."""
    try:
        return _asking(await use_cases.sign_in()(sign_in.email, sign_in.password))
    except SignInRefused:
        return None


def _asking(account: Account) -> Asker:
    return Asker(account.id, account.roles, account.student_id)


def _record_of(student: Asker) -> StudentId:
    if student.student_id is None:
        raise LookupError("the sample student has no record")
    return student.student_id


def _new(email: str) -> SignIn:
    return SignIn(email, secrets.token_urlsafe(18))


def _read(path: Path) -> Kept | None:
    return msgspec.json.decode(path.read_bytes(), type=Kept) if path.exists() else None


def _kept_sign_in(path: Path) -> SignIn | None:
    return msgspec.json.decode(path.read_bytes(), type=SignIn) if path.exists() else None


def _keep(path: Path, content: S) -> S:
    """Write it where only we can read it, and return it."""
    with new_file(path.parent) as (file, new):
        file.write(msgspec.json.format(msgspec.json.encode(content)))
        keep(file, new, path)
    return content
