"""What any keeper of codes that went out by mail must do."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from ...domain.identity.confirmation import Confirmation, Purpose, digest_of
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, ConfirmationId
from ..transactions import Transactions
from .samples import AT

RESET = Purpose.RESET_PASSWORD
MINUTE = timedelta(minutes=1)


class ConfirmationsContract:
    """Override ``transactions``; the store need not be empty, but holds none that was over before the year 1990."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_code_is_found_by_its_digest_as_it_was_kept(self, transactions: Transactions) -> None:
        given = _a_code(AccountId(uuid4()))
        async with transactions() as work:
            await work.confirmations.add(given)
        given.use(AT + MINUTE)
        async with transactions() as work:
            await work.confirmations.save(given)
        async with transactions() as work:
            found = await work.confirmations.find(given.digest)

        assert found == given
        assert (found.used_at, found.version) == (AT + MINUTE, 2)

    async def test_a_digest_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.confirmations.find(digest_of(str(uuid4())))

    async def test_a_digest_is_kept_once(self, transactions: Transactions) -> None:
        first = _a_code(AccountId(uuid4()))
        second = _a_code(first.account_id)
        second.digest = first.digest
        async with transactions() as work:
            await work.confirmations.add(first)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.confirmations.add(second)

    async def test_of_two_who_use_one_the_second_is_told(self, transactions: Transactions) -> None:
        given = _a_code(AccountId(uuid4()))
        async with transactions() as work:
            await work.confirmations.add(given)
        async with transactions() as work:
            first, second = [await work.confirmations.find(given.digest) for _ in range(2)]
        async with transactions() as work:
            first.use(AT)
            await work.confirmations.save(first)

        second.use(AT)
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.confirmations.save(second)

    async def test_open_ones_of_an_account_for_a_purpose_are_listed_the_oldest_first(
        self, transactions: Transactions
    ) -> None:
        account_id = AccountId(uuid4())
        late, early = _a_code(account_id, AT + MINUTE), _a_code(account_id)
        used, over = _a_code(account_id), _a_code(account_id, AT - timedelta(hours=1))
        used.use(AT)
        others = _a_code(AccountId(uuid4())), _a_code(account_id, purpose=Purpose.CONFIRM_EMAIL)
        async with transactions() as work:
            for one in (late, early, used, over, *others):
                await work.confirmations.add(one)
        async with transactions() as work:
            found = await work.confirmations.open_of(account_id, RESET, AT)

        assert list(found) == [early, late]

    async def test_what_is_over_is_removed_so_many_at_a_time(self, transactions: Transactions) -> None:
        long_ago = datetime(1980, 1, 1, tzinfo=AT.tzinfo)
        old, newer = [_a_code(AccountId(uuid4()), long_ago) for _ in range(3)], _a_code(AccountId(uuid4()))
        async with transactions() as work:
            for one in (*old, newer):
                await work.confirmations.add(one)
        async with transactions() as work:
            removed = [await work.confirmations.remove_over(long_ago + timedelta(days=1), 2) for _ in range(3)]

        assert removed == [2, 1, 0]
        async with transactions() as work:
            assert await work.confirmations.find(newer.digest) == newer
            with pytest.raises(NotFound):
                await work.confirmations.find(old[0].digest)


def _a_code(account_id: AccountId, at: datetime = AT, purpose: Purpose = RESET) -> Confirmation:
    return Confirmation.of(ConfirmationId(uuid4()), account_id, purpose, str(uuid4()), at)
