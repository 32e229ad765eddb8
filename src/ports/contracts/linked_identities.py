"""What any keeper of linked identities must do."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.identity.errors import IdentityTaken
from ...domain.identity.linked_identity import LinkedIdentity
from ...domain.shared.ids import AccountId, LinkedIdentityId
from ..transactions import Transactions
from .samples import AT

ISSUER = "https://login.university.example"
MINUTE = timedelta(minutes=1)


class LinkedIdentitiesContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_one_is_found_by_issuer_and_subject_together_to_the_letter(self, transactions: Transactions) -> None:
        given = _an_identity(subject=f"Ünï-{uuid4()}-{'x' * 200}")
        async with transactions() as work:
            await work.linked_identities.add(given)
        async with transactions() as work:
            found = await work.linked_identities.find(ISSUER, given.subject)
            others = [
                await work.linked_identities.find(issuer, subject)
                for issuer, subject in (
                    (f"{ISSUER}/", given.subject),
                    (ISSUER.upper(), given.subject),
                    (ISSUER, given.subject.upper()),
                    (ISSUER, f"{given.subject} "),
                )
            ]

        assert found == given
        assert given.version == 1
        assert others == [None] * 4

    async def test_the_same_subject_of_another_issuer_is_somebody_else(self, transactions: Transactions) -> None:
        here = _an_identity()
        there = _an_identity(subject=here.subject, issuer="https://another.example")

        async with transactions() as work:
            await work.linked_identities.add(here)
            await work.linked_identities.add(there)
        async with transactions() as work:
            assert await work.linked_identities.find(there.issuer, there.subject) == there

    async def test_an_identity_signs_in_to_one_account(self, transactions: Transactions) -> None:
        first = _an_identity()
        async with transactions() as work:
            await work.linked_identities.add(first)

        with pytest.raises(IdentityTaken):
            async with transactions() as work:
                await work.linked_identities.add(_an_identity(subject=first.subject))

    async def test_those_of_an_account_are_listed_the_oldest_first(self, transactions: Transactions) -> None:
        account_id = AccountId(uuid4())
        late, early = _an_identity(account_id), _an_identity(account_id)
        late.linked_at += MINUTE
        async with transactions() as work:
            for one in (late, early, _an_identity()):
                await work.linked_identities.add(one)
        async with transactions() as work:
            assert list(await work.linked_identities.of_account(account_id)) == [early, late]

    async def test_one_that_is_removed_is_gone_and_may_come_again(self, transactions: Transactions) -> None:
        given = _an_identity()
        async with transactions() as work:
            await work.linked_identities.add(given)
        async with transactions() as work:
            await work.linked_identities.remove(given)
            await work.linked_identities.remove(given)
        again = _an_identity(subject=given.subject)
        async with transactions() as work:
            assert await work.linked_identities.of_account(given.account_id) == []
            await work.linked_identities.add(again)
        async with transactions() as work:
            assert await work.linked_identities.find(ISSUER, given.subject) == again


def _an_identity(account_id: AccountId | None = None, subject: str = "", issuer: str = ISSUER) -> LinkedIdentity:
    return LinkedIdentity(
        LinkedIdentityId(uuid4()), account_id or AccountId(uuid4()), issuer, subject or str(uuid4()), AT
    )
