"""What any store of messages must do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.notifications.channel import Channel
from ...domain.notifications.delivery import Delivery, State
from ...domain.notifications.message import Message, Recipient
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, DeliveryId, MessageId
from ..transactions import Transactions
from .samples import AT, a_delivery, a_message

AN_HOUR = timedelta(hours=1)


class OutgoingContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_message_comes_back_as_it_was_said(self, transactions: Transactions) -> None:
        given = a_message(params={"title": "Passport", "days": 3, "rows": [{"line": "one", "n": 1}]})
        await _keep(transactions, [given])
        given.acknowledge(AT)
        async with transactions() as work:
            await work.outgoing.save(given)

        async with transactions() as work:
            found = await work.outgoing.get(given.id)

        assert (found, found.version) == (given, 2)

    async def test_what_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.outgoing.get(MessageId(uuid4()))
            with pytest.raises(NotFound):
                await work.outgoing.delivery(DeliveryId(uuid4()))
            assert await work.outgoing.delivery_taken_as(Channel.SMS, uuid4().hex) is None
            assert await work.outgoing.delivery_taken_as(Channel.SMS, "") is None

    async def test_nobody_is_told_twice_of_one_kind_about_one_occasion(self, transactions: Transactions) -> None:
        first = a_message()
        again = replace(first, id=MessageId(uuid4()), version=0)
        other = replace(first, id=MessageId(uuid4()), recipient=Recipient(AccountId(uuid4())), version=0)
        on_their_way = [a_delivery(one) for one in (again, other)]
        await _keep(transactions, [first])

        async with transactions() as work:
            new = await work.outgoing.add([again, other], on_their_way)
        async with transactions() as work:
            kept = [await work.outgoing.deliveries(one.id) for one in (again, other)]
            none = await work.outgoing.add([], [])

        assert (new, kept, list(none)) == ({other.id}, [[], [on_their_way[1]]], [])

    async def test_an_inbox_has_the_newest_first_page_by_page_without_secrets(self, transactions: Transactions) -> None:
        account_id = AccountId(uuid4())
        said = [a_message(account_id, number) for number in range(3)]
        secret = a_message(account_id, 3, kind="code_reset_password")
        delivery = a_delivery(said[2])
        await _keep(transactions, [*said, secret, a_message()], [delivery])

        async with transactions() as work:
            first = await work.outgoing.of_account(account_id, None, 2)
            rest = await work.outgoing.of_account(account_id, first[-1].message.id, 2)

        assert [one.message for one in (*first, *rest)] == [said[2], said[1], said[0]]
        assert [one.deliveries for one in first] == [(delivery,), ()]

    async def test_what_was_read_acknowledged_or_withdrawn_is_unread_no_more(self, transactions: Transactions) -> None:
        account_id = AccountId(uuid4())
        said = [a_message(account_id, number) for number in range(4)]
        await _keep(transactions, said)
        said[0].read(AT)
        said[1].acknowledge(AT)
        said[2].withdraw(AT)
        async with transactions() as work:
            for one in said[:3]:
                await work.outgoing.save(one)

        async with transactions() as work:
            unread = await work.outgoing.of_account(account_id, None, 10, unread=True)

        assert [one.message for one in unread] == [said[3]]

    async def test_messages_are_found_by_the_beginning_of_what_they_are_about(self, transactions: Transactions) -> None:
        account_id = AccountId(uuid4())
        about = ["plan_1/step/7", "plan_1/step/3", "plan%1/step/3", "plan_2/step/3"]
        said = [replace(a_message(account_id, number), about=one) for number, one in enumerate(about)]
        await _keep(transactions, said)

        async with transactions() as work:
            found = await work.outgoing.said_about(account_id, ["receipt"], "plan_1/")
            none = await work.outgoing.said_about(account_id, ["reminder"], "plan_1/")

        assert (list(found), list(none)) == ([said[1], said[0]], [])

    async def test_a_delivery_is_found_by_its_own_id_and_by_the_providers(self, transactions: Transactions) -> None:
        message, known = a_message(), uuid4().hex
        delivery = a_delivery(message)
        await _keep(transactions, [message], [delivery])
        delivery.begin(AT)
        delivery.taken(known, AT)
        async with transactions() as work:
            await work.outgoing.save_delivery(delivery)

        async with transactions() as work:
            found = await work.outgoing.delivery(delivery.id)
            by_provider = await work.outgoing.delivery_taken_as(Channel.EMAIL, known)
            elsewhere = await work.outgoing.delivery_taken_as(Channel.SMS, known)

        assert (found, found.version, by_provider, elsewhere) == (delivery, 2, delivery, None)

    async def test_of_two_who_change_one_the_second_is_told(self, transactions: Transactions) -> None:
        message = a_message()
        delivery = a_delivery(message)
        await _keep(transactions, [message], [delivery])
        async with transactions() as work:
            messages = [await work.outgoing.get(message.id) for _ in range(2)]
            deliveries = [await work.outgoing.delivery(delivery.id) for _ in range(2)]
            await work.outgoing.save(messages[0])
            await work.outgoing.save_delivery(deliveries[0])

        async with transactions() as work:
            with pytest.raises(Conflict):
                await work.outgoing.save(messages[1])
        async with transactions() as work:
            with pytest.raises(Conflict):
                await work.outgoing.save_delivery(deliveries[1])

    async def test_what_waits_for_a_digest_on_a_channel_comes_in_the_order_in_which_it_is_due(
        self, transactions: Transactions
    ) -> None:
        message = a_message()
        account_id = message.recipient.account_id
        assert account_id is not None
        later, sooner, too_late, elsewhere, over, alone = [a_delivery(message) for _ in range(6)]
        for one in (later, sooner, too_late, elsewhere, over):
            one.gathered = True
        later.due_at, sooner.due_at, too_late.due_at = AT, AT - AN_HOUR, AT + AN_HOUR
        elsewhere.channel = Channel.SMS
        over.end(State.WITHDRAWN, AT)
        await _keep(transactions, [message], [later, sooner, too_late, elsewhere, over, alone])
        further = a_delivery(message)
        further.gathered = True
        further.begin(AT)
        async with transactions() as work:
            await work.outgoing.add_delivery(further)

        async with transactions() as work:
            found = await work.outgoing.gathered_for(account_id, Channel.EMAIL, AT)

        assert {one.id for one in found} == {later.id, sooner.id, further.id}
        assert found[0] == sooner

    async def test_it_is_counted_how_much_of_some_kinds_each_was_told_since(self, transactions: Transactions) -> None:
        one, other, quiet = [AccountId(uuid4()) for _ in range(3)]
        old = a_message(one, 0)
        old.said_at = AT - AN_HOUR
        await _keep(transactions, [old, a_message(one, 1), a_message(one, 2), a_message(other, 0, kind="reminder")])

        async with transactions() as work:
            found = await work.outgoing.said_since([one, other, quiet], AT, ["receipt"])

        assert found == {one: 2}

    async def test_each_report_of_a_provider_is_heard_once(self, transactions: Transactions) -> None:
        event_id = uuid4().hex

        async with transactions() as work:
            heard = [await work.outgoing.heard("sendgrid", event_id) for _ in range(2)]
        async with transactions() as work:
            later = await work.outgoing.heard("sendgrid", event_id)
            of_another = await work.outgoing.heard("twilio", event_id)

        assert (heard, later, of_another) == ([True, False], False, True)

    async def test_what_failed_is_listed_newest_first(self, transactions: Transactions) -> None:
        message = a_message()
        deliveries = sorted((a_delivery(message) for _ in range(3)), key=lambda one: one.id)
        for one in deliveries[:2]:
            one.begin(AT)
            one.end(State.REFUSED, AT, "no such mailbox")
        await _keep(transactions, [message], deliveries)

        async with transactions() as work:
            found = [one for one in await work.outgoing.undelivered(None, 1000) if one.message_id == message.id]
            behind = await work.outgoing.undelivered(found[0].id, 1000)

        assert found == [deliveries[1], deliveries[0]]
        assert found[0] not in behind

    async def test_messages_are_given_with_all_that_was_tried(self, transactions: Transactions) -> None:
        message, secret, alone = a_message(), a_message(kind="code_reset_password"), a_message()
        first, second = sorted((a_delivery(message) for _ in range(2)), key=lambda one: one.id)
        await _keep(transactions, [message, secret, alone], [first, second, hidden := a_delivery(secret)])

        async with transactions() as work:
            found = await work.outgoing.whole([message.id, secret.id, MessageId(uuid4())])
            none = await work.outgoing.whole([])

        assert {id_: one.deliveries for id_, one in found.items()} == {
            message.id: (first, second),
            secret.id: (hidden,),
        }
        assert (found[message.id].message, none) == (message, {})


async def _keep(transactions: Transactions, said: Sequence[Message], on_their_way: Sequence[Delivery] = ()) -> None:
    async with transactions() as work:
        assert await work.outgoing.add(said, on_their_way) == {one.id for one in said}
