"""Messages on their ways: sent, waiting, gone on by another way, reported on, gathered, and escalated."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from random import Random

import pytest
from telling import LETTERS, Post
from worlds import World, owned

from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.adapters.memory.text_messages import MemoryTextMessages
from higherstudy.adapters.system.secrets import SystemSecrets
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.identity.confirmation import MOST_AN_HOUR, Purpose
from higherstudy.domain.identity.errors import SlowedDown
from higherstudy.domain.identity.scopes import Scope
from higherstudy.domain.identity.use_cases.confirming import MakeCode
from higherstudy.domain.notifications.channel import Channel, Topic
from higherstudy.domain.notifications.delivery import Delivery, State
from higherstudy.domain.notifications.message import Message, Recipient, Said
from higherstudy.domain.notifications.pages import Pages
from higherstudy.domain.notifications.parts import is_basic
from higherstudy.domain.notifications.use_cases.inbox import AcknowledgeMessage, ListMessages, ReadMessage
from higherstudy.domain.notifications.use_cases.saying import FLOOD, Saying
from higherstudy.domain.notifications.use_cases.wishes import (
    PACE,
    ChangePreferences,
    ConfirmNumber,
    GiveNumber,
    SeePreferences,
    TakeNumberAway,
    Unsubscribe,
    Wishes,
)
from higherstudy.domain.notifications.way import Because, Way
from higherstudy.domain.shared.errors import Invalid, NotFound, RuleBroken
from higherstudy.ports.contracts.samples import a_grant
from higherstudy.ports.delivery_reports import DeliveryReport, Heard
from higherstudy.ports.errors import Refusal, Unavailable
from higherstudy.ports.mailbox import Mail
from higherstudy.ports.text_messages import Text
from higherstudy.ports.transactions import UnitOfWork

NUMBER = "+8801712345678"
NIGHT = datetime(2027, 1, 4, 20, 0, tzinfo=UTC)  # two in the morning in Dhaka
MORNING = datetime(2027, 1, 5, 2, 0, tzinfo=UTC)
WINDOW: dict[str, Said] = {
    "title": "Appointment",
    "closes_at_own": "2027-01-11 16:00",
    "closes_at_theirs": "",
    "zone_theirs": "",
    "days_left": 7,
    "what_to_do": "Book it.",
    "acknowledge_link": "",
}
CHANGES: dict[str, Said] = {
    "programme": "Informatics",
    "changes": [{"change": "The deadline is earlier."}],
    "plan_link": "",
}


async def always(_: UnitOfWork, __: Message) -> bool:
    return True


class Street:
    """A world with one student, her mail and her telephone."""

    def __init__(self, now: datetime = NIGHT) -> None:
        self.world, self.mailbox, self.sms = World(), MemoryMailbox(), MemoryTextMessages()
        self.world.clock.set(now)
        pages = Pages(unsubscribe="https://study.example/v1/unsubscriptions/{secret}/{topic}")
        texts = {Channel.SMS: self.sms}
        self.post = Post(self.world, self.mailbox, always, texts=texts, pages=pages)

    async def student(self, *, with_number: bool = False) -> Asker:
        asker = await self.world.student()
        if with_number:
            async with self.world.transactions() as work:
                await work.ways.keep(Way(asker.account_id, Channel.SMS, NUMBER, work.now))
        return asker

    async def say(self, asker: Asker, kind: str, about: str = "event/1", **params: object) -> Message:
        told = Recipient(asker.account_id)
        given = params or {"window_open": WINDOW, "programme_changed": CHANGES}.get(kind, {})
        await self.post.said(
            Saying(kind, about, told, given, zone="Asia/Dhaka", student_id=asker.student_id)  # type: ignore[arg-type]
        )
        return next(one for one in self.world.store.messages.rows() if one.about == about and one.kind == kind)

    async def report(self, delivery: Delivery, heard: Heard, event_id: str = "1", *, by_id: bool = True) -> int:
        report = DeliveryReport(
            event_id, f"x-{delivery.id}" if by_id else "", delivery.provider_id, heard, self.world.clock.now()
        )
        return await self.post.hear("mail", [delivery.channel], [report])

    def states(self) -> list[tuple[str, str]]:
        found = sorted(self.world.store.deliveries.rows(), key=lambda one: one.id)
        return [(one.channel.value, one.state.value) for one in found]

    def delivery(self) -> Delivery:
        (found,) = self.world.store.deliveries.rows()
        return found


async def test_what_can_wait_waits_for_the_end_of_the_quiet_hours_in_her_zone_and_what_is_urgent_does_not() -> None:
    street = Street()
    asker = await street.student()

    await street.say(asker, "programme_changed")
    await street.say(asker, "password_changed")
    await street.post.carry_out()
    at_night = [mail.id.partition("-")[0] for mail in street.mailbox.mails]
    await street.post.until(MORNING - timedelta(seconds=1))
    before = len(street.mailbox.mails)
    await street.post.until(MORNING)

    assert (at_night, before) == (["password_changed"], 1)
    assert [mail.id.partition("-")[0] for mail in street.mailbox.mails] == ["password_changed", "programme_changed"]


async def test_nobody_is_told_twice_about_one_occasion_however_often_it_is_said() -> None:
    street = Street()
    asker = await street.student()

    for _ in range(3):
        await street.say(asker, "password_changed")
        await street.post.carry_out()

    assert len(street.mailbox.mails) == 1


async def test_a_service_that_does_not_answer_is_asked_again_until_it_does() -> None:
    street = Street()
    asker = await street.student()
    street.mailbox.out_of_order = True

    await street.say(asker, "password_changed")
    await street.post.until(NIGHT + timedelta(minutes=10))
    waiting = street.delivery()
    street.mailbox.out_of_order = False
    await street.post.until(NIGHT + timedelta(minutes=30))

    assert (waiting.state, waiting.detail, waiting.attempts) == (State.WAITING, "unavailable", 8)
    assert street.states() == [("email", "taken")]
    assert len(street.mailbox.mails) == 1


async def test_after_a_day_without_an_answer_a_message_is_given_up_and_still_lies_in_the_inbox() -> None:
    street = Street()
    asker = await street.student()
    street.mailbox.out_of_order = True

    await street.say(asker, "password_changed")
    await street.post.until(NIGHT + timedelta(hours=30))
    (told,) = await ListMessages(street.world.transactions, LETTERS)(asker, None, 10)

    assert street.states() == [("email", "given_up")]
    assert (told.subject, told.message.read_at) == ("Your password was changed", None)


async def test_a_wait_that_the_service_asks_for_is_kept() -> None:
    class Busy(MemoryMailbox):
        async def send(self, mail: Mail) -> str:
            raise Unavailable(again_after=timedelta(hours=2))

    street = Street()
    street.post = Post(street.world, Busy(), always)
    asker = await street.student()

    await street.say(asker, "password_changed")
    await street.post.carry_out()

    assert street.delivery().due_at == NIGHT + timedelta(hours=2)


async def test_an_attempt_that_ended_without_a_note_is_made_again_under_the_same_id_and_counted() -> None:
    class Dying(MemoryMailbox):
        async def send(self, mail: Mail) -> str:
            await super().send(mail)
            raise KeyboardInterrupt  # the process is killed between acceptance and note

    street = Street()
    asker = await street.student()
    dying = Dying()
    await street.say(asker, "password_changed")
    with pytest.raises(KeyboardInterrupt):
        await Post(street.world, dying, always).telling["deliver"](street.delivery().id)
    begun = street.delivery().state

    await street.post.telling["deliver"](street.delivery().id)

    assert begun is State.SENDING
    assert (street.delivery().state, street.delivery().unsure, street.delivery().attempts) == (State.TAKEN, 1, 2)
    assert dying.mails[0].id == street.mailbox.mails[0].id


async def test_an_urgent_message_goes_by_the_next_way_at_once_where_the_first_does_not_answer() -> None:
    street = Street()
    asker = await street.student(with_number=True)
    street.sms.out_of_order = True

    await street.say(asker, "window_open")
    await street.post.carry_out()

    assert street.states() == [("sms", "waiting"), ("email", "taken")]


@pytest.mark.parametrize(
    ("because", "closed"),
    [
        (Refusal.NO_SUCH_ADDRESS, Because.BOUNCED),
        (Refusal.UNSUBSCRIBED, Because.UNSUBSCRIBED),
        (Refusal.TOO_LARGE, None),
    ],
)
async def test_what_is_refused_goes_by_the_next_way_and_an_address_that_is_none_is_used_no_more(
    because: Refusal, closed: Because | None
) -> None:
    street = Street()
    asker = await street.student(with_number=True)
    street.sms.refusing[NUMBER] = because

    await street.say(asker, "window_open")
    await street.post.carry_out()
    async with street.world.transactions() as work:
        (way,) = (await work.ways.of([asker.account_id]))[asker.account_id]

    assert street.states()[:2] == [("sms", "refused"), ("email", "taken")]
    assert way.because == closed
    assert {mail.id.partition("-")[0] for mail in street.mailbox.mails} == (
        {"window_open", "channel_off"} if closed else {"window_open"}
    )


async def test_a_mail_that_bounces_closes_the_way_and_she_is_told_so_by_another() -> None:
    street = Street()
    asker = await street.student(with_number=True)
    await street.say(asker, "password_changed")
    await street.post.carry_out()

    news = await street.report(street.delivery(), Heard.BOUNCED)
    await street.post.carry_out()
    later = await street.say(asker, "role_granted", "event/2", role="counsellor")
    await street.post.carry_out()

    assert news == 1
    assert street.states()[0] == ("email", "bounced")
    by_kind = {text.id.partition("-")[0]: text.text for text in street.sms.texts}
    assert by_kind.keys() == {"channel_off", "password_changed", "role_granted"}
    assert "s***@example.org" in by_kind["channel_off"]
    assert later.recipient.account_id == asker.account_id


async def test_reports_may_come_twice_out_of_order_and_before_our_own_note_of_it() -> None:
    street = Street()
    asker = await street.student()
    await street.say(asker, "password_changed")
    async with street.world.transactions() as work:
        delivery = await work.outgoing.delivery(street.delivery().id)
        delivery.begin(work.now)
        await work.outgoing.save_delivery(delivery)

    early = await street.report(delivery, Heard.DELIVERED, "1")
    again = await street.report(delivery, Heard.DELIVERED, "1")
    bounced = await street.report(delivery, Heard.BOUNCED, "2")
    late = await street.report(delivery, Heard.DELIVERED, "3")
    deferred = await street.report(delivery, Heard.DEFERRED, "4")
    unknown = await street.post.hear(
        "mail", [Channel.EMAIL], [DeliveryReport("5", "nobody's", "nobody's", Heard.DELIVERED, NIGHT)]
    )

    assert [early, again, bounced, late, deferred, unknown] == [1, 0, 1, 0, 0, 0]
    assert street.delivery().state is State.BOUNCED


async def test_a_report_without_our_id_is_known_by_the_services_own() -> None:
    street = Street()
    asker = await street.student()
    await street.say(asker, "password_changed")
    await street.post.carry_out()

    news = await street.report(street.delivery(), Heard.DELIVERED, by_id=False)

    assert (news, street.delivery().state) == (1, State.DELIVERED)


async def test_a_flood_goes_out_as_one_digest_at_her_hour_without_what_is_so_no_more() -> None:
    street = Street(MORNING)
    asker = await street.student()
    for number in range(FLOOD + 3):
        await street.say(asker, "programme_changed", f"change/{number}")
    await street.post.carry_out()
    one_by_one = len(street.mailbox.mails)
    async with street.world.transactions() as work:
        gone = await work.outgoing.get(max(one.id for one in street.world.store.messages.rows()))
        gone.withdraw(work.now)
        await work.outgoing.save(gone)

    await street.post.until(datetime(2027, 1, 5, 12, 0, tzinfo=UTC))  # 18:00 in Dhaka

    assert one_by_one == FLOOD
    *_, digest = street.mailbox.mails
    assert (len(street.mailbox.mails), digest.id.partition("-")[0]) == (FLOOD + 1, "digest")
    assert digest.text.count("Informatics") >= 2
    assert [state for _, state in street.states()] == ["taken"] * FLOOD + ["gathered", "gathered", "withdrawn"]


async def test_where_nobody_takes_a_digest_each_message_goes_by_itself() -> None:
    street = Street(MORNING)
    asker = await street.student()
    for number in range(FLOOD + 2):
        await street.say(asker, "programme_changed", f"change/{number}")
    await street.post.carry_out()
    street.mailbox.out_of_order = True
    await street.post.until(datetime(2027, 1, 5, 12, 0, tzinfo=UTC))
    street.mailbox.out_of_order = False

    await street.post.until(datetime(2027, 1, 5, 13, 0, tzinfo=UTC))

    assert [state for _, state in street.states()] == ["taken"] * (FLOOD + 2)


async def test_a_digest_that_ended_without_a_note_goes_out_again_under_the_same_id() -> None:
    class Dying(MemoryMailbox):
        async def send(self, mail: Mail) -> str:
            await super().send(mail)
            raise KeyboardInterrupt

    street = Street(MORNING)
    asker = await street.student()
    for number in range(FLOOD + 2):
        await street.say(asker, "programme_changed", f"change/{number}")
    await street.post.carry_out()
    street.world.clock.set(datetime(2027, 1, 5, 12, 0, tzinfo=UTC))
    dying = Dying()
    with pytest.raises(KeyboardInterrupt):
        await Post(street.world, dying, always).telling["send_digest"](asker.account_id, Channel.EMAIL)

    await street.post.carry_out()

    assert dying.mails[0].id == street.mailbox.mails[-1].id
    assert [one.unsure for one in street.world.store.deliveries.rows() if one.gathered] == [1, 1]


async def test_one_click_ends_mails_about_a_topic_and_never_what_is_needed() -> None:
    street = Street(MORNING)
    asker = await street.student()
    await street.say(asker, "programme_changed")
    await street.say(asker, "password_changed")
    await street.post.carry_out()
    plan, password = sorted(street.mailbox.mails, key=lambda mail: mail.id, reverse=True)
    *_, secret, topic = plan.unsubscribe.split("/")

    unsubscribe = Unsubscribe(street.world.transactions)
    await unsubscribe(secret, topic)
    await unsubscribe(secret, topic)
    await street.say(asker, "programme_changed", "event/3")
    await street.say(asker, "password_changed", "event/3")
    await street.post.carry_out()

    assert password.unsubscribe == ""
    assert [mail.id.partition("-")[0] for mail in street.mailbox.mails[2:]] == ["password_changed"]
    assert len(await ListMessages(street.world.transactions, LETTERS)(asker, None, 10)) == 4
    for wrong in (("nobody's", topic), (secret, "nothing")):
        with pytest.raises(NotFound):
            await unsubscribe(*wrong)
    with pytest.raises(RuleBroken):
        await unsubscribe(secret, Topic.ACCOUNT.value)


async def test_who_unsubscribes_after_it_was_said_and_before_it_goes_out_gets_nothing() -> None:
    street = Street()
    asker = await street.student()
    await street.say(asker, "programme_changed")
    preferences, _ = await SeePreferences(street.world.transactions, street.world.secrets)(asker)

    await Unsubscribe(street.world.transactions)(preferences.secret, "plan")
    await street.post.until(MORNING)

    assert (street.mailbox.mails, street.states()) == ((), [("email", "silenced")])


async def test_preferences_are_taken_as_a_whole_and_unknown_zones_and_needed_topics_are_refused() -> None:
    street = Street()
    asker = await street.student()
    change = ChangePreferences(street.world.transactions, street.world.secrets, street.post.say.zones)
    wishes = Wishes(None, time(7), time(20), True, "Asia/Kathmandu", [(Topic.PLAN, Channel.EMAIL)], [Topic.DEADLINES])

    kept = await change(asker, wishes)
    with pytest.raises(Invalid):
        await change(asker, replace(wishes, zone="Asia/Nowhere"))
    with pytest.raises(RuleBroken):
        await change(asker, replace(wishes, silenced=[(Topic.RECORD, Channel.EMAIL)]))
    found, _ = await SeePreferences(street.world.transactions, street.world.secrets)(asker)

    assert found == kept
    assert (found.zone, found.always_digest, found.loud) == ("Asia/Kathmandu", True, frozenset({Topic.DEADLINES}))


async def test_a_number_is_hers_once_the_code_that_went_there_comes_back() -> None:
    street = Street()
    asker = await street.student()
    give = GiveNumber(street.world.transactions, street.world.ids, street.post.say)
    confirm = ConfirmNumber(street.world.transactions)

    given = await give(asker, "০০৮৮০ ১৭১২-৩৪৫৬৭৮")
    await street.post.carry_out()
    code = street.sms.texts[0].text.split(" ")[0]
    with pytest.raises(RuleBroken):
        await confirm(asker, "another")
    confirmed = await confirm(asker, code)
    with pytest.raises(RuleBroken):
        await confirm(asker, code)
    await TakeNumberAway(street.world.transactions)(asker)
    await street.say(asker, "window_open")
    await street.post.carry_out()

    assert (given.address, given.is_open, confirmed.is_open) == (NUMBER, False, True)
    assert street.states()[-1] == ("email", "taken")


async def test_the_code_that_went_to_one_number_confirms_no_other() -> None:
    street = Street()
    asker = await street.student()
    give = GiveNumber(street.world.transactions, street.world.ids, street.post.say)
    await give(asker, NUMBER)
    await street.post.carry_out()
    code = street.sms.texts[0].text.split(" ")[0]

    await give(asker, "+8801912345678")

    with pytest.raises(RuleBroken):
        await ConfirmNumber(street.world.transactions)(asker, code)


async def test_a_code_has_six_digits_is_good_for_minutes_and_may_be_tried_a_few_times() -> None:
    street = Street()
    asker = await street.student()
    confirm = ConfirmNumber(street.world.transactions)
    give = GiveNumber(street.world.transactions, street.world.ids, street.post.say)
    await give(asker, NUMBER)
    await street.post.carry_out()
    code = street.sms.texts[0].text.split(" ")[0]
    wrong = f"{(int(code) + 1) % 10**6:06}"

    for _ in range(PACE.free):
        with pytest.raises(RuleBroken):
            await confirm(asker, wrong)
    with pytest.raises(SlowedDown) as slowed:
        await confirm(asker, code)
    street.world.clock.move(timedelta(seconds=slowed.value.seconds))
    with pytest.raises(RuleBroken):
        await confirm(asker, code)

    assert re.fullmatch("[0-9]{6}", code)
    assert slowed.value.seconds >= Purpose.CONFIRM_PHONE.lasts.total_seconds()


async def test_whoever_confirms_her_number_may_try_as_often_the_next_time() -> None:
    street = Street()
    asker = await street.student()
    confirm = ConfirmNumber(street.world.transactions)
    give = GiveNumber(street.world.transactions, street.world.ids, street.post.say)
    for turn in range(3):
        await give(asker, NUMBER)
        await street.post.carry_out()
        for _ in range(PACE.free - 1):
            with pytest.raises(RuleBroken):
                await confirm(asker, "none")

        confirmed = await confirm(asker, street.sms.texts[turn].text.split(" ")[0])

        assert confirmed.is_open


async def test_where_a_code_is_taken_another_is_drawn() -> None:
    street = Street()
    asker = await street.student()

    class Again(SystemSecrets):
        made = iter(["one", "one", "another"])

        def new(self) -> str:
            return next(self.made)

    make = MakeCode(street.world.transactions, street.world.ids, Again())

    codes = [await make(asker.account_id, Purpose.CONFIRM_PHONE, NUMBER) for _ in range(2)]

    assert codes == [Purpose.CONFIRM_PHONE.code_of("one"), Purpose.CONFIRM_PHONE.code_of("another")]
    assert codes[0] != codes[1]


async def test_a_short_message_goes_out_in_plain_signs_where_those_say_as_much() -> None:
    street = Street()
    asker = await street.student(with_number=True)

    given: dict[str, object] = {**WINDOW, "title": "Visa – the “interview”"}
    await street.say(asker, "window_open", "one", **given)
    await street.post.carry_out()

    assert 'Visa - the "interview"' in street.sms.texts[0].text
    assert is_basic(street.sms.texts[0].text)


async def test_no_more_than_a_few_codes_an_hour_go_to_numbers() -> None:
    street = Street()
    asker = await street.student()
    give = GiveNumber(street.world.transactions, street.world.ids, street.post.say)
    for number in range(MOST_AN_HOUR):
        await give(asker, f"+880171234567{number}")
        await street.post.carry_out()

    with pytest.raises(RuleBroken):
        await give(asker, NUMBER)


@pytest.mark.parametrize("given", ["", "01712345678", "+0171234567", "+88017", "+88017123456789012", "call me"])
async def test_what_is_no_number_with_its_country_code_is_refused(given: str) -> None:
    street = Street()
    asker = await street.student()

    with pytest.raises(Invalid):
        await GiveNumber(street.world.transactions, street.world.ids, street.post.say)(asker, given)


async def test_an_inbox_is_its_owners_alone_and_what_she_read_stays_read() -> None:
    street = Street()
    asker = await street.student()
    other = await street.world.student("other@example.org")
    message = await street.say(asker, "password_changed")
    read, acknowledge = ReadMessage(street.world.transactions), AcknowledgeMessage(street.world.transactions)

    for use_case in (read, acknowledge):
        with pytest.raises(NotFound):
            await use_case(other, message.id)
    await read(asker, message.id)
    again = await read(asker, message.id)
    unread = await ListMessages(street.world.transactions, LETTERS)(asker, None, 10, unread=True)

    assert (again.read_at, list(unread)) == (NIGHT, [])


async def test_a_window_is_repeated_on_every_way_until_she_says_that_she_knows() -> None:
    street = Street()
    asker = await street.student(with_number=True)
    message = await street.say(asker, "window_open")

    await street.post.until(NIGHT + timedelta(hours=2))
    before = street.states()
    await AcknowledgeMessage(street.world.transactions)(asker, message.id)
    await street.post.until(NIGHT + timedelta(days=2))

    assert before == [("sms", "taken"), ("email", "taken"), ("sms", "taken"), ("email", "taken")]
    assert street.states() == before


async def test_whoever_helps_her_is_told_once_where_she_does_not_answer() -> None:
    street = Street()
    asker = await street.student()
    helper = await street.world.student("helper@example.org")
    async with street.world.transactions() as work:
        grant = replace(a_grant(), student_id=owned(asker), owner=asker.account_id)
        grant.given_at, grant.accepted_at, grant.account_id = work.now, work.now, helper.account_id
        grant.until, grant.scopes = work.now + timedelta(days=30), frozenset({Scope.READ_PLAN})
        await work.grants.add(grant)

    await street.say(asker, "window_open")
    await street.post.until(NIGHT + timedelta(minutes=20))
    early = [mail.to for mail in street.mailbox.mails if mail.id.startswith("window_unacknowledged")]
    await street.post.until(NIGHT + timedelta(days=1))

    told = [mail for mail in street.mailbox.mails if mail.id.startswith("window_unacknowledged")]
    assert (early, [mail.to for mail in told]) == ([], ["helper@example.org"])


class Unreliable:
    """A mailbox and a telephone of which every fifth attempt ends without an answer, and some for good."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.mails, self.texts = chance, MemoryMailbox(), MemoryTextMessages()

    async def send(self, given: Mail | Text) -> str:
        if self.chance.random() < 0.2:
            raise Unavailable
        return await (self.mails.send(given) if isinstance(given, Mail) else self.texts.send(given))

    async def forget(self, _: str) -> None:
        return


async def test_of_a_thousand_invitations_each_is_told_of_within_a_minute_and_until_it_is_acknowledged() -> None:
    chance, slowest = Random(20270104), timedelta()
    zones = ["Asia/Dhaka", "Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns", "Africa/Lagos", "Pacific/Midway"]
    for number in range(1000):
        at = NIGHT + timedelta(seconds=chance.randrange(365 * 86_400))
        street, service = Street(at), Unreliable(chance)
        street.post = Post(street.world, service, always, texts={Channel.SMS: service})
        asker = await street.student(with_number=number % 3 > 0)
        said = Saying("window_open", "event/1", Recipient(asker.account_id), WINDOW, zone=chance.choice(zones))
        await street.post.said(replace(said, student_id=asker.student_id))
        knows_at = at + timedelta(seconds=chance.randrange(60, 6 * 3600))
        await street.post.until(knows_at)
        sent = [one for one in street.world.store.deliveries.rows() if one.state is State.TAKEN]
        first = min(one.changed_at for one in sent if one.changed_at is not None)
        slowest = max(slowest, first - at)
        (message,) = street.world.store.messages.rows()
        await AcknowledgeMessage(street.world.transactions)(asker, message.id)
        before = len(service.mails.mails) + len(service.texts.texts)
        await street.post.until(knows_at + timedelta(days=2))
        assert len(service.mails.mails) + len(service.texts.texts) == before

    assert timedelta() < slowest <= timedelta(minutes=1)


async def test_what_is_erased_meanwhile_goes_out_no_more() -> None:
    street = Street()
    asker = await street.student()
    await street.say(asker, "programme_changed")
    async with street.world.transactions() as work:
        for message in list(street.world.store.messages.rows(lambda one: one.student_id == owned(asker))):
            street.world.store.messages.remove(message.id)
        for delivery in list(street.world.store.deliveries.rows()):
            street.world.store.deliveries.remove(delivery.id)
        assert work.now == NIGHT

    await street.post.until(MORNING)

    assert (street.mailbox.mails, street.states()) == ((), [])
