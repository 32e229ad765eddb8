"""What any keeper of sign-ins at providers must do."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from ...domain.identity.linked_identity import Identity
from ...domain.identity.provider_sign_in import LASTS, ProviderSignIn, Way, digest_of
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, ProviderSignInId
from ..transactions import Transactions
from .samples import AT


class ProviderSignInsContract:
    """Override ``transactions``; the store need not be empty, but holds none that was over before the year 1990."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_one_is_found_by_its_digest_as_it_was_kept(self, transactions: Transactions) -> None:
        given = _begun()
        async with transactions() as work:
            await work.provider_sign_ins.add(given)
        given.use(AT)
        given.wait_for_link(Identity("https://issuer.example", "ঢাকা-7"), AccountId(uuid4()), AT + LASTS)
        async with transactions() as work:
            await work.provider_sign_ins.save(given)
        async with transactions() as work:
            found = await work.provider_sign_ins.find(given.digest)

        assert found == given
        assert (found.used_at, found.subject, found.version) == (AT, "ঢাকা-7", 2)

    async def test_a_digest_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.provider_sign_ins.find(digest_of(str(uuid4())))

    async def test_a_digest_is_kept_once(self, transactions: Transactions) -> None:
        first, second = _begun(), _begun()
        second.digest = first.digest
        async with transactions() as work:
            await work.provider_sign_ins.add(first)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.provider_sign_ins.add(second)

    async def test_of_two_who_use_one_the_second_is_told(self, transactions: Transactions) -> None:
        given = _begun()
        async with transactions() as work:
            await work.provider_sign_ins.add(given)
        async with transactions() as work:
            first, second = [await work.provider_sign_ins.find(given.digest) for _ in range(2)]
        async with transactions() as work:
            first.use(AT)
            await work.provider_sign_ins.save(first)

        second.use(AT)
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.provider_sign_ins.save(second)

    async def test_what_is_over_is_removed_so_many_at_a_time(self, transactions: Transactions) -> None:
        long_ago = datetime(1980, 1, 1, tzinfo=AT.tzinfo)
        old, newer = [_begun(long_ago) for _ in range(3)], _begun()
        async with transactions() as work:
            for one in (*old, newer):
                await work.provider_sign_ins.add(one)
        async with transactions() as work:
            removed = [await work.provider_sign_ins.remove_over(long_ago + timedelta(days=1), 2) for _ in range(3)]

        assert removed == [2, 1, 0]
        async with transactions() as work:
            assert await work.provider_sign_ins.find(newer.digest) == newer
            with pytest.raises(NotFound):
                await work.provider_sign_ins.find(old[0].digest)


def _begun(at: datetime = AT) -> ProviderSignIn:
    return ProviderSignIn.begun(ProviderSignInId(uuid4()), "university", Way.of(str(uuid4())), at, None)
