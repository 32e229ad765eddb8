"""What any store of ways and preferences must do."""

from datetime import time
from uuid import uuid4

import pytest

from ...domain.notifications.channel import Channel, Topic
from ...domain.notifications.preferences import Preferences
from ...domain.notifications.way import Because, Way
from ...domain.shared.errors import Conflict
from ...domain.shared.ids import AccountId
from ..transactions import Transactions
from .samples import AT


class WaysContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_way_takes_the_place_of_the_one_before(self, transactions: Transactions) -> None:
        account_id, nobody = AccountId(uuid4()), AccountId(uuid4())
        mail = Way(account_id, Channel.EMAIL, "rima@example.org", AT, AT, Because.BOUNCED)
        async with transactions() as work:
            await work.ways.keep(Way(account_id, Channel.SMS, "+8801712345678"))
            await work.ways.keep(mail)
        number = Way(account_id, Channel.SMS, "+8801812345678", AT)
        async with transactions() as work:
            await work.ways.keep(number)

        async with transactions() as work:
            found = await work.ways.of([account_id, nobody])

        assert {key: list(ways) for key, ways in found.items()} == {account_id: [mail, number]}

    async def test_preferences_come_back_as_they_were_said(self, transactions: Transactions) -> None:
        given = Preferences(AccountId(uuid4()), uuid4().hex)
        async with transactions() as work:
            await work.ways.add_preferences([given])
        given.quiet_from, given.quiet_until, given.digest_at = None, time(7, 15), time(20)
        given.always_digest, given.zone = True, "Asia/Dhaka"
        given.want({(Topic.PLAN, Channel.EMAIL), (Topic.WORK, Channel.SMS)}, {Topic.DEADLINES})
        async with transactions() as work:
            await work.ways.save_preferences(given)

        async with transactions() as work:
            found = await work.ways.preferences([given.account_id, AccountId(uuid4())])
            by_secret = await work.ways.find_by_secret(given.secret)
            none = await work.ways.find_by_secret(uuid4().hex)

        assert (found, found[given.account_id].version) == ({given.account_id: given}, 2)
        assert (by_secret, none) == (given, None)

    async def test_preferences_that_are_there_stay_when_others_would_be_added(self, transactions: Transactions) -> None:
        first = Preferences(AccountId(uuid4()), uuid4().hex)
        async with transactions() as work:
            await work.ways.add_preferences([first])
        async with transactions() as work:
            await work.ways.add_preferences([Preferences(first.account_id, uuid4().hex)])
            await work.ways.add_preferences([])

        async with transactions() as work:
            assert await work.ways.preferences([first.account_id]) == {first.account_id: first}

    async def test_of_two_who_change_preferences_the_second_is_told(self, transactions: Transactions) -> None:
        given = Preferences(AccountId(uuid4()), uuid4().hex)
        async with transactions() as work:
            await work.ways.add_preferences([given])
        async with transactions() as work:
            first, second = [(await work.ways.preferences([given.account_id]))[given.account_id] for _ in range(2)]
            await work.ways.save_preferences(first)

        async with transactions() as work:
            with pytest.raises(Conflict):
                await work.ways.save_preferences(second)
