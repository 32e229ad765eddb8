"""What any keeper of records that were prepared for students must do."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.imports.offer import OfferedValue, RecordOffer, digest_of
from ...domain.profile.profile import Profile
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, ImportId, RecordOfferId, StudentId
from ..transactions import Transactions
from .samples import AT

LATER = AT + timedelta(minutes=5)


def an_offer(**changes: object) -> RecordOffer:
    """An open offer to an address of its own, good for a day."""
    values = (
        OfferedValue("name", "Nusrat Jahan — নুসরাত", ("Full name",)),
        OfferedValue("citizenships", ["BD"], ("Nationality",)),
    )
    given = {"id": RecordOfferId(uuid4()), "import_id": ImportId(uuid4()), "by": AccountId(uuid4()), **changes}
    return RecordOffer(
        **{
            "row": 2,
            "email": f"{uuid4()}@example.org",
            "values": values,
            "digest": digest_of(values),
            "offered_at": AT,
            "until": AT + timedelta(days=1),
            **given,
        }  # type: ignore[arg-type]
    )


class RecordOffersContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_an_offer_comes_back_as_it_was_kept(self, transactions: Transactions) -> None:
        accepted, declined = an_offer(), an_offer(replaces=RecordOfferId(uuid4()))
        await _add(transactions, accepted, declined)
        accepted.accept(StudentId(uuid4()), Profile(), frozenset({"name"}), LATER)
        declined.decline(StudentId(uuid4()), LATER)
        async with transactions() as work:
            await work.record_offers.save(accepted)
            await work.record_offers.save(declined)
        async with transactions() as work:
            found = [await work.record_offers.get(one.id) for one in (accepted, declined)]

        assert found == [accepted, declined]
        assert [one.version for one in found] == [2, 2]

    async def test_an_offer_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.record_offers.get(RecordOfferId(uuid4()))

    async def test_a_row_of_an_import_offers_once(self, transactions: Transactions) -> None:
        offer = an_offer()
        await _add(transactions, offer)

        with pytest.raises(Conflict):
            await _add(transactions, an_offer(import_id=offer.import_id))

    async def test_of_two_writers_the_second_is_told(self, transactions: Transactions) -> None:
        offer = an_offer()
        await _add(transactions, offer)
        async with transactions() as work:
            first, second = [await work.record_offers.get(offer.id) for _ in range(2)]
            await work.record_offers.save(first)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.record_offers.save(second)

    async def test_what_is_open_for_an_address_is_listed_the_newest_first(self, transactions: Transactions) -> None:
        email = f"{uuid4()}@example.org"
        early, late = an_offer(email=email), an_offer(email=email, offered_at=LATER)
        over, declined = an_offer(email=email, until=LATER), an_offer(email=email)
        declined.decline(StudentId(uuid4()), AT)
        await _add(transactions, early, late, over, declined, an_offer())

        async with transactions() as work:
            found = await work.record_offers.open_to(email, LATER)

        assert list(found) == [late, early]

    async def test_what_a_student_has_answered_is_hers(self, transactions: Transactions) -> None:
        student_id = StudentId(uuid4())
        accepted, declined = an_offer(), an_offer(offered_at=LATER)
        accepted.accept(student_id, Profile(), frozenset({"name"}), LATER)
        declined.decline(student_id, LATER)
        await _add(transactions, accepted, declined, an_offer())

        async with transactions() as work:
            found = await work.record_offers.of_student(student_id)

        assert list(found) == [declined, accepted]

    async def test_the_last_of_a_sender_to_an_address_is_found_unless_it_stands_no_more(
        self, transactions: Transactions
    ) -> None:
        first = an_offer()
        second, third = (replace(an_offer(), by=first.by, email=first.email, offered_at=LATER) for _ in range(2))
        first.replace_by(LATER)
        third.withdraw(LATER)
        others = replace(an_offer(), by=first.by), replace(an_offer(), email=first.email)
        await _add(transactions, first, second, third, *others)

        async with transactions() as work:
            found = await work.record_offers.last_to(first.by, first.email)
            nothing = await work.record_offers.last_to(AccountId(uuid4()), first.email)

        assert (found, nothing) == (second, None)

    async def test_those_of_an_import_come_by_their_rows(self, transactions: Transactions) -> None:
        import_id = ImportId(uuid4())
        rows = [an_offer(import_id=import_id, row=row) for row in (5, 2, 3)]
        await _add(transactions, *rows, an_offer())

        async with transactions() as work:
            first = await work.record_offers.of_import(import_id, 0, 2)
            rest = await work.record_offers.of_import(import_id, 3, 2)

        assert [one.row for one in first] == [2, 3]
        assert list(rest) == [rows[0]]


async def _add(transactions: Transactions, *offers: RecordOffer) -> None:
    async with transactions() as work:
        for one in offers:
            await work.record_offers.add(one)
