"""What any store must do that knows what has been kept for long."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from ...domain.identity.account import Role
from ...domain.identity.confirmation import Confirmation, Purpose
from ...domain.imports.given import KeptRow
from ...domain.profile.profile import Profile
from ...domain.rights.retention import Kept
from ...domain.shared.ids import AccountId, ConfirmationId, ImportId, StudentId
from ..transactions import Transactions
from .record_offers import an_offer
from .samples import AT, a_hold, a_session, an_account, an_erasure, an_export

LONG_AGO = AT.replace(year=1980)
A_DAY = timedelta(days=1)


class RetainedContract:
    """Override ``transactions``; the store need not be empty, but nothing in it is from before the year 1990."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    @pytest.mark.parametrize(
        "kept",
        [
            Kept.SESSIONS,
            Kept.CODES,
            Kept.EXPORTS,
            Kept.CANCELLED_ERASURES,
            Kept.HOLDS,
            Kept.IMPORT_ROWS,
            Kept.RECORD_OFFERS,
        ],
        ids=lambda one: one.value,
    )
    async def test_what_is_over_for_so_long_is_counted_and_removed_and_the_rest_stays(
        self, transactions: Transactions, kept: Kept
    ) -> None:
        for at in (LONG_AGO, LONG_AGO, AT):
            await _keep_one(transactions, kept, at)
        before = LONG_AGO + 100 * A_DAY

        async with transactions() as work:
            counted = await work.retained.count(kept, before)
            one = await work.retained.remove(kept, before, 1)
        async with transactions() as work:
            others = [await work.retained.remove(kept, before, 10) for _ in range(2)]
            left = await work.retained.count(kept, before)

        assert (counted, one, others, left) == (2, 1, [1, 0], 0)

    async def test_an_account_that_nobody_used_is_dormant_unless_it_is_of_staff_or_an_erasure_waits(
        self, transactions: Transactions
    ) -> None:
        dormant, used, of_staff, asked = [an_account() for _ in range(4)]
        of_staff.roles = frozenset({Role.STUDENT, Role.COUNSELLOR})
        erasure = an_erasure()
        erasure.account_id = asked.id
        async with transactions() as work:
            for account in (dormant, used, of_staff, asked):
                account.registered_at = LONG_AGO
                await work.accounts.add(account)
            await work.sessions.add(a_session(used.id, LONG_AGO + 10 * A_DAY))
            await work.erasures.add(erasure)

        async with transactions() as work:
            found = await work.retained.dormant(LONG_AGO + A_DAY, 10)
            counted = await work.retained.count(Kept.DORMANT_ACCOUNTS, LONG_AGO + A_DAY)
            for account in (dormant, used):  # so that the next test finds none
                account.roles = frozenset()
                await work.accounts.save(account)
            await work.sessions.remove_over(LONG_AGO + 100 * A_DAY, 10)

        assert (list(found), counted) == ([dormant.id], 1)

    async def test_that_an_account_was_used_outlives_its_sessions(self, transactions: Transactions) -> None:
        account = an_account()
        account.registered_at = LONG_AGO
        async with transactions() as work:
            await work.accounts.add(account)
            for day in (20, 5):
                session = a_session(account.id, LONG_AGO + day * A_DAY)
                await work.sessions.add(session)
            await work.sessions.remove_over(LONG_AGO + 100 * A_DAY, 10)

        async with transactions() as work:
            early = await work.retained.dormant(LONG_AGO + 20 * A_DAY, 10)
            late = await work.retained.dormant(LONG_AGO + 21 * A_DAY, 10)
            account.roles = frozenset()
            await work.accounts.save(account)

        assert (list(early), list(late)) == ([], [account.id])


async def _keep_one(transactions: Transactions, kept: Kept, moment: datetime) -> None:
    """Keep something of the kind that was over soon after the moment."""
    async with transactions() as work:
        match kept:
            case Kept.SESSIONS:
                session = a_session(AccountId(uuid4()), moment)
                await work.sessions.add(session)
            case Kept.CODES:
                code = Confirmation.of(
                    ConfirmationId(uuid4()), AccountId(uuid4()), Purpose.CONFIRM_EMAIL, str(uuid4()), moment
                )
                await work.confirmations.add(code)
            case Kept.EXPORTS:
                export = an_export()
                export.asked_at = moment
                export.remove()
                await work.exports.add(export)
            case Kept.CANCELLED_ERASURES:
                erasure = an_erasure()
                erasure.cancel(moment)
                await work.erasures.add(erasure)
            case Kept.IMPORT_ROWS:
                await work.imports.add_rows([KeptRow(ImportId(uuid4()), 2, ("a",), "", moment)])
            case Kept.RECORD_OFFERS:
                accepted = an_offer(until=moment)
                accepted.accept(StudentId(uuid4()), Profile(), frozenset({"name"}), moment)
                for offer in (an_offer(until=moment), accepted):
                    await work.record_offers.add(offer)
            case Kept.HOLDS:
                hold = a_hold()
                hold.placed_at, hold.until = moment, moment + A_DAY
                await work.holds.add(hold)
