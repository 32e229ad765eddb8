"""What any keeper of second factors must do."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.identity.factor import Factor, FactorKind, RecoveryCodes, digest_of_code
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, FactorId
from ..transactions import Transactions
from .samples import AT

MINUTE = timedelta(minutes=1)


class FactorsContract:
    """Override ``transactions``; the store need not be empty, but holds none that was made before the year 1990."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_an_accounts_factors_are_found_the_oldest_first(self, transactions: Transactions) -> None:
        whose = AccountId(uuid4())
        newer, older = a_passkey(whose), a_totp(whose)
        newer.made_at += MINUTE
        async with transactions() as work:
            for factor in (newer, older, a_totp(AccountId(uuid4()))):
                await work.factors.add(factor)

        async with transactions() as work:
            found = await work.factors.of_account(whose)

        assert found == [older, newer]
        assert {one.version for one in found} == {1}

    async def test_a_changed_factor_is_there_as_it_was_saved(self, transactions: Transactions) -> None:
        factor = a_totp(AccountId(uuid4()))
        async with transactions() as work:
            await work.factors.add(factor)

        factor.secret = b"sealed anew"
        factor.confirmed_at = AT + MINUTE
        factor.use(2**40, AT + 2 * MINUTE)
        async with transactions() as work:
            await work.factors.save(factor)
        async with transactions() as work:
            [found] = await work.factors.of_account(factor.account_id)

        assert found == factor
        assert (found.counter, found.version) == (2**40, 2)

    async def test_of_two_who_use_one_the_second_is_told(self, transactions: Transactions) -> None:
        factor = a_totp(AccountId(uuid4()))
        async with transactions() as work:
            await work.factors.add(factor)
        first, second = replace(factor), replace(factor)

        async with transactions() as work:
            await work.factors.save(first)
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.factors.save(second)

    async def test_a_passkey_is_found_by_its_id_and_belongs_to_one(self, transactions: Transactions) -> None:
        passkey = a_passkey(AccountId(uuid4()))
        async with transactions() as work:
            await work.factors.add(passkey)
        assert passkey.credential is not None

        async with transactions() as work:
            found = await work.factors.find_passkey(passkey.credential)
            with pytest.raises(NotFound):
                await work.factors.find_passkey(b"another one entirely")
        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.factors.add(replace(a_passkey(AccountId(uuid4())), credential=passkey.credential))

        assert found == passkey

    async def test_what_is_removed_is_gone(self, transactions: Transactions) -> None:
        factor = a_totp(AccountId(uuid4()))
        async with transactions() as work:
            await work.factors.add(factor)

        async with transactions() as work:
            await work.factors.remove(factor.id)
            await work.factors.remove(factor.id)
        async with transactions() as work:
            assert await work.factors.of_account(factor.account_id) == []

    async def test_apps_are_gone_through_page_by_page_and_passkeys_are_none(self, transactions: Transactions) -> None:
        whose = AccountId(uuid4())
        apps = [a_totp(whose), replace(a_totp(AccountId(uuid4())), confirmed_at=AT), a_totp(whose)]
        async with transactions() as work:
            for factor in (*apps, a_passkey(whose)):
                await work.factors.add(factor)

        found: list[Factor] = []
        async with transactions() as work:
            while page := await work.factors.apps(found[-1].id if found else None, 2):
                assert len(page) <= 2
                found += page

        ids = [one.id for one in found]
        assert ids == sorted(set(ids))
        assert {one.kind for one in found} == {FactorKind.TOTP}
        assert [one for one in found if one in apps] == sorted(apps, key=lambda one: one.id)

    async def test_recovery_codes_are_kept_as_a_set_and_replaced(self, transactions: Transactions) -> None:
        codes = some_codes(AccountId(uuid4()))
        async with transactions() as work:
            assert await work.factors.recovery_codes(codes.account_id) is None
            await work.factors.save_recovery_codes(codes)
        assert codes.use("code 1")
        async with transactions() as work:
            await work.factors.save_recovery_codes(codes)

        async with transactions() as work:
            found = await work.factors.recovery_codes(codes.account_id)
            await work.factors.remove_recovery_codes(codes.account_id)
        async with transactions() as work:
            after = await work.factors.recovery_codes(codes.account_id)

        assert found == codes
        assert (len(codes.digests), codes.version, after) == (1, 2, None)

    async def test_of_two_who_use_a_recovery_code_the_second_is_told(self, transactions: Transactions) -> None:
        codes = some_codes(AccountId(uuid4()))
        async with transactions() as work:
            await work.factors.save_recovery_codes(codes)
        first, second, new = replace(codes), replace(codes), replace(codes, version=0)

        async with transactions() as work:
            await work.factors.save_recovery_codes(first)
        for late in (second, new):
            with pytest.raises(Conflict):
                async with transactions() as work:
                    await work.factors.save_recovery_codes(late)

    async def test_what_was_never_confirmed_is_removed_in_portions(self, transactions: Transactions) -> None:
        whose, long_ago = AccountId(uuid4()), AT.replace(year=1985)
        async with transactions() as work:
            for _ in range(3):
                await work.factors.add(replace(a_totp(whose), made_at=long_ago))
            await work.factors.add(replace(a_totp(whose), made_at=long_ago, confirmed_at=long_ago))

        async with transactions() as work:
            removed = [await work.factors.remove_unconfirmed(long_ago + MINUTE, 2) for _ in range(3)]
            left = await work.factors.of_account(whose)

        assert (removed, len(left)) == ([2, 1, 0], 1)


def a_totp(account_id: AccountId) -> Factor:
    """An app that was not confirmed yet."""
    return Factor(FactorId(uuid4()), account_id, FactorKind.TOTP, "A telephone — ফোন", b"\x00sealed\xff", AT)


def a_passkey(account_id: AccountId) -> Factor:
    """A passkey of its own."""
    factor = Factor(FactorId(uuid4()), account_id, FactorKind.PASSKEY, "", b"public key", AT, confirmed_at=AT)
    factor.credential = uuid4().bytes
    return factor


def some_codes(account_id: AccountId) -> RecoveryCodes:
    """Two codes."""
    return RecoveryCodes(account_id, frozenset(digest_of_code(account_id, f"code {n}") for n in (1, 2)), AT)
