"""Things to keep, valid and each with ids of its own, so that a store need not be empty."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID, uuid4

from ...domain.applications.application import Application
from ...domain.documents.document import Document, Stated, Version
from ...domain.documents.upload import Announced, Upload
from ...domain.identity.account import Account, Role
from ...domain.identity.grant import Grant
from ...domain.identity.key import ApiKey, KeyScope, digest_of_key
from ...domain.identity.scopes import Kind, Scope
from ...domain.identity.session import Session
from ...domain.matching.override import Override
from ...domain.matching.verdict import Standing
from ...domain.notifications.channel import Channel
from ...domain.notifications.delivery import Delivery
from ...domain.notifications.message import Message, Recipient, Said
from ...domain.planning.plan import Plan
from ...domain.planning.target import TargetRef
from ...domain.profile.profile import (
    Grade,
    Passport,
    Profile,
    Qualification,
    Residence,
    Target,
    TestResult,
    WorkPeriod,
)
from ...domain.profile.student import Student
from ...domain.reports.report import Form, Report
from ...domain.reports.report import Kind as ReportKind
from ...domain.rights.erasure import Because, Erasure, Hold
from ...domain.rights.export import Export
from ...domain.shared.ids import (
    AccountId,
    ApplicationId,
    DeliveryId,
    DocumentId,
    ErasureId,
    ExportId,
    GrantId,
    HoldId,
    KeyId,
    MessageId,
    OverrideId,
    PlanId,
    ProgrammeId,
    ReportId,
    SessionId,
    StudentId,
    UploadId,
)
from ...domain.shared.money import Money

AT = datetime(2027, 1, 4, 9, 30, 15, 123456, tzinfo=UTC)


def an_account() -> Account:
    """A student's account."""
    new_id = AccountId(uuid4())
    return Account(new_id, f"{new_id}@example.org", "hash", frozenset({Role.STUDENT}), StudentId(uuid4()), AT)


def a_session(account_id: AccountId, now: datetime) -> Session:
    """A live session of the account that has just begun."""
    return Session(
        SessionId(uuid4()),
        account_id,
        now,
        now,
        now + timedelta(days=14),
        "A browser — ব্রাউজার",
        methods=frozenset({"pwd", "otp"}),
        proved_at=now,
    )


def a_key(account_id: AccountId) -> ApiKey:
    """A live key of the account, for two scopes."""
    digest, scopes = digest_of_key(str(uuid4())), frozenset({KeyScope.PLANS_READ, KeyScope.DOCUMENTS_WRITE})
    return ApiKey(
        KeyId(uuid4()),
        account_id,
        "A copy — অনুলিপি",
        digest,
        scopes,
        made_at=AT,
        made_by=account_id,
        methods=frozenset({"pwd"}),
    )


def a_grant() -> Grant:
    """An offer that nobody has accepted yet, good for a day."""
    scopes = frozenset({Scope.READ_PLAN, Scope.UPLOAD})
    until = AT + timedelta(days=1)
    return Grant(
        id=GrantId(uuid4()),
        student_id=StudentId(uuid4()),
        owner=AccountId(uuid4()),
        kind=Kind.GIVEN,
        email=f"{uuid4()}@example.org",
        scopes=scopes,
        given_at=AT,
        until=until,
        reason="আমার বাবা",
    )


def a_full_profile() -> Profile:
    """A profile in which every field says something."""
    return Profile(
        name="SAMPLE STÜDENT ঢাকা",
        birth_date=date(2004, 2, 29),
        citizenships=("BD", "VN"),
        residence=Residence("BD", "Asia/Dhaka", "ঢাকা"),
        passport=Passport("A0123456", date(2022, 6, 1), date(2032, 5, 31)),
        qualifications=(
            Qualification(
                level="bachelor",
                title="Computer Science",
                fields=("0613",),
                institution="University of Dhaka",
                country="BD",
                grade=Grade("BD_UGC_4", Decimal("3.60"), Decimal("2.00")),
                finished_on=date(2026, 8, 31),
                taught_in="en",
            ),
        ),
        tests=(TestResult("IELTS_AC", date(2026, 6, 20), Decimal("7.0"), {"writing": Decimal("6.5")}),),
        work=(WorkPeriod("A bank", date(2026, 9, 1), None, government=False, internship=True),),
        languages={"bn": "native", "en": "C1"},
        budget_a_year=Money.of("11904", "EUR"),
        target=Target("master", ("DE",), ("061",), date(2027, 10, 1)),
        circumstances={"several_passports": False, "offer_basis": "test"},
    )


def a_student(profile: Profile | None = None) -> Student:
    """A record, with a full profile unless another is given."""
    return Student(StudentId(uuid4()), AccountId(uuid4()), profile or a_full_profile())


def a_version(number: int = 1, sha256: str = "") -> Version:
    """A PDF with every date stated."""
    return Version(
        number=number,
        sha256=sha256 or uuid4().hex * 2,
        size=1024,
        content_type="application/pdf",
        file_name="রেজাল্ট.pdf",
        uploaded_at=AT,
        uploaded_by=AccountId(uuid4()),
        stated=Stated(date(2022, 6, 1), date(2032, 5, 31), "SAMPLE STUDENT"),
    )


def a_document(student_id: StudentId | None = None) -> Document:
    """A paper without a version yet."""
    return Document(DocumentId(uuid4()), student_id or StudentId(uuid4()), "passport", "The new one")


def an_upload(student_id: StudentId | None = None, requested_at: datetime = AT) -> Upload:
    """A PDF that was announced, with every date stated."""
    return Upload(
        id=UploadId(uuid4()),
        document_id=DocumentId(uuid4()),
        student_id=student_id or StudentId(uuid4()),
        requested_by=AccountId(uuid4()),
        announced=Announced(1024, "application/pdf", uuid4().hex * 2),
        file_name="রেজাল্ট.pdf",
        stated=Stated(date(2022, 6, 1), date(2032, 5, 31), "SAMPLE STUDENT"),
        requested_at=requested_at,
    )


def an_application(student_id: StudentId | None = None) -> Application:
    """A draft for a programme of its own."""
    owner = student_id or StudentId(uuid4())
    return Application(ApplicationId(uuid4()), owner, ProgrammeId(uuid4()), "winter", date(2027, 10, 1), AT)


def a_plan(student_id: StudentId | None = None) -> Plan:
    """A plan for one programme."""
    targets = (TargetRef(ProgrammeId(uuid4()), "winter", date(2027, 10, 1)),)
    owner = student_id or StudentId(uuid4())
    return Plan(PlanId(uuid4()), owner, targets, AT, ("de-dhaka-master@2026.11.1:0a1b",), "2026a")


def an_override(student_id: StudentId | None = None, programme_id: ProgrammeId | None = None) -> Override:
    """A counsellor's word on the first requirement of a programme."""
    return Override(
        id=OverrideId(uuid4()),
        student_id=student_id or StudentId(uuid4()),
        programme_id=programme_id or ProgrammeId(uuid4()),
        place="/0",
        standing=Standing.PROBABLY_MET,
        reason="The faculty confirmed it by mail. ঢাকা",
        by=AccountId(uuid4()),
        at=AT,
        basis="0a1b" * 16,
    )


def a_report(student_id: StudentId | None = None) -> Report:
    """A readiness report that was asked for."""
    about = student_id or StudentId(uuid4())
    asked_by = AccountId(uuid4())
    return Report(ReportId(uuid4()), ReportKind.READINESS, Form.PDF, "bn", asked_by, AT, about, PlanId(uuid4()))


def an_export(student_id: StudentId | None = None) -> Export:
    """An export that is being made."""
    return Export(ExportId(uuid4()), student_id or StudentId(uuid4()), AccountId(uuid4()), AT, "bn")


def an_erasure(student_id: StudentId | None = None) -> Erasure:
    """An erasure that waits for its day."""
    return Erasure(
        ErasureId(uuid4()),
        student_id or StudentId(uuid4()),
        AccountId(uuid4()),
        Because.DUTY,
        AccountId(uuid4()),
        asked_at=AT,
        due_at=AT + timedelta(days=7),
        reason="An order of the authority — আদেশ",
    )


def a_hold(student_id: StudentId | None = None) -> Hold:
    """A hold for a month."""
    new_id, student = HoldId(uuid4()), student_id or StudentId(uuid4())
    return Hold(new_id, student, "A payment is in dispute.", AccountId(uuid4()), AT, AT + timedelta(days=30))


def a_message(
    account_id: AccountId | None = None,
    number: int = 0,
    kind: str = "receipt",
    params: Mapping[str, Said] = MappingProxyType({}),
) -> Message:
    """A message to somebody; of one account those with greater numbers have greater ids."""
    whose = account_id or AccountId(uuid4())
    new_id = MessageId(UUID(int=(AT.year << 96) | (number << 80) | (uuid4().int >> 48)))
    return Message(new_id, kind, f"event/{uuid4()}", Recipient(whose), AT, "bn", dict(params), StudentId(uuid4()))


def a_delivery(message: Message) -> Delivery:
    """A delivery of the message by mail that is due."""
    return Delivery(DeliveryId(uuid4()), message.id, Channel.EMAIL, AT)
