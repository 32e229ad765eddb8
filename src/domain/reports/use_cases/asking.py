"""Asking for a report, seeing how far it is, and having its file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from ....ports.ids import Ids
from ....ports.jobs import Job, Priority
from ....ports.paper_links import LinkedPaper, PaperLinks
from ....ports.transactions import Transactions, UnitOfWork
from ...audit.deed import Deed
from ...documents.use_cases.papers import Link
from ...identity.account import Asker
from ...identity.use_cases.admitting import admit
from ...planning.plan import Plan
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound, Reason, RuleBroken
from ...shared.ids import DocumentId, JobId, PlanId, ReportId
from ..policies import NEEDED, demand_list
from ..report import CONTENT_TYPES, Form, Kind, Report, check_form

MAKE_REPORT = "make_report"
"""The name of the job that makes the file."""
GIVEN_UP = timedelta(hours=6)
"""A report that takes longer than that is not waited for any more: its job was set aside."""
MOST_SHOWN = 100


@dataclass(frozen=True)
class AskForReport:
    """Have a report made."""

    transactions: Transactions
    ids: Ids

    async def __call__(
        self, asker: Asker, kind: Kind, form: Form, language: str, plan_id: PlanId | None = None
    ) -> Report:
        """Return the report that has begun, or the same one where it is being made already.

        A readiness report is about the plan, by default the asker's own newest. Raises NotFound where the asker may not
        see what would be in it, Forbidden for lists of staff, Invalid for a form in which it does not come, RuleBroken
        without any plan.
        """
        check_form(kind, form)
        async with self.transactions(asker.origin) as work:
            plan = await self._plan(work, asker, plan_id) if kind is Kind.READINESS else None
            if plan is None:
                demand_list(asker)
            elif await work.erasures.is_fenced(plan.student_id):
                raise Conflict
            report = Report(
                ReportId(self.ids.new()),
                kind,
                form,
                language,
                asker.account_id,
                work.now,
                None if plan is None else plan.student_id,
                None if plan is None else plan.id,
            )
            for known in await work.reports.of_account(asker.account_id, MOST_SHOWN):
                if known.is_open and known.asked_at > work.now - GIVEN_UP and _is_same(known, report):
                    return known
            await work.reports.add(report)
            await work.jobs.add(
                Job(
                    JobId(self.ids.new()),
                    MAKE_REPORT,
                    work.now,
                    arguments={"report": str(report.id)},
                    key=f"report {report.id}",
                    priority=Priority.NORMAL,
                    origin=asker.origin,
                )
            )
            work.note(Deed("report.asked", "report", report.id, report.student_id, details={"kind": kind.value}))
        return report

    async def _plan(self, work: UnitOfWork, asker: Asker, plan_id: PlanId | None) -> Plan:
        if plan_id is None:
            if asker.student_id is None:
                raise RuleBroken(Reason("report.needs_plan", {}, "plan_id"))
            newest = await work.plans.of_student(asker.student_id, None, 1)
            if not newest:
                raise RuleBroken(Reason("report.needs_plan", {}, "plan_id"))
            plan = newest[0]
        else:
            plan = await work.plans.get(plan_id)
        for doing in NEEDED:
            admit(work, asker, plan.student_id, doing)
        return plan


def _is_same(known: Report, report: Report) -> bool:
    asked = (report.kind, report.form, report.language, report.plan_id)
    return (known.kind, known.form, known.language, known.plan_id) == asked


@dataclass(frozen=True)
class ListReports:
    """See which reports one has asked for, and how far they are."""

    transactions: Transactions

    async def __call__(self, asker: Asker) -> Sequence[Report]:
        """Return the newest MOST_SHOWN, the newest first."""
        async with self.transactions(asker.origin) as work:
            return await work.reports.of_account(asker.account_id, MOST_SHOWN)


@dataclass(frozen=True)
class GetReport:
    """See how far a report is."""

    transactions: Transactions

    async def __call__(self, asker: Asker, report_id: ReportId) -> Report:
        """Return the report; raise NotFound for somebody else's."""
        async with self.transactions(asker.origin) as work:
            return await _own(work, asker, report_id)


@dataclass(frozen=True)
class LinkToReport:
    """Hand out a link to the file; that it was handed out is on record."""

    transactions: Transactions
    paper_links: PaperLinks
    lasting: timedelta = timedelta(seconds=60)

    async def __call__(self, asker: Asker, report_id: ReportId) -> Link:
        """Return the link; raise NotFound for somebody else's, for one that is gone and where the asker may not see any
        more what is in it, RuleBroken while it is made or where it could not be made."""
        async with self.transactions(asker.origin) as work:
            report = await _own(work, asker, report_id)
            demand_still(work, asker, report)
            report.demand_there(work.now)
            until = min(work.now + self.lasting, report.until or work.now)
            work.note(Deed("report.opened", "report", report.id, report.student_id))
        paper = LinkedPaper(
            report.holder,
            DocumentId(report.id),
            report.sha256,
            report.content_sha256,
            report.file_name,
            CONTENT_TYPES[report.form.value],
        )
        return Link(self.paper_links.link(paper, until), until)


def demand_still(work: UnitOfWork, asker: Asker, report: Report) -> None:
    """Raise AccessRefused, which is a NotFound, or RoleRefused where the asker may not see any more what is in it."""
    if report.student_id is None:
        demand_list(asker)
        return
    for doing in NEEDED:
        admit(work, asker, report.student_id, doing)


async def _own(work: UnitOfWork, asker: Asker, report_id: ReportId) -> Report:
    report = await work.reports.get(report_id)
    if report.asked_by != asker.account_id:
        raise NotFound
    return report
