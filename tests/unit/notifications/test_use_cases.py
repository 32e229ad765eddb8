"""Mails that follow from events: the right words to the right person, once."""

from dataclasses import replace
from datetime import timedelta

from worlds import World

from builders import NOW
from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.domain.documents.use_cases.scanning import ScanForgotten, ScanUpload
from higherstudy.domain.documents.use_cases.sweeping import DropLeftovers, DropOrphans, ExpireUploads
from higherstudy.domain.impacts.use_cases import FollowEdition, WorkOutImpact
from higherstudy.domain.imports.use_cases import BreakOffImports
from higherstudy.domain.notifications.use_cases import MailMovedPlan, MailReceipt, MailWelcome
from higherstudy.domain.operations.use_cases import ClearAway
from higherstudy.entrypoints.jobs.reactions import table
from higherstudy.entrypoints.jobs.relay import Relay
from higherstudy.entrypoints.jobs.worker import Worker
from higherstudy.ports.jobs import Priority


async def carry_out_everything(world: World, mailbox: MemoryMailbox) -> None:
    """Pass every event on and carry out every job that is due, as the server does."""
    scan = ScanUpload(world.transactions, world.incoming, world.scanner)
    duties = table(
        mail_welcome=MailWelcome(world.transactions, mailbox, Messages()),
        mail_receipt=MailReceipt(world.transactions, mailbox, Messages()),
        clear_away=ClearAway(world.transactions),
        break_off_imports=BreakOffImports(world.transactions),
        scan_upload=scan,
        scan_forgotten=ScanForgotten(world.transactions, scan),
        expire_uploads=ExpireUploads(world.transactions, world.incoming),
        drop_leftovers=DropLeftovers(world.transactions, world.incoming),
        drop_orphans=DropOrphans(world.transactions, world.files),
        follow_edition=FollowEdition(world.transactions, world.ids),
        work_out_impact=WorkOutImpact(world.transactions, world.zones),
        mail_moved_plan=MailMovedPlan(world.transactions, mailbox, Messages()),
    )
    worker = Worker(world.transactions, duties)
    while await Relay(world.transactions, world.ids, duties.reactions).pass_on():
        pass
    async with world.transactions() as work:
        jobs = await work.jobs.offer(dict.fromkeys(Priority, 100), again_after=timedelta())
    for job in jobs:
        await worker.carry_out(job.job_id)
    await worker.rest()


async def test_who_registers_is_welcomed() -> None:
    world, mailbox = World(), MemoryMailbox()

    await world.student("student@example.org")
    await carry_out_everything(world, mailbox)

    [mail] = mailbox.mails
    assert (mail.to, mail.subject) == ("student@example.org", "Welcome to Higher Study")


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
    world.clock.move(timedelta(seconds=2))
    await carry_out_everything(world, mailbox)
    await carry_out_everything(world, mailbox)

    assert (too_early, [mail.to for mail in mailbox.mails]) == ((), ["student@example.org"])
