"""A server with one of everything on it, and everybody who might ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from records import PDF, Record, Server, a_record

from higherstudy.adapters.memory.tables import Table
from higherstudy.adapters.memory.transactions import Store
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.domain.applications.application import Submission
from higherstudy.domain.counselling.task import Task
from higherstudy.domain.documents.document import Stated
from higherstudy.domain.documents.upload import Announced, Upload
from higherstudy.domain.identity.account import Account, Role
from higherstudy.domain.identity.grant import Grant
from higherstudy.domain.identity.scopes import Kind, Scope
from higherstudy.domain.identity.session import Because
from higherstudy.domain.imports.offer import OfferedValue, RecordOffer, digest_of
from higherstudy.domain.matching.override import Override
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.shared.canonical import sha256_of
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import (
    AccountId,
    ApplicationId,
    DocumentId,
    GrantId,
    ImportId,
    JobId,
    KeyId,
    OrderId,
    OverrideId,
    ProgrammeId,
    RecordOfferId,
    StudentId,
    TaskId,
    UploadId,
)
from higherstudy.ports.contracts.payment_samples import an_order
from higherstudy.ports.contracts.samples import a_key
from higherstudy.ports.jobs import Job

GRANT, OVERRIDE, UPLOAD, JOB, SERVICE, API_KEY, TASK, ORDER = (UUID(int=0x61 + number) for number in range(8))
RECORD_OFFER = UUID(int=0x69)
SENT = b"{}"
CORRECTION = b"sheet,row,column,correction\ncsv,2,name,Botany\n"
SHA = "a" * 64
PASSWORD = "seven quiet rivers at dawn"
KEY = SigningKey(Ed25519PrivateKey.generate())
"""What every server in memory signs its tokens with."""
ALL = frozenset(Scope)


@dataclass(frozen=True)
class Person:
    """Who asks: with which account, and with what in her hands."""

    name: str
    account: str | None = None
    scopes: frozenset[Scope] = frozenset()
    kind: Kind = Kind.GIVEN
    state: str = "live"

    @property
    def held(self) -> frozenset[Scope]:
        return self.scopes if self.state == "live" else frozenset()


@dataclass
class World:
    """A server with one of everything, which is as before after each request."""

    server: Server
    record: Record
    student_id: StudentId
    owner: AccountId
    tokens: Mapping[str, str]
    accounts: Mapping[str, Account]
    saved: dict[str, Any]

    async def ask(
        self,
        who: Person,
        method: str,
        path: str,
        request: Mapping[str, Any],
        *,
        then: Callable[[], Awaitable[None]] | None = None,
    ) -> httpx2.Response:
        """Return the answer to her; nothing of what it did stays once ``then`` has looked at it."""
        await self._let(who)
        try:
            async with self.server.client(self.tokens.get(who.account or "", "")) as client:
                answer = await client.request(method, path, **request)
            if then is not None:
                await then()
            return answer
        finally:
            put_back(store_of(self.server), self.saved)

    async def _let(self, who: Person) -> None:
        if not who.scopes:
            return
        account = self.accounts[who.account or ""]
        async with self.server.ports.transactions() as work:
            given = work.now - timedelta(days=2)
            over = who.state == "over"
            grant = a_grant(self, account, given, work.now + timedelta(days=-1 if over else 1))
            if who.state != "offered":
                grant.account_id, grant.accepted_at = account.id, given
            grant = replace(grant, id=GrantId(UUID(int=0x99)), scopes=who.scopes, kind=who.kind)
            if who.state == "ended":
                grant.end(self.owner, work.now)
            await work.grants.add(grant)


def a_grant(world: World, to: Account, given: Any, until: Any) -> Grant:
    return Grant(GrantId(GRANT), world.student_id, world.owner, Kind.GIVEN, to.email, ALL, given, until)


def store_of(server: Server) -> Store:
    found: Any = server.ports.transactions
    store: Store = found._store
    return store


def taken_down(store: Store) -> dict[str, Any]:
    """Return the rows of each table: a kept row is never changed, only put in another's place."""
    return {name: dict(part._kept) for name, part in vars(store).items() if isinstance(part, Table)}


def put_back(store: Store, saved: Mapping[str, Any]) -> None:
    for name, rows in saved.items():
        getattr(store, name)._kept = dict(rows)


async def a_world(server: Server) -> World:
    """One of everything: a student with a record, and everybody who might ask."""
    tokens, accounts = {}, {}
    roles = {"counsellor": Role.COUNSELLOR, "admin": Role.ADMIN, "auditor": Role.AUDITOR}
    for name in ("student", "helper", "ended", *roles):
        email = f"{name}@example.org"
        async with server.client() as client:
            account = {"email": email, "password": "seven quiet rivers at dawn"}
            assert (await client.post("/v1/accounts", json={**account, "name": "MY NAME"})).status_code == 201
            tokens[name] = (await client.post("/v1/sessions", json=account)).json()["access_token"]
        async with server.ports.transactions() as work:
            kept = await work.accounts.find_by_email(email)
            assert kept is not None
            kept.confirm_email(work.now)
            if name in roles:
                kept.grant(roles[name])
            await work.accounts.save(kept)
            accounts[name] = kept
            if name == "ended":
                (session,) = await work.sessions.live_of(kept.id, work.now)
                session.end(Because.SIGNED_OUT, work.now)
                await work.sessions.save(session)
    async with server.client(tokens["student"]) as client:
        record = await a_record(client)
        sent = await client.post(f"/v1/documents/{record.document}/versions", content=PDF)
        assert sent.status_code == 201, sent.text
    student_id = accounts["student"].student_id
    assert student_id is not None
    world = World(server, record, student_id, accounts["student"].id, tokens, accounts, {})
    await _the_rest(world)
    world.saved = taken_down(store_of(server))
    return world


async def _the_rest(world: World) -> None:
    """Put into the store what takes long to come about by itself."""
    programme_id = ProgrammeId(UUID(world.record.programme))
    async with world.server.ports.transactions() as work:
        application = await work.applications.get(ApplicationId(UUID(world.record.application)))
        application.submit(Submission(work.now, sha256_of(SENT), None, ""), world.owner)
        await work.applications.save(application)
        await work.applications.keep_snapshot(application.id, SENT)
        await work.grants.add(a_grant(world, world.accounts["helper"], work.now, work.now + timedelta(days=1)))
        override = Override(
            id=OverrideId(OVERRIDE),
            student_id=world.student_id,
            programme_id=programme_id,
            place="/",
            standing=Standing.MET,
            reason="Seen.",
            by=world.accounts["counsellor"].id,
            at=work.now,
            basis="",
        )
        await work.overrides.add(override)
        given_by = world.accounts["counsellor"].id
        task = Task(TaskId(TASK), world.student_id, given_by, world.owner, "Ask for a second letter", work.now)
        await work.tasks.add([task])
        values = (OfferedValue("preferred_language", "bn", ("Language",)),)
        offer = RecordOffer(
            id=RecordOfferId(RECORD_OFFER),
            import_id=ImportId(GRANT),
            row=2,
            by=world.accounts["counsellor"].id,
            email="student@example.org",
            values=values,
            digest=digest_of(values),
            offered_at=work.now,
            until=work.now + timedelta(days=1),
        )
        await work.record_offers.add(offer)
        upload = Upload(
            id=UploadId(UPLOAD),
            document_id=DocumentId(UUID(world.record.document)),
            student_id=world.student_id,
            requested_by=world.owner,
            announced=Announced(len(PDF), "application/pdf", SHA),
            file_name="a.pdf",
            stated=Stated(),
            requested_at=work.now,
        )
        await work.uploads.add(upload)
        service = Account.for_service(AccountId(SERVICE), "Admissions desk", work.now)
        await work.accounts.add(service)
        await work.keys.add(replace(a_key(service.id), id=KeyId(API_KEY)))
        await work.orders.add(replace(an_order(world.student_id), id=OrderId(ORDER)))
        await work.jobs.add(Job(JobId(JOB), "scan", work.now, origin=Origin(actor=world.owner)))


def requests(world: World) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the path and the content of a request for each operation that reaches its use case."""
    record, student = world.record, world.student_id
    of, plan, paper = f"/v1/students/{student}", f"/v1/plans/{record.plan}", f"/v1/documents/{record.document}"
    verdict, sent = f"{of}/verdicts/{record.programme}", f"/v1/applications/{record.application}"
    intake = {"programme_id": record.programme, "term": "winter", "starts_on": "2028-10-01"}
    seen, newest = ({"headers": {"If-Match": version}} for version in ('"1"', '"2"'))
    said = {"place": "/", "standing": "met", "reason": "Seen."}
    file = {"size": 5, "content_type": "application/pdf", "sha256": SHA, "file_name": "a.pdf"}
    order = f"/v1/orders/{ORDER}"
    ordered = {"currency": "EUR", "lines": [{"code": "courier"}]}
    span = {"since": "2027-01-01T00:00:00Z", "until": "2027-02-01T00:00:00Z"}
    until = (world.server.clock.now() + timedelta(days=1)).isoformat()
    return {
        "prove": ("/v1/me/proof", {"json": {"password": PASSWORD}}),
        "begin_totp": ("/v1/me/factors/totp", {"json": {}}),
        "confirm_email": ("/v1/email-confirmations", {"json": {"code": "x"}}),
        "confirm_totp": (f"/v1/me/factors/{GRANT}/confirmation", {"json": {"code": "492039"}}),
        "add_passkey": ("/v1/me/factors/passkeys", {"json": {"ticket": "x", "passkey": {}}}),
        "remove_factor": (f"/v1/me/factors/{GRANT}", {}),
        "list_grants": (f"{of}/grants", {}),
        "list_activity": (f"{of}/activity", {}),
        "offer_grant": (f"{of}/grants", {"json": {"email": "b@example.org", "scopes": ["pay"], "until": until}}),
        "take_access": (f"{of}/accesses", {"json": {"scopes": ["read_plan"], "minutes": 5, "reason": "Ticket 7."}}),
        "ask_for_export": (f"{of}/exports", {}),
        "list_exports": (f"{of}/exports", {}),
        "open_export": (f"{of}/exports/{GRANT}/file", {}),
        "ask_for_report": ("/v1/reports", {"json": {"kind": "readiness", "plan_id": record.plan}}),
        "get_report": (f"/v1/reports/{GRANT}", {}),
        "open_report": (f"/v1/reports/{GRANT}/file", {}),
        "ask_for_erasure": (f"{of}/erasure", {"json": {"password": PASSWORD}}),
        "get_erasure": (f"{of}/erasure", {}),
        "cancel_erasure": (f"{of}/erasure", {}),
        "erase_at_once": (f"{of}/erasure/order", {"json": {"reason": "An order."}}),
        "place_hold": (f"{of}/holds", {"json": {"reason": "A lawsuit.", "until": until}}),
        "list_holds": (f"{of}/holds", {}),
        "lift_hold": (f"{of}/holds/{GRANT}", {}),
        "list_consents": (f"{of}/consents", {}),
        "say_consent": (f"{of}/consents/further_messages", {"json": {"given": True, "wording": "1"}}),
        "accept_grant": (f"/v1/grants/{GRANT}/acceptance", {}),
        "end_grant": (f"/v1/grants/{GRANT}", {}),
        "get_profile": (f"{of}/profile", {}),
        "change_profile": (f"{of}/profile", {"json": {"name": "X"}, "headers": {"If-Match": '"2"'}}),
        "change_password": ("/v1/me/password", {"json": {"current": "x", "new": "seven quiet rivers at dusk"}}),
        "grant_role": (f"/v1/accounts/{world.owner}/roles", {"json": {"role": "counsellor"}}),
        "revoke_role": (f"/v1/accounts/{world.owner}/roles/counsellor", {}),
        "remove_lost_factors": ("/v1/lost-factors", {"json": {"email": "student@example.org", "reason": "Ticket 7."}}),
        "sign_out_account": (f"/v1/accounts/{world.owner}/sign-out", {"json": {"reason": "A stolen laptop."}}),
        "sign_out_all": ("/v1/accounts/sign-out", {"json": {"reason": "A leak."}}),
        "list_messages": ("/v1/messages", {}),
        "read_message": (f"/v1/messages/{GRANT}/reading", {}),
        "acknowledge_message": (f"/v1/messages/{GRANT}/acknowledgement", {}),
        "get_message_preferences": ("/v1/me/message-preferences", {}),
        "change_message_preferences": (
            "/v1/me/message-preferences",
            {
                "json": {"quiet_from": None, "quiet_until": "08:00", "digest_at": "18:00", "always_digest": False},
                "headers": {"If-Match": '"1"'},
            },
        ),
        "give_number": ("/v1/me/number", {"json": {"number": "+8801712345678"}}),
        "confirm_number": ("/v1/me/number/confirmation", {"json": {"code": "x"}}),
        "take_number_away": ("/v1/me/number", {}),
        "show_unsubscription": ("/v1/unsubscriptions/x/plan", {}),
        "unsubscribe": ("/v1/unsubscriptions/x/plan", {}),
        "make_key": ("/v1/me/keys", {"json": {"name": "A copy", "scopes": ["plans:read"]}}),
        "revoke_key": (f"/v1/me/keys/{API_KEY}", {}),
        "make_service_account": ("/v1/service-accounts", {"json": {"name": "A copy"}}),
        "close_service_account": (f"/v1/service-accounts/{SERVICE}", {}),
        "make_service_key": (
            f"/v1/service-accounts/{SERVICE}/keys",
            {"json": {"name": "A copy", "scopes": ["plans:read"]}},
        ),
        "list_service_keys": (f"/v1/service-accounts/{SERVICE}/keys", {}),
        "revoke_service_key": (f"/v1/service-accounts/{SERVICE}/keys/{API_KEY}", {}),
        "end_session": (f"/v1/sessions/{GRANT}", {}),
        "begin_linking": ("/v1/sign-in/providers/university/linking", {}),
        "unlink_identity": (f"/v1/me/identities/{GRANT}", {}),
        "judge_shortlist": (f"{of}/verdicts", {"params": {"programme": record.programme}}),
        "judge_programme": (verdict, {}),
        "match_catalogue": (f"{of}/matches", {}),
        "unlock_catalogue": (f"{of}/unlocks", {}),
        "unlocked_programmes": (f"{of}/unlocks/nothing", {}),
        "list_overrides": (f"{verdict}/overrides", {}),
        "override_finding": (f"{verdict}/overrides", {"json": said}),
        "take_back_override": (f"{verdict}/overrides/{OVERRIDE}/withdrawal", {"json": {"reason": "A mistake."}}),
        "add_note": (f"{of}/notes", {"json": {"text": "She called."}}),
        "list_notes": (f"{of}/notes", {}),
        "give_task": (f"{of}/tasks", {"json": {"title": "Ask for a letter"}}),
        "list_tasks": (f"{of}/tasks", {}),
        "list_my_tasks": ("/v1/tasks", {}),
        "finish_task": (f"/v1/tasks/{TASK}/completion", {}),
        "withdraw_task": (f"/v1/tasks/{TASK}/withdrawal", {}),
        "give_to_many": ("/v1/bulk-tasks", {"json": {"students": [str(student)], "task": {"title": "Ask"}}}),
        "ask_workload": ("/v1/workload", {}),
        "list_plans": (f"{of}/plans", {}),
        "make_plan": (f"{of}/plans", {"json": {"targets": [intake]}}),
        "get_plan": (plan, {}),
        "change_targets": (f"{plan}/targets", {"json": {"targets": [intake]}, **seen}),
        "todays_actions": (f"{plan}/today", {}),
        "board": (f"{plan}/board", {}),
        "checklist": (f"{plan}/checklist", {}),
        "judge_targets": (f"{plan}/verdicts", {}),
        "report_step": (f"{plan}/steps/nothing", {"json": {}, **seen}),
        "assume_durations": (f"{plan}/durations", {"json": {"durations": {}}, **seen}),
        "ask_what_if": (f"{plan}/what-ifs", {"json": {}}),
        "explain_step": (f"{plan}/why/nothing", {}),
        "estimate_chance": (f"{plan}/chance", {}),
        "share_calendar": (f"{plan}/calendar-link", {}),
        "stop_sharing_calendar": (f"{plan}/calendar-link", {}),
        "get_calendar": (f"{plan}/calendar.ics", {}),
        "draw_timeline": (f"{plan}/timeline.svg", {}),
        "list_documents": (f"{of}/documents", {}),
        "add_document": (f"{of}/documents", {"json": {"kind": "passport"}}),
        "get_document": (paper, {}),
        "upload_version": (f"{paper}/versions", {"content": PDF}),
        "answer_document": (f"{paper}/answer", {"json": {"answer": "cannot_obtain", "reason": "Lost."}}),
        "check_version": (f"{paper}/versions/1/verification", {"json": {"check": "verify"}}),
        "judge_document": (f"{paper}/judgement", {}),
        "get_content": (f"{paper}/versions/1/content", {}),
        "request_upload": (f"{paper}/uploads", {"json": file}),
        "complete_upload": (f"/v1/uploads/{UPLOAD}/completion", {}),
        "get_upload": (f"/v1/uploads/{UPLOAD}", {}),
        "list_applications": (f"{of}/applications", {}),
        "start_application": (f"{of}/applications", {"json": intake}),
        "get_application": (sent, {}),
        "what_is_missing": (f"{sent}/missing", {}),
        "submit_application": (f"{sent}/submission", {}),
        "get_receipt": (f"{sent}/receipt", {}),
        "get_snapshot": (f"{sent}/snapshot", {}),
        "record_outcome": (f"{sent}/outcomes", {"json": {"action": "acknowledge"}, **newest}),
        "withdraw": (f"{sent}/withdrawal", {"json": {}, **newest}),
        "get_prices": ("/v1/prices?currency=EUR", {}),
        "quote_order": (f"{of}/quotes", {"json": ordered}),
        "place_order": (f"{of}/orders", {"json": ordered}),
        "list_orders": (f"{of}/orders", {}),
        "get_order": (order, {}),
        "get_money_paper": (f"{order}/papers/INV-2027-000001", {}),
        "pay_order": (f"{order}/payment", {}),
        "cancel_order": (f"{order}/cancellation", {}),
        "ask_for_refund": (f"{order}/refunds", {"json": {"reason": "It was not needed."}}),
        "set_prices": (
            "/v1/price-lists",
            {
                "json": {
                    "currency": "EUR",
                    "prices": [{"code": "courier", "title": "Courier", "title_bn": "কুরিয়ার", "amount": "5"}],
                }
            },
        ),
        "list_refunds": ("/v1/refunds", {}),
        "decide_refund": (f"/v1/refunds/{GRANT}/decision", {"json": {"approve": True}}),
        "resend_refund": (f"/v1/refunds/{GRANT}/sending", {}),
        "settle_refund_by_hand": (f"/v1/refunds/{GRANT}/settlement", {"json": {"reference": "Transfer 77"}}),
        "drop_refund": (f"/v1/refunds/{GRANT}/withdrawal", {"json": {"reason": "Her bank was quicker."}}),
        "postpone_refund": (
            f"/v1/refunds/{GRANT}/expected-by",
            {"json": {"expected_by": until[:10], "reason": "The bank asks for more."}},
        ),
        "get_balances": ("/v1/ledger/balances", {}),
        "export_ledger": ("/v1/ledger/export", {"params": span}),
        "list_differences": ("/v1/payment-differences", {}),
        "list_disputes": ("/v1/disputes", {}),
        "report_money": ("/v1/payment-report", {"params": span}),
        "get_job": (f"/v1/jobs/{JOB}", {}),
        "list_undelivered": ("/v1/undelivered-messages", {}),
        "try_delivery_again": (f"/v1/undelivered-messages/{JOB}/repetition", {}),
        "requeue_job": (f"/v1/jobs/{JOB}/requeue", {}),
        "import_catalogue": ("/v1/imports?file_name=a.docx", {"content": b"PK"}),
        "get_import": (f"/v1/imports/{GRANT}", {}),
        "list_imports": ("/v1/imports", {}),
        "import_students": ("/v1/imports/students?file_name=a.docx", {"content": b"PK"}),
        "import_applications": ("/v1/imports/applications?file_name=a.docx", {"content": b"PK"}),
        "retry_import": (f"/v1/imports/{GRANT}/retry", {}),
        "list_import_offers": (f"/v1/imports/{GRANT}/offers", {}),
        "list_record_offers": ("/v1/me/record-offers", {}),
        "accept_record_offer": (f"/v1/record-offers/{RECORD_OFFER}/acceptance", {"json": {"take": ["name"]}}),
        "decline_record_offer": (f"/v1/record-offers/{RECORD_OFFER}/refusal", {}),
        "trace_profile": (f"{of}/profile/origins", {}),
        "show_filed": (f"{sent}/imported", {}),
        "list_row_problems": (f"/v1/imports/{GRANT}/problems", {}),
        "list_invariants": ("/v1/invariants", {}),
        "download_row_problems": (f"/v1/imports/{GRANT}/problems.csv", {}),
        "correct_import": (f"/v1/imports/{GRANT}/corrections", {"content": CORRECTION}),
        "run_import_again": (f"/v1/imports/{GRANT}/repetitions", {}),
        "undo_import": (f"/v1/imports/{GRANT}/undo", {}),
        "trace_programme": (f"/v1/programmes/{GRANT}/origins", {}),
        "list_parked_jobs": ("/v1/jobs?status=parked", {}),
        "compare_packs": ("/v1/rulebook/diff", {"json": {"after": "x"}}),
        "propose_pack": ("/v1/rulebook/packs", {"content": b"x", "headers": {"content-type": "application/toml"}}),
        "activate_edition": ("/v1/rulebook/editions", {"json": {"packs": [SHA], "reason": "Because."}, **seen}),
        "request_impact": ("/v1/rulebook/impacts", {"json": {"packs": [SHA]}}),
        "get_impact": (f"/v1/rulebook/impacts/{GRANT}", {}),
    }


async def operations(server: Server) -> dict[str, tuple[str, str, bool]]:
    """Return method, path and whether it is open, of each operation of the OpenAPI document."""
    async with server.client() as client:
        paths = (await client.get("/v1/openapi.json")).json()["paths"]
    return {
        one["operationId"]: (method.upper(), path, one.get("security") == [])
        for path, methods in paths.items()
        for method, one in methods.items()
        if method in ("get", "post", "put", "patch", "delete")
    }
