"""What is said on which occasion: for each event the messages that follow from it, with what they have to say."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ....ports.identity_providers import IdentityProviders
from ....ports.messages import Messages
from ....ports.transactions import UnitOfWork
from ...applications.events import ApplicationSubmitted
from ...counselling.events import TaskGiven
from ...counselling.task import State as TaskState
from ...documents.document import Verification
from ...documents.events import VersionChecked
from ...identity.account import Account
from ...identity.events import (
    AccountRegistered,
    AccountSignedOut,
    CodeAsked,
    FactorsChanged,
    IdentityLinked,
    IdentityUnlinked,
    KeyMade,
    PasswordChanged,
    RoleGranted,
    RoleRevoked,
)
from ...identity.grant import Grant
from ...identity.grant_events import AccessTaken, GrantOffered
from ...impacts.events import PlanMoved
from ...imports.catalogue_import import State
from ...imports.events import CatalogueImported, ImportFailed, PeopleImported, ProgrammeChanged, RecordOffered
from ...imports.use_cases.telling import news_of
from ...payments.events import DisputeMoved, OrderEnded, OrderPaid, OrderPlaced, PaymentDeclined, RefundMoved
from ...payments.order import Order
from ...payments.papers import Series
from ...planning.use_cases.planned import home_of
from ...reports.events import ReportMade
from ...reports.report import Kind
from ...rights.erasure import Because
from ...rights.events import ErasureAsked, ErasureCancelled, ExportReady
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.events import Event
from ...shared.ids import AccountId, PlanId, StudentId
from ..message import Recipient, Said
from .saying import Saying


@dataclass(frozen=True)
class Words:
    """What messages are made of besides the rows: sentences, the names of providers, and where plans are seen."""

    messages: Messages
    providers: IdentityProviders | None = None
    plan_page: str | None = None
    order_page: str = ""

    def plan_link(self, plan_id: PlanId) -> str:
        """Return the address of the plan for people, blank where there is no such page."""
        return self.plan_page.format(plan=plan_id) if self.plan_page else ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom something is said to, and how she is written to."""

    account: Account
    language: str = ""
    zone: str = ""

    def saying(self, kind: str, params: Mapping[str, Said] | None = None, *, of: StudentId | None = None) -> Saying:
        """Return what is said to her, about her own record unless it is another's."""
        told = Recipient(self.account.id)
        whose = of or self.account.student_id
        return Saying(kind, "", told, params or {}, self.language, self.zone, whose)


async def holder_of(work: UnitOfWork, account_id: AccountId) -> Holder:
    """Return the holder of the account; raise NotFound where there is none."""
    account = await work.accounts.get(account_id)
    if account.student_id is None:
        return Holder(account)
    profile = (await work.students.get(account.student_id)).profile
    return Holder(account, profile.preferred_language, home_of(profile) if profile.residence else "")


async def student_of(work: UnitOfWork, student_id: StudentId) -> Holder:
    """Return the student as somebody who is told something."""
    return await holder_of(work, (await work.students.get(student_id)).account_id)


async def _registered(work: UnitOfWork, event: AccountRegistered, _: Words) -> list[Saying]:
    holder = await holder_of(work, event.account_id)
    return [holder.saying("welcome", {"confirmed": int(holder.account.email_confirmed_at is not None)})]


async def _code(work: UnitOfWork, event: CodeAsked, _: Words) -> list[Saying]:
    try:
        holder = await holder_of(work, event.account_id)
    except NotFound:  # somebody asked for an address that has no account
        return []
    return [holder.saying(f"code_{event.purpose}")]


async def _password(work: UnitOfWork, event: PasswordChanged, _: Words) -> list[Saying]:
    return [(await holder_of(work, event.account_id)).saying("password_changed")]


async def _role(work: UnitOfWork, event: RoleGranted | RoleRevoked, words: Words) -> list[Saying]:
    holder = await holder_of(work, event.account_id)
    kind = "role_granted" if isinstance(event, RoleGranted) else "role_revoked"
    role = words.messages.in_language(holder.language).sentence("mail.role", {"role": event.role})
    return [holder.saying(kind, {"role": role})]


async def _signed_out(work: UnitOfWork, event: AccountSignedOut, _: Words) -> list[Saying]:
    holder = await holder_of(work, event.account_id)
    in_activity = int(holder.account.student_id is not None)  # the reason stands behind a sign-in, and in no message
    params = {"sessions": event.sessions, "keys": event.keys, "in_activity": in_activity}
    return [holder.saying("signed_out", params)]


async def _key(work: UnitOfWork, event: KeyMade, _: Words) -> list[Saying]:
    holder = await holder_of(work, event.account_id)
    key = await work.keys.get(event.key_id)
    return [holder.saying("key_made", {"name": key.name, "scopes": ", ".join(sorted(key.scopes))})]


async def _factors(work: UnitOfWork, event: FactorsChanged, _: Words) -> list[Saying]:
    params = {"what": event.what, "factor": event.kind or ""}
    return [(await holder_of(work, event.account_id)).saying("factors_changed", params)]


async def _identity(work: UnitOfWork, event: IdentityLinked | IdentityUnlinked, words: Words) -> list[Saying]:
    kind = "identity_linked" if isinstance(event, IdentityLinked) else "identity_unlinked"
    offered = {one.issuer: one.name for one in words.providers.offered()} if words.providers else {}
    provider = offered.get(event.issuer, event.issuer)
    return [(await holder_of(work, event.account_id)).saying(kind, {"provider": provider})]


async def _offered(work: UnitOfWork, event: GrantOffered, words: Words) -> list[Saying]:
    try:
        grant = await work.grants.get(event.grant_id)
    except NotFound:  # either side was erased
        return []
    student = await holder_of(work, event.owner)
    params = {**_grant(grant, words.messages.in_language(student.language)), "from": student.account.email}
    told = Recipient(address=grant.email)
    return [Saying("grant_offered", "", told, params, student.language, student_id=event.student_id)]


async def _access(work: UnitOfWork, event: AccessTaken, words: Words) -> list[Saying]:
    grant = await work.grants.get(event.grant_id)
    student = await holder_of(work, event.owner)
    params = {**_grant(grant, words.messages.in_language(student.language)), "by": grant.email}
    return [student.saying("access_taken", params)]


def _grant(grant: Grant, messages: Messages) -> dict[str, Said]:
    scopes = ", ".join(messages.sentence(f"grant.scope_{scope.value}") for scope in sorted(grant.scopes))
    until = f"{grant.until:%Y-%m-%d %H:%M} UTC"
    return {"scopes": scopes, "until": until, "reason": grant.reason, "grant": str(grant.id)}


async def _receipt(work: UnitOfWork, event: ApplicationSubmitted, _: Words) -> list[Saying]:
    application = await work.applications.get(event.application_id)
    programme = await work.catalogue.programme(application.programme_id)
    if application.receipt is None:
        raise NotFound
    params: dict[str, Said] = {
        "programme": programme.name,
        "institution": programme.institution.name,
        "term": application.term,
        "starts_on": application.starts_on.isoformat(),
        "number": application.receipt.number,
        "submitted_at": f"{application.receipt.submitted_at:%Y-%m-%d %H:%M:%S} UTC",
        "sha256": application.receipt.snapshot_sha256,
    }
    return [(await student_of(work, event.student_id)).saying("receipt", params)]


async def _placed(work: UnitOfWork, event: OrderPlaced, words: Words) -> list[Saying]:
    """Nothing to whoever placed it herself, and nothing where there is nothing to pay."""
    order, student = await work.orders.get(event.order_id), await student_of(work, event.student_id)
    if order.placed_by == student.account.id or order.due_at is None or not order.total.minor:
        return []
    params: dict[str, Said] = {**_order(order, words), "due": f"{order.due_at:%Y-%m-%d %H:%M} UTC"}
    return [student.saying("order_placed", {**params, "amount": str(order.total)})]


async def _paid(work: UnitOfWork, event: OrderPaid, words: Words) -> list[Saying]:
    order, student = await work.orders.get(event.order_id), await student_of(work, event.student_id)
    receipts = [one for one in await work.books.papers_of(order.id) if one.series is not Series.CREDIT_NOTE]
    if order.paid_at is None or not receipts:
        return []
    params: dict[str, Said] = {
        **_order(order, words),
        "amount": str(order.total),
        "paid_at": f"{order.paid_at:%Y-%m-%d %H:%M:%S} UTC",
        "number": receipts[-1].number,
    }
    return [student.saying("order_paid", params)]


async def _ended(work: UnitOfWork, event: OrderEnded, words: Words) -> list[Saying]:
    order, student = await work.orders.get(event.order_id), await student_of(work, event.student_id)
    messages = words.messages.in_language(student.language)
    what = messages.sentence(f"payment.state_{event.state}", {"order": order.number, "amount": str(order.total)})
    return [student.saying("order_ended", {**_order(order, words), "what": what})]


async def _declined(work: UnitOfWork, event: PaymentDeclined, words: Words) -> list[Saying]:
    order, student = await work.orders.get(event.order_id), await student_of(work, event.student_id)
    return [student.saying("payment_declined", {**_order(order, words), "amount": str(order.total)})]


async def _refund(work: UnitOfWork, event: RefundMoved, words: Words) -> list[Saying]:
    """One message for each step, with where the refund stands by now."""
    case, student = await work.refunds.get(event.refund_id), await student_of(work, event.student_id)
    order = await work.orders.get(event.order_id)
    messages = words.messages.in_language(student.language)
    given = {"amount": str(case.amount), "by": case.expected_by.isoformat()}
    said = [step.note for step in case.history if step.by is not None and step.what != "asked"]
    params: dict[str, Said] = {
        **_order(order, words),
        "what": messages.sentence(f"payment.state_refund_{case.state.value}", given),
        "reason": said[-1] if said else "",
    }
    return [student.saying("refund_moved", params)]


async def _dispute(work: UnitOfWork, event: DisputeMoved, words: Words) -> list[Saying]:
    order, student = await work.orders.get(event.order_id), await student_of(work, event.student_id)
    messages = words.messages.in_language(student.language)
    state = "disputed" if event.stage == "open" else order.state.value
    what = messages.sentence(f"payment.state_{state}", {"order": order.number, "amount": str(order.total)})
    return [student.saying("dispute_moved", {**_order(order, words), "what": what})]


def _order(order: Order, words: Words) -> dict[str, Said]:
    return {"order": order.number, "link": words.order_page.format(order=order.id)}


async def _moved(work: UnitOfWork, event: PlanMoved, words: Words) -> list[Saying]:
    """One message for the first of the plans that move together, which names the others too."""
    found = await work.impacts.student(event.impact_id, event.student_id)
    if found is None:
        raise NotFound
    if event.plan_id not in found.plans[:1]:
        return []
    student = await student_of(work, event.student_id)
    messages = words.messages.in_language(student.language)
    changes = list[Mapping[str, str | int]]()
    for plan_id in found.plans:
        aims = await _aims_of(plan_id, work, messages)
        changes += [{"plan": aims, "change": messages.sentence(one.code, one.params)} for one in found.of_plan(plan_id)]
    params: dict[str, Said] = {
        "plans": len(found.plans),
        "plan_link": words.plan_link(event.plan_id),
        "changes": changes,
    }
    return [student.saying("plan_moved", params)]


async def _programme(work: UnitOfWork, event: ProgrammeChanged, words: Words) -> list[Saying]:
    news = await news_of(work, event)
    if news is None:
        return []
    student = await student_of(work, news.student_id)
    messages = words.messages.in_language(student.language)
    params: dict[str, Said] = {
        "programme": f"{news.programme.name}, {news.programme.institution.name}",
        "changes": [{"change": messages.sentence(one.code, one.params)} for one in news.changes],
        "plan_link": words.plan_link(news.plan_id),
    }
    return [student.saying("programme_changed", params)]


async def _import_finished(work: UnitOfWork, event: CatalogueImported | PeopleImported, _: Words) -> list[Saying]:
    """Nothing of a dry run, which changed nothing, and nothing of what somebody waited for to its end."""
    run = await work.imports.get(event.import_id)
    if event.dry_run or run.job_id is None:
        return []
    counts = run.counts.values()
    params: dict[str, Said] = {
        "file": run.file_name,
        "taken": sum(one.read - one.refused for one in counts),
        "refused": sum(one.refused for one in counts),
        "link": "",  # there is no page for people yet
    }
    return [(await holder_of(work, run.by)).saying("import_finished", params)]


async def _import_failed(work: UnitOfWork, event: ImportFailed, words: Words) -> list[Saying]:
    run = await work.imports.get(event.import_id)
    if run.state not in (State.FAILED, State.REFUSED):  # it was tried again, and has gone on
        return []
    holder = await holder_of(work, run.by)
    messages = words.messages.in_language(holder.language)
    # Of a file that was refused the first reason tells most; an import that has failed has its reason last.
    after = run.problems - 1 if run.state is State.FAILED else 0
    reasons = await work.imports.problems(run.id, after, 1)
    reason = messages.sentence(reasons[0].code, reasons[0].params) if reasons else run.state.value
    params: dict[str, Said] = {"file": run.file_name, "reason": reason, "link": ""}
    return [holder.saying("import_failed", params)]


async def _record(work: UnitOfWork, event: RecordOffered, _: Words) -> list[Saying]:
    """The same words for every address, whether or not somebody is registered with it."""
    try:
        offer = await work.record_offers.get(event.offer_id)
    except NotFound:  # she was erased, or nobody took it
        return []
    if not offer.is_open(work.now):
        return []
    sender = await work.accounts.get(offer.by)
    params: dict[str, Said] = {
        "from": sender.email,
        "until": f"{offer.until:%Y-%m-%d %H:%M} UTC",
        "values": len(offer.values),
        "offer": str(offer.id),
    }
    return [Saying("record_offered", "", Recipient(address=offer.email), params)]


async def _aims_of(plan_id: PlanId, work: UnitOfWork, messages: Messages) -> str:
    """Return what the plan aims at, by the names of its programmes and the days on which studies begin."""
    plan = await work.plans.get(plan_id)
    offered = await work.catalogue.programmes([ref.programme_id for ref in plan.targets])
    names = {one.id: f"{one.name}, {one.institution.name}" for one in offered}
    known = [ref for ref in plan.targets if ref.programme_id in names]
    aims = ({"aim": names[ref.programme_id], "starts_on": ref.starts_on.isoformat()} for ref in known)
    return "; ".join(messages.sentence("impact.mail_aim", aim) for aim in aims)


async def _exported(work: UnitOfWork, event: ExportReady, _: Words) -> list[Saying]:
    """No link to it: messages are read by others too."""
    try:
        export = await work.exports.get(event.export_id)
    except NotFound:
        return []
    if export.until is None:
        return []
    params = {"until": f"{export.until:%Y-%m-%d %H:%M} UTC", "export": str(export.id)}
    return [(await student_of(work, event.student_id)).saying("export_ready", params)]


async def _checked(work: UnitOfWork, event: VersionChecked, words: Words) -> list[Saying]:
    """Nothing while the second of two has not looked, and nothing of a version that somebody has decided anew since."""
    document = await work.documents.get(event.document_id)
    version = document.version_numbered(event.number)
    if event.result == Verification.PENDING or version.verification != event.result:
        return []
    student = await student_of(work, event.student_id)
    messages = words.messages.in_language(student.language)
    paper = document.label or messages.sentence("mail.paper", {"document": document.kind})
    if version.verification is Verification.REJECTED:
        return [student.saying("paper_rejected", {"paper": paper, "reason": version.rejected_because})]
    return [student.saying("paper_verified", {"paper": paper})]


async def _reported(work: UnitOfWork, event: ReportMade, words: Words) -> list[Saying]:
    """No link to it, and nothing of what is in it: messages are read by others too."""
    report = await work.reports.get(event.report_id)
    if report.state.value != event.result:
        return []
    holder = await holder_of(work, report.asked_by)
    messages = words.messages.in_language(holder.language)
    bare = report.kind is Kind.READINESS
    title = messages.sentence(f"report.{report.kind.value}_title{'_bare' if bare else ''}")
    if report.until is None:
        reason = messages.sentence(report.because)
        return [holder.saying("report_failed", {"title": title, "reason": reason}, of=event.student_id)]
    params = {"title": title, "until": f"{report.until:%Y-%m-%d %H:%M} UTC", "link": ""}
    return [holder.saying("report_ready", params, of=event.student_id)]


async def _task(work: UnitOfWork, event: TaskGiven, _: Words) -> list[Saying]:
    task = await work.tasks.get(event.task_id)
    if task.state is not TaskState.OPEN or task.assigned_to == task.given_by:
        return []
    giver = await work.accounts.get(task.given_by)
    due_on = "" if task.due_on is None else task.due_on.isoformat()
    params = {"title": task.title, "due_on": due_on, "from": giver.name or giver.email}
    return [(await holder_of(work, task.assigned_to)).saying("task_given", params, of=event.student_id)]


async def _erasure(work: UnitOfWork, event: ErasureAsked, _: Words) -> list[Saying]:
    erasure = await work.erasures.get(event.erasure_id)
    if not erasure.is_open:
        return []
    kind = "account_dormant" if erasure.because is Because.DORMANT else "erasure_asked"
    params = {"due": f"{erasure.due_at:%Y-%m-%d %H:%M} UTC"}
    return [(await student_of(work, event.student_id)).saying(kind, params)]


async def _cancelled(work: UnitOfWork, event: ErasureCancelled, _: Words) -> list[Saying]:
    return [(await student_of(work, event.student_id)).saying("erasure_cancelled")]


OCCASIONS: Mapping[type[Event], Callable[[UnitOfWork, Any, Words], Awaitable[list[Saying]]]] = {
    AccountRegistered: _registered,
    CodeAsked: _code,
    PasswordChanged: _password,
    RoleGranted: _role,
    RoleRevoked: _role,
    AccountSignedOut: _signed_out,
    KeyMade: _key,
    FactorsChanged: _factors,
    IdentityLinked: _identity,
    IdentityUnlinked: _identity,
    OrderPlaced: _placed,
    OrderPaid: _paid,
    OrderEnded: _ended,
    PaymentDeclined: _declined,
    RefundMoved: _refund,
    DisputeMoved: _dispute,
    GrantOffered: _offered,
    AccessTaken: _access,
    ApplicationSubmitted: _receipt,
    PlanMoved: _moved,
    ProgrammeChanged: _programme,
    CatalogueImported: _import_finished,
    PeopleImported: _import_finished,
    ImportFailed: _import_failed,
    RecordOffered: _record,
    ExportReady: _exported,
    VersionChecked: _checked,
    ReportMade: _reported,
    TaskGiven: _task,
    ErasureAsked: _erasure,
    ErasureCancelled: _cancelled,
}
"""Each is called with its own kind of event alone."""
