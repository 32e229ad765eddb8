"""Steps over accounts, students, documents, applications and plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from differential.steps import FIXED, Memo, New, Numbers, Step, id_of, step
from hypothesis import strategies as st

from higherstudy.domain.applications.application import Action, Application, Condition, Offer, Submission
from higherstudy.domain.documents.document import Answer, Check, Document, Stated, Version
from higherstudy.domain.identity.account import Account, Role
from higherstudy.domain.planning.plan import Plan
from higherstudy.domain.planning.schedule import Report
from higherstudy.domain.planning.sent_calendar import SentEntry
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.profile.profile import Profile, Qualification, Residence
from higherstudy.domain.profile.student import Student
from higherstudy.domain.shared.ids import AccountId, ApplicationId, DocumentId, PlanId, ProgrammeId, StudentId
from higherstudy.ports.contracts.samples import a_full_profile
from higherstudy.ports.transactions import UnitOfWork

ACCOUNT, STUDENT, DOCUMENT, APPLICATION, PLAN, PROGRAMME = range(1, 7)
BY = AccountId(id_of(ACCOUNT, 0))
ADDRESSES = ("a@example.org", "b@example.org", "ü@example.org")
PROFILES = (
    Profile(),
    a_full_profile(),
    Profile(
        name="Ünï কোড", residence=Residence("BD", "Asia/Dhaka"), qualifications=(Qualification("bachelor", "Law"),)
    ),
    replace(a_full_profile(), work=None, budget_a_year=None, languages={"en": "C2"}, circumstances={}),
)
Emails = st.sampled_from(ADDRESSES)
Stale = st.sampled_from((0, 0, 0, 0, 1))
"""How many versions behind the writer is."""
Texts = st.sampled_from(("", "plain", "ঢাকা \U0001f4c4", "two\nlines", "'; --", "\\u0041", " x "))
Hashes = st.sampled_from(("a" * 64, "b" * 64))


async def add_account(work: UnitOfWork, memo: Memo, n: int, email: str, student: int | None) -> Any:
    student_id = None if student is None else StudentId(id_of(STUDENT, student))
    account = Account(AccountId(id_of(ACCOUNT, n)), email, "hash", frozenset({Role.STUDENT}), student_id, FIXED)
    await work.accounts.add(account)
    return account.version


async def get_account(work: UnitOfWork, memo: Memo, n: int) -> Any:
    return await work.accounts.get(AccountId(id_of(ACCOUNT, n)))


async def find_account(work: UnitOfWork, memo: Memo, email: str) -> Any:
    return await work.accounts.find_by_email(email)


async def save_account(work: UnitOfWork, memo: Memo, n: int, email: str, role: Role, stale: int) -> Any:
    account = await work.accounts.get(AccountId(id_of(ACCOUNT, n)))
    account.email, account.version = email, account.version - stale
    account.grant(role)
    await work.accounts.save(account)
    return account.version


async def add_student(work: UnitOfWork, memo: Memo, n: int, profile: Profile) -> Any:
    student = Student(StudentId(id_of(STUDENT, n)), AccountId(id_of(ACCOUNT, n)), profile)
    await work.students.add(student)
    return student.version


async def get_student(work: UnitOfWork, memo: Memo, n: int) -> Any:
    return await work.students.get(StudentId(id_of(STUDENT, n)))


async def save_student(work: UnitOfWork, memo: Memo, n: int, profile: Profile, stale: int) -> Any:
    student = await work.students.get(StudentId(id_of(STUDENT, n)))
    student.profile, student.version = profile, student.version - stale
    await work.students.save(student)
    return student.version


async def add_document(work: UnitOfWork, memo: Memo, n: int, student: int, label: str) -> Any:
    document = Document(DocumentId(id_of(DOCUMENT, n)), StudentId(id_of(STUDENT, student)), "passport", label)
    await work.documents.add(document)
    return document.version


async def get_document(work: UnitOfWork, memo: Memo, n: int) -> Any:
    return await work.documents.get(DocumentId(id_of(DOCUMENT, n)))


async def upload(work: UnitOfWork, memo: Memo, n: int, sha256: str, name: str, day: date | None, stale: int) -> Any:
    document = await work.documents.get(DocumentId(id_of(DOCUMENT, n)))
    number = len(document.versions) + 1
    stated = Stated(day, None, name)
    document.upload(Version(number, sha256, 10**number, "application/pdf", name or "a.pdf", FIXED, BY, stated))
    document.version -= stale
    await work.documents.save(document)
    return document.version


async def answer(work: UnitOfWork, memo: Memo, n: int, said: Answer | None, reason: str) -> Any:
    document = await work.documents.get(DocumentId(id_of(DOCUMENT, n)))
    if said is None:
        document.take_answer_back()
    else:
        document.give_answer(said, reason, work.now)
    await work.documents.save(document)
    return document.version


async def check(work: UnitOfWork, memo: Memo, n: int, number: int, what: Check, stale: int) -> Any:
    document = await work.documents.get(DocumentId(id_of(DOCUMENT, n)))
    document.check(number, what, AccountId(id_of(ACCOUNT, 1)), "blurred")
    document.version -= stale
    await work.documents.save(document)
    return document.version


async def papers_of(work: UnitOfWork, memo: Memo, student: int, after: int | None, limit: int | None) -> Any:
    last = None if after is None else DocumentId(id_of(DOCUMENT, after))
    return await work.documents.of_student(StudentId(id_of(STUDENT, student)), last, limit)


async def uses_of(work: UnitOfWork, memo: Memo, sha256: str) -> Any:
    return await work.documents.unused([sha256])


async def add_application(work: UnitOfWork, memo: Memo, n: int, student: int, programme: int, term: str) -> Any:
    owner, aim = StudentId(id_of(STUDENT, student)), ProgrammeId(id_of(PROGRAMME, programme))
    application = Application(ApplicationId(id_of(APPLICATION, n)), owner, aim, term, date(2027, 10, 1), FIXED)
    await work.applications.add(application)
    return application.version


async def get_application(work: UnitOfWork, memo: Memo, n: int) -> Any:
    return await work.applications.get(ApplicationId(id_of(APPLICATION, n)))


async def submit(work: UnitOfWork, memo: Memo, n: int, stale: int) -> Any:
    application = await work.applications.get(ApplicationId(id_of(APPLICATION, n)))
    application.submit(Submission(FIXED, "c" * 64, FIXED, "Asia/Dhaka"), BY)
    application.version -= stale
    await work.applications.save(application)
    return application.version


async def act(work: UnitOfWork, memo: Memo, n: int, action: Action, note: str) -> Any:
    application = await work.applications.get(ApplicationId(id_of(APPLICATION, n)))
    if action in (Action.OFFER, Action.OFFER_WITH_CONDITIONS):
        conditions = (Condition(note, date(2027, 5, 1)),) if action is Action.OFFER_WITH_CONDITIONS else ()
        application.receive_offer(Offer(conditions, date(2027, 4, 1)), work.now, BY, note)
    else:
        application.act(action, work.now, BY, note)
    await work.applications.save(application)
    return application.version


async def applications_of(work: UnitOfWork, memo: Memo, student: int, after: int | None, limit: int) -> Any:
    last = None if after is None else ApplicationId(id_of(APPLICATION, after))
    return await work.applications.of_student(StudentId(id_of(STUDENT, student)), last, limit)


async def keep_snapshot(work: UnitOfWork, memo: Memo, n: int, content: bytes) -> Any:
    await work.applications.get(ApplicationId(id_of(APPLICATION, n)))
    await work.applications.keep_snapshot(ApplicationId(id_of(APPLICATION, n)), content)


async def snapshot(work: UnitOfWork, memo: Memo, n: int) -> Any:
    return await work.applications.snapshot(ApplicationId(id_of(APPLICATION, n)))


async def add_plan(work: UnitOfWork, memo: Memo, n: int, student: int, shared: str, days: int) -> Any:
    made_at = FIXED + timedelta(days=days)
    plan = Plan(PlanId(id_of(PLAN, n)), StudentId(id_of(STUDENT, student)), (_target(n),), made_at, ("a@1",), "2026a")
    plan.calendar_hash = shared
    await work.plans.add(plan)
    return plan.version


async def get_plan(work: UnitOfWork, memo: Memo, n: int) -> Any:
    return await work.plans.get(PlanId(id_of(PLAN, n)))


async def save_plan(work: UnitOfWork, memo: Memo, n: int, step_name: str, days: int, shared: str, stale: int) -> Any:
    plan = await work.plans.get(PlanId(id_of(PLAN, n)))
    plan.reports[step_name] = Report(date(2027, 1, 4), date(2027, 1, 5) if days > 5 else None)
    plan.durations[step_name] = days
    plan.targets = (*plan.targets[:3], _target(days))
    plan.calendar_hash, plan.version = shared, plan.version - stale
    await work.plans.save(plan)
    return plan.version


async def plans_of(work: UnitOfWork, memo: Memo, student: int, after: int | None, limit: int | None) -> Any:
    last = None if after is None else PlanId(id_of(PLAN, after))
    return await work.plans.of_student(StudentId(id_of(STUDENT, student)), last, limit)


async def plan_shared_as(work: UnitOfWork, memo: Memo, shared: str) -> Any:
    return await work.plans.find_by_calendar(shared)


async def calendar_sent(work: UnitOfWork, memo: Memo, n: int) -> Any:
    return await work.plans.calendar_sent(PlanId(id_of(PLAN, n)))


async def note_calendar_sent(work: UnitOfWork, memo: Memo, n: int, uid: str, title: str, days: int) -> Any:
    plan = await work.plans.get(PlanId(id_of(PLAN, n)))
    sent = SentEntry(title, date(2027, 1, 4), date(2027, 1, 5), "f" * 32, days, FIXED, cancelled=days > 5)
    await work.plans.note_calendar_sent(plan.id, {**await work.plans.calendar_sent(plan.id), uid: sent})


def _target(number: int) -> TargetRef:
    return TargetRef(ProgrammeId(id_of(PROGRAMME, number)), "winter", date(2027, 10, 1))


Profiles = st.sampled_from(PROFILES)
Maybe = st.one_of(st.none(), Numbers)
Limits = st.one_of(st.none(), st.integers(1, 3))
Shared = st.sampled_from(("", "d" * 64, "e" * 64))
Days = st.sampled_from((None, date(1900, 1, 1), date(2199, 12, 31)))
Actions = st.sampled_from([action for action in Action if action is not Action.SUBMIT])

PEOPLE = (
    step(add_account, New, Emails, Maybe),
    step(get_account, Numbers),
    step(find_account, Emails),
    step(save_account, Numbers, Emails, st.sampled_from(Role), Stale),
    step(add_student, New, Profiles),
    step(get_student, Numbers),
    step(save_student, Numbers, Profiles, Stale),
)
PAPERS = (
    step(add_document, New, Numbers, Texts),
    step(get_document, Numbers),
    step(upload, Numbers, Hashes, Texts, Days, Stale),
    step(answer, Numbers, st.one_of(st.none(), st.sampled_from(Answer)), Texts),
    step(check, Numbers, st.integers(1, 2), st.sampled_from(Check), Stale),
    step(papers_of, Numbers, Maybe, Limits),
    step(uses_of, Hashes),
)
APPLICATIONS = (
    step(add_application, New, st.integers(0, 1), st.integers(0, 1), st.sampled_from(("winter", "summer"))),
    step(get_application, Numbers),
    step(submit, Numbers, Stale),
    step(act, Numbers, Actions, Texts),
    step(applications_of, st.integers(0, 1), Maybe, st.integers(1, 3)),
    step(keep_snapshot, Numbers, st.sampled_from((b"", b"sent\x00", b"other"))),
    step(snapshot, Numbers),
)
PLANS = (
    step(add_plan, New, st.integers(0, 1), Shared, st.integers(0, 1)),
    step(get_plan, Numbers),
    step(save_plan, Numbers, Texts, st.integers(1, 10), Shared, Stale),
    step(plans_of, st.integers(0, 1), Maybe, Limits),
    step(plan_shared_as, Shared),
    step(calendar_sent, Numbers),
    step(note_calendar_sent, Numbers, Texts, Texts, st.integers(0, 10)),
)

SOME_PEOPLE = (
    Step(add_account, (0, ADDRESSES[0], 0)),
    Step(add_account, (1, ADDRESSES[1], None)),
    Step(add_student, (0, PROFILES[1])),
)
SOME_PAPERS = (
    Step(add_document, (0, 0, "")),
    Step(add_document, (1, 0, "old")),
    Step(upload, (0, "a" * 64, "", None, 0)),
)
SOME_APPLICATIONS = (
    Step(add_application, (0, 0, 0, "winter")),
    Step(add_application, (1, 0, 1, "winter")),
    Step(submit, (0, 0)),
)
SOME_PLANS = (Step(add_plan, (0, 0, "", 1)), Step(add_plan, (1, 0, "d" * 64, 0)))
