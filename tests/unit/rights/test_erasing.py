"""Being erased: asked for, told, cancelled, held up by the law, carried out, and never undone by a backup."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from telling import told_by
from worlds import World, owned, staff

from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.adapters.memory.text_messages import MemoryTextMessages
from higherstudy.adapters.memory.tombstones import MemoryTombstones
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.identity.errors import SignInRefused
from higherstudy.domain.identity.scopes import Scope
from higherstudy.domain.identity.session import Lasting
from higherstudy.domain.identity.use_cases.accounts import GrantRole, RevokeRole
from higherstudy.domain.identity.use_cases.grants import OfferGrant
from higherstudy.domain.identity.use_cases.sessions import BeginSession
from higherstudy.domain.notifications.channel import Channel
from higherstudy.domain.notifications.message import Recipient
from higherstudy.domain.notifications.use_cases.saying import Saying
from higherstudy.domain.notifications.way import Way
from higherstudy.domain.payments.dispute import Stage
from higherstudy.domain.rights.erasure import Because, Erasure, State, is_shell
from higherstudy.domain.rights.use_cases.erasing import (
    AGAIN,
    ERASE,
    AskForErasure,
    CancelErasure,
    Erase,
    EraseAnew,
    EraseAtOnce,
    GetErasure,
)
from higherstudy.domain.rights.use_cases.fencing import FencedMailbox, FencedTexts
from higherstudy.domain.rights.use_cases.holding import LiftHold, ListHolds, PlaceHold
from higherstudy.domain.shared.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from higherstudy.domain.shared.ids import EventId
from higherstudy.ports.contracts.payment_samples import a_dispute, a_refund, an_attempt, an_order
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.jobs import Job, JobStatus
from higherstudy.ports.mailbox import Mail
from higherstudy.ports.text_messages import Text

PASSWORD = "a long enough password"
WAIT = timedelta(days=7)


class Erasures(World):
    """A world in which records are erased."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.mailbox, self.tombstones = MemoryMailbox(), MemoryTombstones()
        self.erase = Erase(
            self.transactions, self.ids, self.files, self.incoming, self.mailbox, self.tombstones, self.vault
        )
        self.anew = EraseAnew(self.transactions, self.ids, self.tombstones, self.erase)

    async def asked(self, asker: Asker, password: str = PASSWORD) -> Erasure:
        ask = AskForErasure(self.transactions, self.ids, self.passwords, WAIT)
        return await ask(asker, owned(asker), password)

    async def ordered(self, asker: Asker) -> Erasure:
        return await EraseAtOnce(self.transactions, self.ids)(staff(), owned(asker), "An order.")

    async def found(self, erasure: Erasure) -> Erasure:
        async with self.transactions() as work:
            return await work.erasures.get(erasure.id)

    async def carry_out(self) -> None:
        """Carry out the jobs of erasures that are due, as a worker does."""
        for job in self.waiting():
            if job.due_at <= self.clock.now():
                await self._done(job)
                step = self.erase if job.name == ERASE else self.erase.again
                await step((await self._erasure_of(job)).id)

    def waiting(self) -> list[Job]:
        jobs = [kept.job for kept in self.store.jobs.rows() if kept.job.status is JobStatus.WAITING]
        return [job for job in jobs if job.name in (ERASE, AGAIN)]

    async def _done(self, job: Job) -> None:
        async with self.transactions() as work:
            (leased,) = await work.jobs.lease_many([job.id], timedelta(minutes=1))
            await work.jobs.finish_many([leased])

    async def _erasure_of(self, job: Job) -> Erasure:
        return next(one for one in self.store.erasures.rows() if str(one.id) == job.arguments["erasure"])

    async def is_shell(self, asker: Asker) -> bool:
        async with self.transactions() as work:
            return is_shell((await work.accounts.get(asker.account_id)).email)


async def test_she_is_erased_once_the_days_are_over_and_not_before() -> None:
    world = Erasures()
    asker = await world.student()
    await world.papers(asker)
    erasure = await world.asked(asker)

    world.clock.move(WAIT - timedelta(seconds=1))
    await world.carry_out()
    early = await world.is_shell(asker)
    world.clock.move(timedelta(seconds=1))
    await world.carry_out()

    assert (early, await world.is_shell(asker)) == (False, True)
    assert (await world.found(erasure)).state is State.ERASED
    assert [one async for one in world.files.kept_before(world.clock.now() + WAIT)] == []
    assert [one.student_id async for one in world.tombstones.every()] == [owned(asker)]
    assert [one async for one in world.vault.destroyed()] == [owned(asker)]
    assert [event.tag for event in await world.events()][-1] == "student.erased.v1"


@pytest.mark.parametrize("password", ["", "another long password", "x" * 5000])
async def test_without_the_password_nothing_is_asked_for(password: str) -> None:
    world = Erasures()
    asker = await world.student()

    with pytest.raises(RuleBroken, match=r"password\.not_the_current"):
        await world.asked(asker, password)

    assert list(world.store.erasures.rows()) == []


async def test_an_account_without_a_password_shows_by_a_fresh_sign_in_who_it_is() -> None:
    world = Erasures()
    asker = await world.student()
    async with world.transactions() as work:
        account = await work.accounts.get(asker.account_id)
        account.password_hash = ""
        await work.accounts.save(account)
    session = await BeginSession(world.transactions, world.ids, Lasting())(account)
    signed_in = replace(asker, session_id=session.id)

    world.clock.move(timedelta(minutes=5))
    erasure = await world.asked(signed_in, "")
    world.clock.move(timedelta(seconds=1))
    for stale in (signed_in, asker):
        with pytest.raises(RuleBroken, match=r"erasure\.needs_fresh_sign_in"):
            await world.asked(stale, "")

    assert erasure.state is State.WAITING


async def test_nobody_asks_for_somebody_else_and_nobody_who_works_here_is_erased() -> None:
    world = Erasures()
    asker, stranger = await world.student(), await world.student("stranger@example.org")
    async with world.transactions() as work:
        account = await work.accounts.get(stranger.account_id)
        account.grant(Role.COUNSELLOR)
        await work.accounts.save(account)

    ask = AskForErasure(world.transactions, world.ids, world.passwords, WAIT)
    with pytest.raises(NotFound):
        await ask(stranger, owned(asker), PASSWORD)
    with pytest.raises(RuleBroken, match=r"erasure\.of_staff"):
        await world.asked(stranger)
    with pytest.raises(RuleBroken, match=r"erasure\.of_staff"):
        await world.ordered(stranger)


async def test_asking_again_changes_nothing_and_cancelling_lets_everything_stay() -> None:
    world = Erasures()
    asker = await world.student()
    first, second = await world.asked(asker), await world.asked(asker)

    await CancelErasure(world.transactions)(asker, owned(asker))
    world.clock.move(WAIT)
    await world.carry_out()

    assert (first.id, await world.is_shell(asker)) == (second.id, False)
    with pytest.raises(NotFound):
        await CancelErasure(world.transactions)(asker, owned(asker))
    assert (await world.asked(asker)).id != first.id


async def test_a_hold_lets_it_wait_until_its_end_and_says_so() -> None:
    world = Erasures()
    asker = await world.student()
    until = world.clock.now() + timedelta(days=20)
    await PlaceHold(world.transactions, world.ids)(staff(), owned(asker), "A payment is in dispute.", until)

    erasure = await world.asked(asker)
    told, held = await GetErasure(world.transactions)(asker, owned(asker))
    world.clock.move(WAIT)
    await world.carry_out()
    early = await world.is_shell(asker)
    world.clock.set(until)
    await world.carry_out()

    assert (erasure.due_at, told.due_at, held, early) == (until, until, until, False)
    assert await world.is_shell(asker)


async def test_while_a_bank_decides_on_a_payment_the_record_stays_and_the_books_stay_for_good() -> None:
    world = Erasures()
    asker = await world.student()
    order = an_order(owned(asker))
    attempt = an_attempt(order)
    dispute, case = a_dispute(order, attempt), a_refund(order, attempt)
    async with world.transactions() as work:
        await work.orders.add(order)
        await work.orders.put_dispute(dispute)
        await work.refunds.add(case)
    await world.asked(asker)
    for _ in range(10):
        world.clock.move(timedelta(days=1))
        await world.carry_out()
    disputed = await world.is_shell(asker)
    async with world.transactions() as work:
        dispute.decide(Stage.WON, work.now)
        await work.orders.put_dispute(dispute)
    world.clock.move(timedelta(days=1))
    await world.carry_out()

    assert (disputed, await world.is_shell(asker)) == (False, True)
    async with world.transactions() as work:
        kept, back = await work.orders.get(order.id), await work.refunds.get(case.id)
    assert (kept.total, kept.lines, [one.reason for one in kept.discounts]) == (order.total, order.lines, ["", ""])
    assert (back.amount, back.reason, [one.note for one in back.history]) == (case.amount, "", [""])


async def test_a_hold_that_is_placed_while_it_waits_postpones_it_and_lifting_it_does_not_hurry_it() -> None:
    world = Erasures()
    asker = await world.student()
    erasure = await world.asked(asker)
    until = world.clock.now() + timedelta(days=30)
    hold = await PlaceHold(world.transactions, world.ids)(staff(), owned(asker), "A lawsuit.", until)

    world.clock.move(WAIT)
    await world.carry_out()
    postponed = await world.found(erasure)
    await LiftHold(world.transactions)(staff(), owned(asker), hold.id)
    world.clock.set(until)
    await world.carry_out()

    assert (postponed.state, postponed.due_at) == (State.WAITING, until)
    assert await world.is_shell(asker)


async def test_an_administrator_erases_at_once_for_a_stated_reason_but_not_against_a_hold() -> None:
    world = Erasures()
    asker = await world.student()
    hold = await PlaceHold(world.transactions, world.ids)(
        staff(), owned(asker), "A lawsuit.", world.clock.now() + timedelta(days=1)
    )

    with pytest.raises(RuleBroken, match=r"erasure\.held"):
        await world.ordered(asker)
    await LiftHold(world.transactions)(staff(), owned(asker), hold.id)
    with pytest.raises(Invalid):
        await EraseAtOnce(world.transactions, world.ids)(staff(), owned(asker), "  ")
    await world.asked(asker)
    erasure = await world.ordered(asker)
    with pytest.raises(NotFound):  # what the law demands she cannot cancel
        await CancelErasure(world.transactions)(asker, owned(asker))
    await world.carry_out()

    assert (await world.found(erasure)).because is Because.DUTY
    assert await world.is_shell(asker)
    with pytest.raises(Conflict):
        await world.ordered(asker)


async def test_only_administrators_order_and_hold() -> None:
    world = Erasures()
    asker = await world.student()
    tomorrow = world.clock.now() + timedelta(days=1)

    with pytest.raises(Forbidden):
        await EraseAtOnce(world.transactions, world.ids)(asker, owned(asker), "An order.")
    with pytest.raises(Forbidden):
        await PlaceHold(world.transactions, world.ids)(asker, owned(asker), "A lawsuit.", tomorrow)
    with pytest.raises(Forbidden):
        await ListHolds(world.transactions)(asker, owned(asker))


@pytest.mark.parametrize("days", [-1, 0, 3661])
async def test_a_hold_ends_ahead_and_within_ten_years(days: int) -> None:
    world = Erasures()
    asker = await world.student()
    until = world.clock.now() + timedelta(days=days)

    with pytest.raises(Invalid):
        await PlaceHold(world.transactions, world.ids)(staff(), owned(asker), "A lawsuit.", until)


@pytest.mark.parametrize("part", ["files", "mailbox", "tombstones"])
async def test_what_is_broken_off_anywhere_is_done_by_the_next_attempt(part: str) -> None:
    world = Erasures()
    asker = await world.student()
    await world.papers(asker)
    erasure = await world.ordered(asker)
    broken: dict[str, Any] = {part: _Broken()}
    halfway = replace(world.erase, **broken)

    with pytest.raises(Unavailable):
        await halfway(erasure.id)
    between = await world.found(erasure)
    for _ in range(2):
        await world.erase(erasure.id)

    assert between.state is State.ERASING
    assert await world.is_shell(asker)
    assert [event.tag for event in await world.events()].count("student.erased.v1") == 1


class _Broken:
    """A part that does not answer."""

    async def delete(self, *given: object, **named: object) -> None:
        raise Unavailable

    forget = keep = delete


async def test_her_sign_ins_end_as_soon_as_there_is_no_way_back() -> None:
    world = Erasures()
    asker = await world.student()
    async with world.transactions() as work:
        account = await work.accounts.get(asker.account_id)
    session = await BeginSession(world.transactions, world.ids, Lasting())(account)
    erasure = await world.ordered(asker)
    halfway = Erase(
        world.transactions,
        world.ids,
        world.files,
        world.incoming,
        world.mailbox,
        _Broken(),  # type: ignore[arg-type]
    )

    with pytest.raises(Unavailable):
        await halfway(erasure.id)

    async with world.transactions() as work:
        assert (await work.sessions.get(session.id)).ended_at is not None
    with pytest.raises(SignInRefused):  # also by whoever had shown the password before
        await BeginSession(world.transactions, world.ids, Lasting())(account)


async def test_who_came_to_work_here_meanwhile_is_erased_once_the_role_is_taken_away() -> None:
    world = Erasures()
    asker = await world.student()
    await world.asked(asker)
    await GrantRole(world.transactions)(staff(), asker.account_id, Role.COUNSELLOR)

    world.clock.move(WAIT)
    await world.carry_out()
    as_staff = await world.is_shell(asker)
    await RevokeRole(world.transactions)(staff(), asker.account_id, Role.COUNSELLOR)
    world.clock.move(timedelta(days=1))
    await world.carry_out()

    assert (as_staff, await world.is_shell(asker)) == (False, True)


async def test_what_somebody_kept_who_was_at_it_meanwhile_goes_a_little_later() -> None:
    world = Erasures()
    asker = await world.student()
    await world.ordered(asker)
    await world.carry_out()
    async with world.transactions() as work:
        student = await work.students.get(owned(asker))
        object.__setattr__(student.profile, "name", "Written too late")
        await work.students.save(student)

    world.clock.move(timedelta(minutes=15))
    await world.carry_out()

    async with world.transactions() as work:
        assert (await work.students.get(owned(asker))).profile.name == ""


async def test_a_mail_that_is_under_way_reaches_nobody_who_was_erased() -> None:
    world = Erasures()
    asker = await world.student("student@example.org")
    fenced = FencedMailbox(world.transactions, world.mailbox)
    mail = Mail("1", "student@example.org", "Hello", "A text")
    await fenced.send(mail)
    before = world.mailbox.mails

    await world.ordered(asker)
    await world.carry_out()
    await fenced.send(Mail("2", "student@example.org", "Hello", "A text"))

    assert (before, world.mailbox.mails) == ((mail,), ())


async def test_a_mail_that_is_handed_over_while_she_is_erased_is_taken_back() -> None:
    world = Erasures()
    asker = await world.student("student@example.org")

    class Slow(MemoryMailbox):
        async def send(self, mail: Mail) -> str:
            await world.ordered(asker)
            await world.carry_out()
            return await super().send(mail)

    slow = Slow()
    await FencedMailbox(world.transactions, slow).send(Mail("1", "student@example.org", "Hello", "A text"))

    assert slow.mails == ()


@pytest.mark.parametrize("meanwhile", [False, True])
async def test_no_mail_to_somebody_whom_she_asked_for_help_names_an_erased_student(meanwhile: bool) -> None:
    world = Erasures()
    asker = await world.student("student@example.org")
    offer, until = OfferGrant(world.transactions, world.ids), world.clock.now() + timedelta(days=1)
    grant = await offer(asker, owned(asker), "father@example.org", frozenset({Scope.UPLOAD}), until)

    class Slow(MemoryMailbox):
        async def send(self, mail: Mail) -> str:
            if meanwhile:
                await world.ordered(asker)
                await world.carry_out()
            return await super().send(mail)

    world.mailbox = Slow()
    world.erase = replace(world.erase, mailbox=world.mailbox)
    telling = told_by(world, world.mailbox)
    await telling["tell"](grant.offered(), EventId(world.ids.new()))
    (delivery,) = world.store.deliveries.rows()
    await telling["deliver"](delivery.id)
    before = len(world.mailbox.mails)
    if not meanwhile:
        await world.ordered(asker)
        await world.carry_out()

    assert (before, world.mailbox.mails) == (0 if meanwhile else 1, ())


async def test_what_was_forgotten_since_its_job_was_set_aside_is_taken_up_again() -> None:
    world = Erasures()
    asker = await world.student()
    await world.ordered(asker)

    world.clock.move(timedelta(hours=1))
    early = await world.anew()
    world.clock.move(timedelta(seconds=1))
    late = await world.anew()

    assert (early, late, await world.is_shell(asker)) == (0, 1, True)


async def test_a_backup_brings_nobody_back() -> None:
    world = Erasures()
    asker, another = await world.student(), await world.student("another@example.org")
    tables: tuple[Any, ...] = (world.store.accounts, world.store.students, world.store.erasures)
    backup = [dict(table._kept) for table in tables]
    await world.ordered(asker)
    await world.carry_out()

    for table, rows in zip(tables, backup, strict=True):
        table._kept = rows
    back = await world.is_shell(asker)
    erased = [await world.anew() for _ in range(2)]

    assert (back, erased) == (False, [1, 0])
    assert await world.is_shell(asker)
    assert not await world.is_shell(another)


NUMBER = "+8801712345678"


async def a_text(world: Erasures, asker: Asker) -> Text:
    """Give her a number, and return a short message that is about to go there."""
    post = told_by(world, world.mailbox)
    async with world.transactions() as work:
        await work.ways.keep(Way(asker.account_id, Channel.SMS, NUMBER, work.now))
        await post["deliver"].say(work, [Saying("window_open", "one", Recipient(asker.account_id))])
    (delivery,) = world.store.deliveries.rows()
    return Text(f"window_open-{delivery.id}", NUMBER, "Your window is open.")


async def test_what_lies_at_the_service_for_her_number_goes_with_her() -> None:
    world = Erasures()
    asker, sms, whatsapp = await world.student("student@example.org"), MemoryTextMessages(), MemoryTextMessages()
    world.erase = replace(world.erase, texts={Channel.SMS: sms, Channel.WHATSAPP: whatsapp})
    text, others = await a_text(world, asker), Text("2", "+8801812345678", "for somebody else")
    for one in (text, others):
        await sms.send(one)

    sms.out_of_order = True
    erasure = await world.ordered(asker)
    with pytest.raises(Unavailable):
        await world.carry_out()
    fenced = ((await world.found(erasure)).state, sms.texts)
    sms.out_of_order = False
    await world.erase(erasure.id)

    assert fenced == (State.ERASING, (text, others))
    assert ((await world.found(erasure)).state, sms.texts) == (State.ERASED, (others,))


async def test_a_short_message_that_is_under_way_reaches_nobody_who_was_erased() -> None:
    world = Erasures()
    asker, sms = await world.student("student@example.org"), MemoryTextMessages()
    fenced, text = FencedTexts(world.transactions, sms), await a_text(world, asker)
    name = await fenced.send(text)
    before = sms.texts
    await fenced.forget(NUMBER)

    await world.ordered(asker)
    await world.carry_out()
    nothing = await fenced.send(text)

    assert (bool(name), before, nothing, sms.texts) == (True, (text,), "", ())


async def test_a_short_message_that_is_handed_over_while_she_is_erased_is_taken_back() -> None:
    world = Erasures()
    asker = await world.student("student@example.org")
    text = await a_text(world, asker)

    class Slow(MemoryTextMessages):
        async def send(self, text: Text) -> str:
            await world.ordered(asker)
            await world.carry_out()
            return await super().send(text)

    slow = Slow()
    await FencedTexts(world.transactions, slow).send(text)

    assert slow.texts == ()
