"""Reports: asked for, made in the background, handed over by a link."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation
from litestar.response import Redirect

from ....domain.reports.report import Form, Kind, Report
from ....domain.shared.ids import PlanId, ReportId
from ....ports.answers import StoredAnswer
from ....ports.transactions import Transactions
from ..given import V1, AnyRequest, Use, Who, refusals
from ..once import IdempotencyKey, answer, once
from ..wire import Given, Id
from ..words import sentence, words

_KINDS = Literal["readiness", "caseload", "deadlines", "backlog", "funnel", "rules", "imports"]


class AskedReport(Given):
    """Which report is wanted."""

    kind: _KINDS
    form: Literal["pdf", "xlsx", "csv"] = "pdf"
    plan_id: Annotated[
        UUID | None,
        msgspec.Meta(description="The plan that a readiness report is about; left out, your own newest one."),
    ] = None
    language: Annotated[
        Literal["en", "bn"] | None, msgspec.Meta(description="Left out, the language of this request.")
    ] = None


class ReportBody(msgspec.Struct, frozen=True):
    """A report, and how far it is."""

    id: Id
    kind: _KINDS
    form: Literal["pdf", "xlsx", "csv"]
    language: str
    plan_id: Id | None
    state: Literal["asked", "making", "ready", "failed", "withdrawn"]
    because: Annotated[str, msgspec.Meta(description="The code of the reason why it could not be made.")]
    message: Annotated[str, msgspec.Meta(description="That reason in a sentence.")]
    asked_at: datetime
    made_at: datetime | None
    until: Annotated[datetime | None, msgspec.Meta(description="Until when the file is kept.")]
    size: Annotated[int, msgspec.Meta(description="Bytes of the file.")]
    sha256: Annotated[str, msgspec.Meta(description="Of the file; empty while there is none.")]


class ReportList(msgspec.Struct, frozen=True):
    """The hundred newest, the newest first; there is never a next page."""

    items: list[ReportBody]
    next: None = None


@post(
    "/reports",
    status_code=202,
    operation_id="ask_for_report",
    summary="Have a report made",
    description="It is made in the background; `GET /v1/reports/{id}` says how far it is. `readiness` is about one "
    "plan, as PDF; `caseload`, `deadlines`, `backlog`, `funnel`, `rules` and `imports` are for staff, as PDF, XLSX or "
    "CSV, about the students who let you see what is in them, and about files that you may see. While one is made, "
    "asking for the same again gives that one.",
    responses=refusals(401, 404, 409, 422),
)
async def ask_for_report(
    request: AnyRequest, data: JSONBody[AskedReport], who: Who, use: Use, idempotency_key: IdempotencyKey = None
) -> Response[ReportBody]:
    """Have a report made in the background."""
    language = data.language or words().language
    plan_id = None if data.plan_id is None else PlanId(data.plan_id)

    async def effect(transactions: Transactions) -> StoredAnswer:
        ask = use.ask_for_report(transactions=transactions)
        report = await ask(who, Kind(data.kind), Form(data.form), language, plan_id)
        return answer(202, _body(report), location=f"{V1}/reports/{report.id}")

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@get("/reports", operation_id="list_reports", summary="List your reports", responses=refusals(401, 422))
async def list_reports(who: Who, use: Use) -> ReportList:
    """Show the reports that you have asked for, and how far each is."""
    return ReportList([_body(one) for one in await use.list_reports()(who)])


@get("/reports/{report_id:str}", operation_id="get_report", summary="See a report", responses=refusals(401, 404, 422))
async def get_report(report_id: FromPath[UUID], who: Who, use: Use) -> ReportBody:
    """Show how far a report is that you have asked for."""
    return _body(await use.get_report()(who, ReportId(report_id)))


@get(
    "/reports/{report_id:str}/file",
    operation_id="open_report",
    summary="Get the file of a report",
    status_code=302,
    responses=refusals(401, 404, 422),
)
async def open_report(
    report_id: FromPath[UUID], who: Who, use: Use, link_lasts: NamedDependency[SkipValidation[timedelta]]
) -> Redirect:
    """Lead to a link that opens the file for a short while, for whoever has it."""
    link = await use.link_to_report(lasting=link_lasts)(who, ReportId(report_id))
    return Redirect(link.url, status_code=302)


def _body(one: Report) -> ReportBody:
    return ReportBody(
        str(one.id),
        one.kind.value,
        one.form.value,
        one.language,
        None if one.plan_id is None else str(one.plan_id),
        one.state.value,
        one.because,
        sentence(one.because) if one.because else "",
        one.asked_at,
        one.made_at,
        one.until,
        one.size,
        one.content_sha256,
    )


router: Any = Router(V1, route_handlers=[ask_for_report, list_reports, get_report, open_report], tags=["Reports"])
