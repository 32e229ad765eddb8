"""Rows about applications: each is held against what its student lets the sender do at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from ...applications.application import Action, Application
from ...applications.policies import begin_problems, unknown_intake
from ...catalogue.programme import Programme
from ...identity.account import normal_email
from ...identity.policies import admitted
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...shared.errors import Invalid, NotFound, Reason
from ...shared.ids import ApplicationId, StudentId
from ..application_rows import ApplicationRow, read_application_row
from ..catalogue_import import Import, RowProblem, Severity
from ..filed import Filed, said_last
from ..given import KeptRow
from ..people_columns import Matched
from .finding import found_programme
from .taken_rows import Around, Became, TakenRow

_MOST = 1_000


async def take_applications(around: Around, rows: Sequence[KeptRow], matched: Matched) -> list[TakenRow]:
    """Return what became of the rows."""
    return [await _take(around, row, matched) for row in rows]


async def _take(around: Around, row: KeptRow, matched: Matched) -> TakenRow:
    try:
        read = read_application_row(matched.cells(row.cells), matched.headers, around.zones)
        student_id = await _student(around, read.student)
        programme = await found_programme(around.work, read.programme, read.institution)
        live = await _live(around, student_id, programme, read)
        if live is None:
            _demand_can_begin(around, programme, read)
    except Invalid as error:
        return around.refused(row.number, error.reasons, matched.headers)
    return TakenRow(row.number, await _file(around, row.number, read, student_id, programme, live))


async def _student(around: Around, given: str) -> StudentId:
    """Return whose application it is.

    Raises Invalid in the same words for a student who does not exist and for one who has not let the sender prepare
    applications, or does so no more.
    """
    student_id = await _named(around, given)
    try:
        if student_id is None:
            raise NotFound
        admitted(around.asker, student_id, Doing.PREPARE_APPLICATIONS)
    except NotFound:
        raise Invalid(Reason("import.no_such_student", {}, "student")) from None
    return student_id


async def _named(around: Around, given: str) -> StudentId | None:
    try:
        return StudentId(UUID(given))
    except ValueError:
        pass
    try:
        account = await around.work.accounts.find_by_email(normal_email(given))
    except Invalid:
        return None
    return None if account is None else account.student_id


async def _live(
    around: Around, student_id: StudentId, programme: Programme, read: ApplicationRow
) -> Application | None:
    for one in await around.work.applications.of_student(student_id, None, _MOST):
        if one.is_live and (one.programme_id, one.term, one.starts_on) == (programme.id, read.term, read.starts_on):
            return one
    return None


def _demand_can_begin(around: Around, programme: Programme, read: ApplicationRow) -> None:
    reasons = list(begin_problems(read.starts_on, around.today))
    if programme.expired or programme.intake(read.term, read.starts_on) is None:
        reasons.append(replace(unknown_intake(programme, read.term, read.starts_on), where="term"))
    if reasons:
        raise Invalid(*reasons)


async def _file(
    around: Around,
    number: int,
    read: ApplicationRow,
    student_id: StudentId,
    programme: Programme,
    live: Application | None,
) -> Became:
    work = around.work
    if live is not None:
        said = said_last(await work.filed_applications.of_application(live.id))
        if {name: value for name, (value, _) in said.items()} == read.says:
            return Became.UNCHANGED
    became = Became.ADDED if live is None else Became.CHANGED
    if around.run.dry_run:
        return became
    admit(work, around.asker, student_id, Doing.PREPARE_APPLICATIONS)
    application = live
    if application is None:
        new_id = ApplicationId(around.ids.new())
        application = Application(new_id, student_id, programme.id, read.term, read.starts_on, work.now)
        await work.applications.add(application)
        work.record(application.started(), application.version)
    filed = Filed(
        import_id=around.run.id,
        row=number,
        application_id=application.id,
        student_id=student_id,
        at=work.now,
        says=read.says,
        columns=read.columns,
        began=live is None,
        application_version=application.version,
    )
    await work.filed_applications.put(filed)
    return became


async def take_applications_back(around: Around, undone: Import, after: int, limit: int) -> list[TakenRow]:
    """Return what became of the next rows of the import that is undone: what they said counts no more, and drafts that
    they began are withdrawn, unless somebody has done something since, which is named."""
    filed = await around.work.filed_applications.of_import(undone.id, after, limit)
    return [await _take_back(around, one) for one in filed]


async def _take_back(around: Around, filed: Filed) -> TakenRow:
    work = around.work
    if filed.undone:
        return TakenRow(filed.row, Became.UNCHANGED)
    try:
        admitted(around.asker, filed.student_id, Doing.PREPARE_APPLICATIONS)
    except NotFound:
        return _kept(around, filed, "import.no_such_student")
    said = list(await work.filed_applications.of_application(filed.application_id))
    later = said[said.index(filed) + 1 :]
    if any(one.import_id != filed.import_id and not one.undone for one in later):
        return _kept(around, filed, "import.filed_since")
    application = await work.applications.get(filed.application_id)
    if filed.began and application.version != filed.application_version:
        return _kept(around, filed, "import.application_moved")
    if not around.run.dry_run:
        admit(work, around.asker, filed.student_id, Doing.PREPARE_APPLICATIONS)
        await work.filed_applications.put(replace(filed, undone=True))
        if filed.began:
            event = application.act(Action.WITHDRAW, work.now, around.run.by)
            await work.applications.save(application)
            work.record(event, application.version)
    return TakenRow(filed.row, Became.REMOVED if filed.began else Became.CHANGED)


def _kept(around: Around, filed: Filed, code: str) -> TakenRow:
    problem = RowProblem(around.run.origin, filed.row, "", code, severity=Severity.WARNING)
    return TakenRow(filed.row, Became.REFUSED, (problem,))
