"""What a new server of one's own holds: the bundled catalogue, and a sample student with her plan."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path

import msgspec

from ...adapters import bundled
from ...adapters.bundled.catalogue import bundled_programmes
from ...adapters.workbooks.catalogue_toml import CatalogueToml
from ...domain.identity.account import Asker, Role
from ...domain.identity.errors import SignInRefused
from ...domain.planning.case import Case, read_case
from ...domain.planning.plan import Plan
from ...domain.planning.target import TargetRef
from ...domain.profile.writing import profile_data
from ...domain.shared.errors import RuleBroken
from ..wiring.containers.every import UseCases
from .accounts import Kept, Sample, SignIn, account_of, asking, kept_in, new_sign_in, record_of

STUDENT_EMAIL = "sample.student@example.org"
ADMIN_EMAIL = "sample.admin@example.org"
_CASE = "dhaka-master-germany.toml"


async def seed(path: Path, use_cases: UseCases, tell: Callable[[str], None]) -> Sample:
    """Return the sample accounts, after filling a new store once; a start that was broken off is completed."""
    kept = _read(path) or kept_in(path, Kept(new_sign_in(STUDENT_EMAIL), new_sign_in(ADMIN_EMAIL)))
    if kept.done:
        return Sample(kept, path, await _asker(use_cases, kept.student))
    tell("filling the store with sample data")
    admin = await account_of(use_cases, kept.admin)
    keeper = Asker(admin.id, frozenset({Role.ADMIN}))
    await use_cases.grant_role()(keeper, admin.id, Role.ADMIN)
    await _import_bundled(use_cases, keeper)
    student = asking(await account_of(use_cases, kept.student))
    await _fill(use_cases, student)
    kept = kept_in(path, Kept(kept.student, kept.admin, done=True))
    return Sample(kept, path, student)


async def _import_bundled(use_cases: UseCases, keeper: Asker) -> None:
    folder = resources.files(bundled).joinpath("catalogue")
    for file in sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name):
        with resources.as_file(file) as path:
            await use_cases.import_catalogue()(keeper, CatalogueToml(path))


async def _fill(use_cases: UseCases, student: Asker) -> None:
    """Give the sample student her profile, her plan and her reports, by the same use cases as anybody."""
    student_id = record_of(student)
    plans = (await use_cases.list_plans()(student, student_id)).plans
    case = _case(use_cases)
    if plans:
        plan = plans[0].plan
    else:
        await use_cases.change_profile()(student, student_id, profile_data(case.profile))
        targets = await _targets(use_cases, case)
        if not targets:  # all of the sample's intakes have begun by now
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


async def _asker(use_cases: UseCases, sign_in: SignIn) -> Asker | None:
    """Return the account as an asker, None where it is gone or has another password by now."""
    try:
        return asking(await use_cases.sign_in()(sign_in.email, sign_in.password))
    except SignInRefused:
        return None


def _read(path: Path) -> Kept | None:
    return msgspec.json.decode(path.read_bytes(), type=Kept) if path.exists() else None
