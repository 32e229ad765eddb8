"""Mails that follow from events: the right words to the right person, once."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from paying import Desk
from reports_made import make_report_in
from rule_worlds import WINTER, RuleWorld, germany
from telling import told_by
from worlds import World, owned, staff

from builders import NOW, a_profile
from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.adapters.bundled.retention import bundled_retention
from higherstudy.adapters.memory.identity_providers import MemoryIdentityProviders
from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.adapters.memory.tombstones import MemoryTombstones
from higherstudy.adapters.workbooks.stored import WorkbooksStoredCatalogues
from higherstudy.domain.applications.use_cases.keeping import SealSnapshots
from higherstudy.domain.audit.use_cases.noting import ForgetAddresses
from higherstudy.domain.documents.use_cases.plain_papers import SealPapers
from higherstudy.domain.documents.use_cases.scanning import ScanForgotten, ScanUpload
from higherstudy.domain.documents.use_cases.sweeping import DropLeftovers, DropOrphans, ExpireUploads
from higherstudy.domain.identity.account import Account, Role
from higherstudy.domain.identity.events import FactorsChanged, IdentityLinked, IdentityUnlinked
from higherstudy.domain.identity.scopes import Scope
from higherstudy.domain.identity.session import Lasting
from higherstudy.domain.identity.ticket import TicketLasting
from higherstudy.domain.identity.use_cases.accounts import ChangePassword, GrantRole, RevokeRole
from higherstudy.domain.identity.use_cases.confirming import AskForReset, ConfirmEmail, ResetPassword
from higherstudy.domain.identity.use_cases.grants import OfferGrant
from higherstudy.domain.identity.use_cases.keys import MakeKey
from higherstudy.domain.identity.use_cases.services import MakeServiceAccount
from higherstudy.domain.identity.use_cases.sessions import BeginSession
from higherstudy.domain.identity.use_cases.signing_out import OrderSignOutOfAll, SignOutAccount, SignOutAll
from higherstudy.domain.impacts.use_cases import FollowEdition, WorkOutImpact
from higherstudy.domain.imports.use_cases.background import TakeImport
from higherstudy.domain.imports.use_cases.failing import FailImports
from higherstudy.domain.imports.use_cases.importing import BreakOffImports
from higherstudy.domain.imports.use_cases.taking_rows import TakeRows
from higherstudy.domain.imports.use_cases.telling import FollowCatalogue
from higherstudy.domain.notifications.pages import Pages
from higherstudy.domain.operations.use_cases.detecting import DetectBreaches
from higherstudy.domain.operations.use_cases.samples import Samples
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.planning.use_cases.keeping import MakePlan
from higherstudy.domain.profile.use_cases import SealPassports
from higherstudy.domain.reports.use_cases.making import RemoveReports
from higherstudy.domain.rights.use_cases.erasing import Erase, EraseAnew
from higherstudy.domain.rights.use_cases.exporting import MakeExport, RemoveExports
from higherstudy.domain.rights.use_cases.retaining import ApplyRetention
from higherstudy.domain.shared.ids import AccountId, LinkedIdentityId, ProgrammeId
from higherstudy.entrypoints.jobs.reactions import table
from higherstudy.entrypoints.jobs.relay import Relay
from higherstudy.entrypoints.jobs.worker import Worker
from higherstudy.ports.identity_providers import Provider
from higherstudy.ports.jobs import Priority
from higherstudy.ports.mailbox import Mail
from study_builders import programme

UNIVERSITY = Provider("university", "My University", "https://login.university.example")


async def carry_out_everything(world: World, mailbox: MemoryMailbox, page: str | None = None) -> None:
    """Pass every event on and carry out every job that is due, as the server does."""
    scan = ScanUpload(world.transactions, world.incoming, world.files, world.vault, world.scanner)
    tombstones = MemoryTombstones()
    erase = Erase(world.transactions, world.ids, world.files, world.incoming, mailbox, tombstones)
    providers = MemoryIdentityProviders([UNIVERSITY])
    telling = told_by(world, mailbox, pages=Pages(page), providers=providers)
    desk = Desk(transactions=world.transactions)
    duties = table(
        **telling,
        sign_out_all=SignOutAll(world.transactions, SignOutAccount(world.transactions)),
        clear_away=ApplyRetention(world.transactions, world.ids, bundled_retention()),
        break_off_imports=BreakOffImports(world.transactions),
        fail_imports=FailImports(world.transactions),
        take_rows=TakeRows(world.transactions, world.ids, BundledRulePacks(), world.zones),
        take_import=TakeImport(world.transactions, world.files, WorkbooksStoredCatalogues(), world.ids),
        follow_catalogue=FollowCatalogue(world.transactions),
        scan_upload=scan,
        scan_forgotten=ScanForgotten(world.transactions, scan),
        expire_uploads=ExpireUploads(world.transactions, world.incoming),
        drop_leftovers=DropLeftovers(world.transactions, world.incoming),
        drop_orphans=DropOrphans(world.transactions, world.files),
        follow_edition=FollowEdition(world.transactions, world.ids),
        work_out_impact=WorkOutImpact(world.transactions, world.zones),
        seal_papers=SealPapers(world.transactions, world.files, world.vault),
        seal_snapshots=SealSnapshots(world.transactions, world.vault),
        seal_passports=SealPassports(world.transactions, world.vault),
        make_export=MakeExport(world.transactions, world.files, world.vault, Messages(), 2**20, timedelta(days=1)),
        remove_exports=RemoveExports(world.transactions, world.files),
        make_report=make_report_in(world),
        remove_reports=RemoveReports(world.transactions, world.files),
        erase=erase,
        erase_anew=EraseAnew(world.transactions, world.ids, tombstones, erase),
        forget_addresses=ForgetAddresses(world.transactions),
        settle_collection=desk.settle,
        send_refund=desk.send_refund,
        look_at_payments_again=desk.look_again,
        expire_orders=desk.expire,
        reconcile=desk.reconcile,
        detect_breaches=DetectBreaches(
            world.transactions, world.ids, Samples(world.transactions, world.files, world.vault, BundledRulePacks())
        ),
    )
    worker = Worker(world.transactions, duties)
    while await Relay(world.transactions, world.ids, duties.reactions).pass_on():
        pass
    while True:
        async with world.transactions() as work:
            jobs = await work.jobs.offer(dict.fromkeys(Priority, 100), again_after=timedelta(seconds=1))
        if not jobs:
            break
        for job in jobs:
            await worker.carry_out(job.job_id)
    await worker.rest()


async def test_who_registers_is_welcomed() -> None:
    world, mailbox = World(), MemoryMailbox()

    await world.student("student@example.org")
    await carry_out_everything(world, mailbox)

    [mail] = mailbox.mails
    assert (mail.to, mail.subject) == ("student@example.org", "Welcome to Higher Study")


async def test_an_offer_without_a_note_is_mailed_without_a_gap_and_with_its_end_as_people_write_it() -> None:
    world, mailbox = World(), MemoryMailbox()
    owner = await world.student("student@example.org")
    assert owner.student_id is not None
    until = datetime(2027, 3, 31, 12, tzinfo=UTC)

    await OfferGrant(world.transactions, world.ids)(
        owner, owner.student_id, "aunt@example.org", frozenset({Scope.UPLOAD}), until
    )
    await carry_out_everything(world, mailbox)

    [text] = [mail.text for mail in mailbox.mails if mail.to == "aunt@example.org"]
    assert "\n\n\n" not in text
    assert "It ends on 31 March 2027, 12:00 UTC, or when either of you ends it." in text


async def test_who_registers_gets_the_code_that_confirms_her_address() -> None:
    world, mailbox = World(), MemoryMailbox()
    asker = await world.student("student@example.org")

    await carry_out_everything(world, mailbox)

    [code] = re.findall(r"^\S{22,}$", mailbox.mails[0].text, re.MULTILINE)
    await ConfirmEmail(world.transactions)(asker, code)
    async with world.transactions() as work:
        account = await work.accounts.find_by_email("student@example.org")
    assert account is not None
    assert account.email_confirmed_at == world.clock.now()


async def test_who_forgot_the_password_gets_a_link_to_the_clients_page_where_there_is_one() -> None:
    world, mailbox = World(), MemoryMailbox()
    await world.student("student@example.org")
    ask = AskForReset(world.transactions, world.ids)

    await ask("student@example.org")
    await ask("nobody@example.org")
    await carry_out_everything(world, mailbox, "https://study.example/codes")

    [mail] = [one for one in mailbox.mails if one.subject == "A new password for your account"]
    [code] = re.findall(r"^https://study\.example/codes#purpose=reset_password&code=(\S+)$", mail.text, re.MULTILINE)
    await ResetPassword(world.transactions, world.passwords, world.common)(code, "another long password")
    assert {one.to for one in mailbox.mails} == {"student@example.org"}


@pytest.mark.parametrize(
    ("language", "subject"), [("en", "Your password was changed"), ("bn", "আপনার পাসওয়ার্ড বদলানো হয়েছে")]
)
async def test_who_changes_the_password_is_told_in_her_language(language: str, subject: str) -> None:
    world, mailbox = World(), MemoryMailbox()
    asker = await world.student("student@example.org", replace(a_profile(), preferred_language=language))
    change = ChangePassword(world.transactions, world.passwords, world.common)

    await change(asker, "a long enough password", "another long password")
    await carry_out_everything(world, mailbox)

    [told] = [mail for mail in mailbox.mails if mail.subject == subject]
    assert told.to == "student@example.org"
    assert "another" not in told.text


@pytest.mark.parametrize(
    ("language", "role", "subjects"),
    [
        ("en", "auditor", ["Your account has another role", "Your account has lost a role"]),
        ("bn", "নিরীক্ষক", ["আপনার অ্যাকাউন্ট নতুন ভূমিকা পেয়েছে", "আপনার অ্যাকাউন্টের একটি ভূমিকা সরানো হয়েছে"]),
    ],
)
async def test_whose_roles_change_is_told_in_her_language(language: str, role: str, subjects: list[str]) -> None:
    world, mailbox = World(), MemoryMailbox()
    asker = await world.student("student@example.org", replace(a_profile(), preferred_language=language))

    await GrantRole(world.transactions)(staff(), asker.account_id, Role.AUDITOR)
    await RevokeRole(world.transactions)(staff(), asker.account_id, Role.AUDITOR)
    await carry_out_everything(world, mailbox)

    told = [mail for mail in mailbox.mails if mail.id.startswith("role_")]
    assert [mail.subject for mail in told] == subjects
    assert all(mail.to == "student@example.org" and role in mail.text for mail in told)


@pytest.mark.parametrize(
    ("language", "with_keys", "said"),
    [
        ("en", True, "Your API keys were revoked too"),
        ("en", False, "API keys of your account were not touched"),
        ("bn", False, "আপনার অ্যাকাউন্টের API কী-গুলো আগের মতোই আছে"),
    ],
)
async def test_who_was_signed_out_by_an_administrator_is_told_and_no_mail_says_why(
    language: str, with_keys: bool, said: str
) -> None:
    world, mailbox = World(), MemoryMailbox()
    asker = await world.student("student@example.org", replace(a_profile(), preferred_language=language))
    make = MakeKey(world.transactions, world.ids, world.secrets, TicketLasting())
    await make(await world.signed_in(asker), asker.account_id, "A copy", ["plans:read"])
    async with world.transactions() as work:
        account = await work.accounts.get(asker.account_id)
    await BeginSession(world.transactions, world.ids, Lasting())(account)
    sign_out = SignOutAccount(world.transactions)

    for _ in range(2):  # the second time there is nothing to end, and nothing to tell
        await sign_out(staff(), asker.account_id, "Ticket 1204.", keys=with_keys)
    await carry_out_everything(world, mailbox)

    (told,) = [mail for mail in mailbox.mails if mail.id.startswith("signed_out-")]
    assert (told.to, said in told.text, "1204" in told.text) == ("student@example.org", True, False)


async def test_everybody_who_was_signed_in_is_signed_out_and_told_once() -> None:
    world, mailbox = World(), MemoryMailbox()
    in_, out = await world.student("student@example.org"), await world.student("another@example.org")
    begin = BeginSession(world.transactions, world.ids, Lasting())
    async with world.transactions() as work:
        account = await work.accounts.get(in_.account_id)
    for _ in range(2):
        await begin(account)
    await OrderSignOutOfAll(world.transactions, world.ids)(staff(), "A copy was lost.")
    world.clock.move(timedelta(seconds=1))
    after = await begin(await _account(world, out.account_id))

    for _ in range(2):  # the mails follow from what the job did
        await carry_out_everything(world, mailbox)

    (told,) = [mail for mail in mailbox.mails if mail.id.startswith("signed_out-")]
    assert told.to == "student@example.org"
    async with world.transactions() as work:
        assert await work.sessions.live_of(in_.account_id, work.now) == []
        assert await work.sessions.live_of(out.account_id, work.now) == [after], "begun after it was ordered"
    noted = {one.entry.action: one.entry for one in world.store.audit.entries.rows()}
    assert noted["session.sign_out_of_all_ordered"].reason is not None
    assert noted["account.sign_out_ordered"].actor == staff().account_id


async def _account(world: World, account_id: AccountId) -> Account:
    async with world.transactions() as work:
        return await work.accounts.get(account_id)


async def test_who_has_a_new_key_is_told_and_a_program_is_told_nothing() -> None:
    world, mailbox = World(), MemoryMailbox()
    asker = await world.student("student@example.org")
    make = MakeKey(world.transactions, world.ids, world.secrets, TicketLasting())

    _, text = await make(await world.signed_in(asker), asker.account_id, "Nightly copy", ["plans:read"])
    service = await MakeServiceAccount(world.transactions, world.ids)(staff(), "Admissions desk")
    await GrantRole(world.transactions)(staff(), service.id, Role.AUDITOR)
    await make(await world.signed_in(staff()), service.id, "Its key", ["account:read"])
    await carry_out_everything(world, mailbox)

    assert {mail.to for mail in mailbox.mails} == {"student@example.org"}
    [told] = [mail for mail in mailbox.mails if mail.subject == "A new API key for your account"]
    assert "Nightly copy" in told.text
    assert "plans:read" in told.text
    assert text not in told.text


@pytest.mark.parametrize(
    ("what", "kind", "told"),
    [
        ("added", "totp", "An app that makes codes was added"),
        ("added", "passkey", "A passkey was added"),
        ("removed", "totp", "An app that makes codes was removed"),
        ("removed", "passkey", "A passkey was removed"),
        ("codes_made", "", "New recovery codes were made"),
        ("code_used", "", "One of your recovery codes was used"),
    ],
)
async def test_who_changes_a_second_factor_is_told_what_was_changed(what: str, kind: str, told: str) -> None:
    world, mailbox = World(), MemoryMailbox()
    asker = await world.student("student@example.org")
    async with world.transactions() as work:
        work.record(FactorsChanged(asker.account_id, what, kind), 1)

    await carry_out_everything(world, mailbox)

    [mail] = [mail for mail in mailbox.mails if mail.subject == "How you sign in was changed"]
    assert mail.to == "student@example.org"
    assert mail.text.startswith(told)
    assert "write to those who run this server" in mail.text


async def test_who_submits_is_sent_the_receipt() -> None:
    world, mailbox = World(), MemoryMailbox()
    asker = await world.student("student@example.org")
    await world.papers(asker)
    draft = await world.draft(asker)

    receipt = await world.submit(asker, draft.id, NOW)
    await carry_out_everything(world, mailbox)

    [mail] = [mail for mail in mailbox.mails if mail.id.startswith("receipt-")]
    assert mail.to == "student@example.org"
    assert receipt.number in mail.subject
    assert receipt.snapshot_sha256 in mail.text
    assert "{" not in mail.subject + mail.text


async def test_who_prefers_bangla_is_written_to_in_bangla() -> None:
    world, mailbox = World(), MemoryMailbox()
    asker = await world.student("student@example.org")
    await world.papers(asker)
    async with world.transactions() as work:
        assert asker.student_id is not None
        student = await work.students.get(asker.student_id)
        student.change_profile(replace(student.profile, preferred_language="bn-BD"))
        await work.students.save(student)
    draft = await world.draft(asker)

    receipt = await world.submit(asker, draft.id, NOW)
    await carry_out_everything(world, mailbox)

    welcome, sent = mailbox.mails
    assert welcome.subject == "Higher Study-তে স্বাগতম"
    assert sent.subject.startswith(f"রসিদ {receipt.number}: ")
    assert "আপনার আবেদন জমা হয়েছে।" in sent.text
    assert receipt.snapshot_sha256 in sent.text


async def test_a_mail_that_could_not_be_sent_is_sent_later_and_once() -> None:
    world, mailbox = World(), MemoryMailbox()
    mailbox.out_of_order = True
    await world.student("student@example.org")

    await carry_out_everything(world, mailbox)
    mailbox.out_of_order = False
    await carry_out_everything(world, mailbox)
    too_early = mailbox.mails
    world.clock.move(timedelta(seconds=5))
    await carry_out_everything(world, mailbox)
    await carry_out_everything(world, mailbox)

    assert (too_early, [mail.to for mail in mailbox.mails]) == ((), ["student@example.org"])


async def moved(rules: RuleWorld, *plans: int, language: str = "") -> tuple[Mail, ...]:
    """Return the mails after another amount has come into force, by a student's number of plans."""
    mailbox = MemoryMailbox()
    for number, count in enumerate(plans):
        asker, _ = await rules.student_with_a_plan(f"student{number}@example.org")
        make = MakePlan(rules.world.transactions, rules.packs, rules.world.zones, rules.world.ids)
        for other in range(1, count):
            one = await rules.world.programme(
                programme(id=ProgrammeId(UUID(int=90 + other)), key=f"other-{other}", name=f"Subject {other}")
            )
            await make(asker, owned(asker), [TargetRef(one.id, "winter", WINTER)])
        async with rules.world.transactions() as work:
            student = await work.students.get(owned(asker))
            student.change_profile(replace(student.profile, preferred_language=language))
            await work.students.save(student)
    await rules.activate(await rules.propose(germany()), reason="the amount of the new year")
    await carry_out_everything(rules.world, mailbox)
    rules.world.clock.move(timedelta(hours=12))  # at night nobody is told of what can wait
    await carry_out_everything(rules.world, mailbox)
    return tuple(mail for mail in mailbox.mails if mail.id.startswith("plan_moved-"))


async def test_a_student_whose_three_plans_move_gets_one_mail_that_names_the_three() -> None:
    first, second = sorted(await moved(RuleWorld(), 3, 1), key=lambda mail: mail.to)

    assert (first.to, first.subject) == (
        "student0@example.org",
        "The rules have changed, and 3 plans of yours with them",
    )
    heads = [line for line in first.text.splitlines() if line.startswith("Your plan for ")]
    assert {head.partition(",")[0] for head in heads} == {
        "Your plan for Informatics",
        "Your plan for Subject 1",
        "Your plan for Subject 2",
    }
    assert all(head.endswith("(from 1 October 2028)") for head in heads)
    assert first.text.count("EUR 12,624 must be shown instead of EUR 11,904") == 3
    assert (second.to, second.subject) == ("student1@example.org", "The rules have changed, and your plan with them")
    assert second.text.count("Your plan for ") == 1


async def test_of_moved_plans_too_she_is_written_to_in_her_language() -> None:
    (mail,) = await moved(RuleWorld(), 2, language="bn")

    assert mail.subject == "নিয়ম বদলেছে, তাই আপনার 2টি পরিকল্পনাও বদলেছে"  # digits of subjects stay Latin
    assert "The rules" not in mail.text
    assert mail.text.count(": ১১,৯০৪ ইউরো এর বদলে ১২,৬২৪ ইউরো দেখাতে হবে") == 2
    assert not re.search(r"locked account|20\d\d-", mail.text)


@pytest.mark.parametrize(
    ("language", "subjects"),
    [
        (
            "en",
            [
                "Your account can be signed in to with My University",
                "Your account cannot be signed in to with https://elsewhere.example any more",
            ],
        ),
        (
            "bn",
            [
                "এখন My University দিয়ে আপনার অ্যাকাউন্টে সাইন-ইন করা যায়",
                "https://elsewhere.example দিয়ে আপনার অ্যাকাউন্টে আর সাইন-ইন করা যায় না",
            ],
        ),
    ],
)
async def test_who_can_be_signed_in_by_a_provider_is_told_so_by_its_name(language: str, subjects: list[str]) -> None:
    world, mailbox = World(), MemoryMailbox()
    asker = await world.student("student@example.org", replace(a_profile(), preferred_language=language))
    async with world.transactions() as work:
        work.record(IdentityLinked(asker.account_id, LinkedIdentityId(UUID(int=1)), UNIVERSITY.issuer), 2)
        work.record(IdentityUnlinked(asker.account_id, LinkedIdentityId(UUID(int=2)), "https://elsewhere.example"), 3)

    await carry_out_everything(world, mailbox)

    assert [mail.subject for mail in mailbox.mails if mail.id.startswith("identity_")] == subjects
    assert {mail.to for mail in mailbox.mails} == {"student@example.org"}


async def test_whose_address_is_confirmed_already_is_welcomed_without_a_code() -> None:
    world, mailbox = World(), MemoryMailbox()
    asker = await world.student("student@example.org")
    async with world.transactions() as work:
        account = await work.accounts.get(asker.account_id)
        account.confirm_email(work.now)
        await work.accounts.save(account)

    await carry_out_everything(world, mailbox)

    assert [mail.subject for mail in mailbox.mails] == ["Welcome to Higher Study"]
    assert "confirm" not in mailbox.mails[0].text
