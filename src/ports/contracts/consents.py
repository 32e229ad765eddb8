"""What any keeper of what students have allowed must do."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.rights.consent import Consent, Said
from ...domain.shared.errors import Conflict
from ...domain.shared.ids import AccountId, ConsentId, StudentId
from ..transactions import Transactions
from .samples import AT


class ConsentsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_every_word_comes_back_the_oldest_first(self, transactions: Transactions) -> None:
        student_id = StudentId(uuid4())
        given = _a_consent(student_id)
        withdrawn = _a_consent(student_id, Said.WITHDRAWN, minutes=5)
        async with transactions() as work:
            for one in (withdrawn, given, _a_consent(StudentId(uuid4()))):
                await work.consents.add(one)

        async with transactions() as work:
            assert list(await work.consents.of_student(student_id)) == [given, withdrawn]

    async def test_who_said_nothing_has_no_words(self, transactions: Transactions) -> None:
        async with transactions() as work:
            assert list(await work.consents.of_student(StudentId(uuid4()))) == []

    async def test_no_word_takes_the_place_of_another(self, transactions: Transactions) -> None:
        given = _a_consent(StudentId(uuid4()))
        async with transactions() as work:
            await work.consents.add(given)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.consents.add(given)


def _a_consent(student_id: StudentId, said: Said = Said.GIVEN, minutes: int = 0) -> Consent:
    at = AT + timedelta(minutes=minutes)
    return Consent(ConsentId(uuid4()), student_id, "further_messages", said, "1", at, AccountId(uuid4()))
