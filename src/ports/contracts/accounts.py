"""What any keeper of accounts must do."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.identity.account import Account, Role
from ...domain.identity.errors import EmailTaken
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId
from ..transactions import Transactions
from .samples import AT, an_account


class AccountsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_an_account_is_found_by_its_id_and_by_its_address(self, transactions: Transactions) -> None:
        account = an_account()
        account.confirm_email(AT)

        async with transactions() as work:
            await work.accounts.add(account)
        async with transactions() as work:
            by_id = await work.accounts.get(account.id)
            by_address = await work.accounts.find_by_email(account.email)
            held = await work.accounts.held(account.id)

        assert by_id == by_address == held == account
        assert account.version == 1

    async def test_an_address_has_one_account(self, transactions: Transactions) -> None:
        first = an_account()
        async with transactions() as work:
            await work.accounts.add(first)

        async with transactions() as work:
            with pytest.raises(EmailTaken):
                await work.accounts.add(replace(an_account(), email=first.email))

    async def test_an_address_without_an_account_has_none(self, transactions: Transactions) -> None:
        async with transactions() as work:
            found = await work.accounts.find_by_email(f"{uuid4()}@example.org")

        assert found is None

    async def test_an_account_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.accounts.get(AccountId(uuid4()))
            with pytest.raises(NotFound):
                await work.accounts.held(AccountId(uuid4()))

    async def test_accounts_of_programs_are_listed_the_newest_first_closed_ones_too(
        self, transactions: Transactions
    ) -> None:
        old, new = (
            Account.for_service(AccountId(uuid4()), f"A copy — {at}", at) for at in (AT, AT + timedelta(days=1))
        )
        async with transactions() as work:
            for one in (old, new, an_account()):
                await work.accounts.add(one)
        old.close(AT)
        async with transactions() as work:
            await work.accounts.save(old)
        async with transactions() as work:
            found = [one for one in await work.accounts.services() if one.id in (old.id, new.id)]

        assert found == [new, old]
        assert found[1].closed_at == AT

    async def test_a_saved_change_is_there_afterwards(self, transactions: Transactions) -> None:
        account = an_account()
        async with transactions() as work:
            await work.accounts.add(account)

        async with transactions() as work:
            changed = await work.accounts.get(account.id)
            changed.grant(Role.COUNSELLOR)
            changed.change_password("another hash", is_short=True)
            await work.accounts.save(changed)
        async with transactions() as work:
            found = await work.accounts.get(account.id)

        assert found.roles == {Role.STUDENT, Role.COUNSELLOR}
        assert (found.password_hash, found.has_short_password) == ("another hash", True)
        assert found.version == changed.version == 2

    async def test_of_two_writers_the_second_gets_a_conflict(self, transactions: Transactions) -> None:
        account = an_account()
        async with transactions() as work:
            await work.accounts.add(account)
        async with transactions() as work:
            first, second = await work.accounts.get(account.id), await work.accounts.get(account.id)

        async with transactions() as work:
            await work.accounts.save(first)
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.accounts.save(second)
