"""What any keeper of API keys must do."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.identity.key import ApiKey
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, KeyId
from ..transactions import Transactions
from .samples import AT, a_key

MINUTE = timedelta(minutes=1)


class KeysContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_key_is_got_as_it_was_kept(self, transactions: Transactions) -> None:
        given = a_key(AccountId(uuid4()))
        given.networks, given.until = ("192.0.2.0/24", "2001:db8::/48"), AT + timedelta(days=30)
        await _kept(transactions, given)

        async with transactions() as work:
            found = await work.keys.get(given.id)

        assert found == given
        assert found.version == 1

    async def test_a_key_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.keys.get(KeyId(uuid4()))

    async def test_an_id_is_kept_once(self, transactions: Transactions) -> None:
        first, second = a_key(AccountId(uuid4())), a_key(AccountId(uuid4()))
        second.id = first.id
        await _kept(transactions, first)

        with pytest.raises(Conflict):
            await _kept(transactions, second)

    async def test_keys_of_an_account_come_the_newest_first(self, transactions: Transactions) -> None:
        account_id = AccountId(uuid4())
        old, new, revoked = (a_key(account_id) for _ in range(3))
        old.made_at, revoked.made_at = AT - MINUTE, AT + MINUTE
        revoked.revoke(AT + MINUTE)
        await _kept(transactions, new, old, revoked, a_key(AccountId(uuid4())))

        async with transactions() as work:
            found = await work.keys.of(account_id)

        assert list(found) == [revoked, new, old]

    async def test_of_two_who_revoke_it_the_second_is_told(self, transactions: Transactions) -> None:
        given = a_key(AccountId(uuid4()))
        await _kept(transactions, given)
        async with transactions() as work:
            first, second = [await work.keys.get(given.id) for _ in range(2)]
        async with transactions() as work:
            first.revoke(AT)
            await work.keys.save(first)

        second.revoke(AT + MINUTE)
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.keys.save(second)
        async with transactions() as work:
            assert (await work.keys.get(given.id)).revoked_at == AT

    async def test_a_use_is_noted_unless_one_was_just_before_and_stands_in_nobodys_way(
        self, transactions: Transactions
    ) -> None:
        given = a_key(AccountId(uuid4()))
        await _kept(transactions, given)

        used = []
        for seconds in (0, 30, 60):
            at = AT + timedelta(seconds=seconds)
            async with transactions() as work:
                await work.keys.note_use(given.id, at, at - MINUTE)
                await work.keys.note_use(KeyId(uuid4()), at, at - MINUTE)
            async with transactions() as work:
                used.append((await work.keys.get(given.id)).used_at)
        async with transactions() as work:
            given.revoke(AT)
            await work.keys.save(given)

        assert used == [AT, AT, AT + MINUTE]
        async with transactions() as work:
            found = await work.keys.get(given.id)
        assert (found.used_at, found.revoked_at, found.version) == (AT + MINUTE, AT, 2)


async def _kept(transactions: Transactions, *keys: ApiKey) -> None:
    async with transactions() as work:
        for key in keys:
            await work.keys.add(key)
