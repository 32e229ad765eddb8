"""Messages that failed, as administrators see them, and trying one again."""

from datetime import UTC, datetime, timedelta

import pytest
from telling import Post
from worlds import World, staff

from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.domain.audit.query import Query
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.notifications.channel import Channel
from higherstudy.domain.notifications.delivery import Delivery, State
from higherstudy.domain.notifications.message import Message, Recipient
from higherstudy.domain.notifications.use_cases.inbox import AcknowledgeMessage
from higherstudy.domain.notifications.use_cases.saying import Saying
from higherstudy.domain.notifications.use_cases.undelivered import ListUndelivered, TryDeliveryAgain, may_be_tried
from higherstudy.domain.notifications.way import Because, Way
from higherstudy.domain.shared.errors import Forbidden, NotFound, RuleBroken
from higherstudy.ports.errors import Refusal
from higherstudy.ports.transactions import UnitOfWork

DAY, NIGHT = datetime(2027, 3, 1, 12, tzinfo=UTC), datetime(2027, 3, 1, 23, tzinfo=UTC)
EMAIL = "student@example.org"


async def always(_: UnitOfWork, __: Message) -> bool:
    return True


class Office:
    """A world in which a mail was refused, and an administrator."""

    def __init__(self) -> None:
        self.world, self.mailbox = World(), MemoryMailbox()
        self.world.clock.set(DAY)
        self.post = Post(self.world, self.mailbox, always)
        self.admin = staff()
        self.list = ListUndelivered(self.world.transactions)
        self.again = TryDeliveryAgain(self.world.transactions, self.post.say)

    async def refused(
        self, kind: str = "password_changed", because: Refusal = Refusal.BLOCKED
    ) -> tuple[Asker, Delivery]:
        asker = await self.world.student(EMAIL)
        self.mailbox.refusing[EMAIL] = because
        await self.post.said(Saying(kind, "one", Recipient(asker.account_id), student_id=asker.student_id))
        await self.post.carry_out()
        self.mailbox.refusing.clear()
        return asker, next(one for one in self.world.store.deliveries.rows() if one.has_failed)

    async def reason(self, delivery: Delivery) -> str:
        with pytest.raises(RuleBroken) as refused:
            await self.again(self.admin, delivery.id)
        return refused.value.reasons[0].code


async def test_what_failed_is_listed_with_why_and_since_when() -> None:
    office = Office()
    _, delivery = await office.refused()

    [found] = await office.list(office.admin, 10)
    none = await office.list(office.admin, 10, delivery.id)

    assert (found.delivery, found.message.kind, found.instead, none) == (delivery, "password_changed", None, [])
    assert (found.delivery.state, found.delivery.changed_at) == (State.REFUSED, DAY)
    assert found.delivery.detail
    assert EMAIL not in found.delivery.detail
    assert may_be_tried(found)


async def test_tried_again_it_arrives_once_and_is_noted() -> None:
    office = Office()
    asker, delivery = await office.refused()

    tried = await office.again(office.admin, delivery.id)
    twice = await office.reason(delivery)
    await office.post.carry_out()
    afterwards = await office.reason(delivery)
    async with office.world.transactions() as work:
        [noted] = await work.audit_trail.search(Query(action="delivery.tried_again"), 10)

    assert tried.instead is not None
    assert (tried.instead.channel, tried.instead.state, tried.instead.due_at) == (Channel.EMAIL, State.WAITING, DAY)
    assert (twice, afterwards) == ("delivery.comes_otherwise", "delivery.comes_otherwise")
    assert [mail.to for mail in office.mailbox.mails] == [EMAIL]
    assert (noted.entry.subject_id, noted.entry.student_id) == (delivery.id, asker.student_id)


async def test_whoever_sleeps_is_let_sleep_unless_it_is_urgent() -> None:
    calm, urgent = Office(), Office()
    (_, later), (_, now) = await calm.refused("test"), await urgent.refused("password_changed")
    for office in (calm, urgent):
        office.world.clock.set(NIGHT)

    waits = (await calm.again(calm.admin, later.id)).instead
    goes = (await urgent.again(urgent.admin, now.id)).instead

    assert waits is not None
    assert goes is not None
    assert waits.due_at > NIGHT
    assert goes.due_at == NIGHT


async def test_an_address_that_is_dead_a_code_and_what_is_known_are_not_tried_again() -> None:
    dead, code, known, fresh = Office(), Office(), Office(), Office()
    _, bounced = await dead.refused(because=Refusal.NO_SUCH_ADDRESS)
    _, secret = await code.refused("code_reset_password")
    asker, acknowledged = await known.refused()
    await AcknowledgeMessage(known.world.transactions)(asker, acknowledged.message_id)
    await fresh.refused()
    [failed] = await fresh.list(fresh.admin, 10)
    repeated = (await fresh.again(fresh.admin, failed.delivery.id)).instead
    assert repeated is not None

    assert await dead.reason(bounced) == "delivery.no_way"
    assert await code.reason(secret) == "delivery.is_a_code"
    assert await known.reason(acknowledged) == "delivery.said_no_more"
    assert await fresh.reason(repeated) == "delivery.not_failed"
    with pytest.raises(NotFound):
        await fresh.again(fresh.admin, fresh.world.ids.new())  # type: ignore[arg-type]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_nobody_but_administrators_sees_or_tries_them(role: Role) -> None:
    office = Office()
    _, delivery = await office.refused()
    asker = Asker(office.admin.account_id, frozenset({role}))

    with pytest.raises(Forbidden):
        await office.list(asker, 10)
    with pytest.raises(Forbidden):
        await office.again(asker, delivery.id)


async def test_where_she_wants_no_mail_any_more_none_is_tried() -> None:
    office = Office()
    asker, delivery = await office.refused()
    async with office.world.transactions() as work:
        way = Way(asker.account_id, Channel.EMAIL, EMAIL, DAY)
        way.close(Because.COMPLAINED, DAY + timedelta(seconds=1))
        await work.ways.keep(way)

    assert await office.reason(delivery) == "delivery.no_way"
