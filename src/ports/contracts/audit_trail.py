"""What any audit trail must do."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.audit.chain import Kept, Seal, seal_of
from ...domain.audit.deed import Deed
from ...domain.audit.query import Query, position_of
from ...domain.identity.events import AccountRegistered
from ...domain.shared.errors import Conflict
from ...domain.shared.events import Origin
from ...domain.shared.ids import AccountId, StudentId
from ..transactions import Transactions


def _sign(content: bytes) -> tuple[str, bytes]:
    return "a-key", content[-8:]  # what signs is another port's matter


class AuditTrailContract:
    """Override ``transactions`` with a store whose trail is empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store with an empty trail."""
        raise NotImplementedError

    async def test_an_event_becomes_an_entry_of_the_same_transaction(self, transactions: Transactions) -> None:
        somebody, other = AccountId(uuid4()), AccountId(uuid4())
        origin = Origin(somebody, other, "a-request", f"00-{'a' * 32}-{'b' * 16}-01", "192.0.2.7")
        async with transactions(origin) as work:
            work.record(AccountRegistered(somebody), 1)
            now = work.now

        [kept] = await _found(transactions, Query())

        entry = kept.entry
        assert (entry.action, entry.subject, entry.subject_id) == ("account.registered", "account", somebody)
        assert (entry.at, entry.actor, entry.on_behalf_of) == (now, somebody, other)
        assert (entry.request_id, entry.trace) == (origin.request_id, origin.trace)
        assert entry.address is not None
        assert (entry.address.words, entry.address.digest) == ("192.0.2.7", entry.address_digest)
        assert entry.reason is None

    async def test_a_reason_stated_for_an_event_stands_in_its_entry_and_not_in_the_event(
        self, transactions: Transactions
    ) -> None:
        async with transactions() as work:
            work.record(AccountRegistered(AccountId(uuid4())), 1, "she asked me to")

        [kept] = await _found(transactions, Query())

        assert kept.entry.reason is not None
        assert (kept.entry.reason.words, kept.entry.reason.digest) == ("she asked me to", kept.entry.reason_digest)
        assert "she asked" not in str(kept.entry.details)

    async def test_a_deed_becomes_an_entry_with_all_that_was_said_of_it(self, transactions: Transactions) -> None:
        student, subject = StudentId(uuid4()), uuid4()
        deed = Deed(
            "document.version_opened", "document", subject, student, reason="she asked me to", details={"number": "2"}
        )
        async with transactions() as work:
            work.note(deed)

        [kept] = await _found(transactions, Query())

        entry = kept.entry
        assert (entry.action, entry.subject, entry.subject_id) == (deed.action, deed.subject, subject)
        assert (entry.student_id, dict(entry.details)) == (student, {"number": "2"})
        assert entry.reason is not None
        assert (entry.reason.words, entry.address, entry.address_digest) == (deed.reason, None, "")
        assert entry.words_are_right

    async def test_events_and_deeds_of_one_unit_are_all_there(self, transactions: Transactions) -> None:
        async with transactions() as work:
            for _ in range(3):
                work.record(AccountRegistered(AccountId(uuid4())), 1)
            work.note(Deed("session.begun"))
            work.note(Deed("session.refused"))

        found = await _found(transactions, Query())

        assert sorted(kept.entry.action for kept in found) == [
            *["account.registered"] * 3,
            "session.begun",
            "session.refused",
        ]

    async def test_nothing_of_a_failed_unit_is_there(self, transactions: Transactions) -> None:
        with pytest.raises(RuntimeError):
            await _note_and_fail(transactions)

        assert await _found(transactions, Query()) == []

    async def test_entries_are_found_by_each_thing_that_can_be_asked_for(self, transactions: Transactions) -> None:
        actor, student, subject = AccountId(uuid4()), StudentId(uuid4()), uuid4()
        async with transactions(Origin(actor, request_id="the-request")) as work:
            work.note(Deed("document.version_opened", "document", subject, student))
            now = work.now
        async with transactions() as work:
            work.note(Deed("audit.searched", "audit"))
        second = timedelta(seconds=1)
        asked = [
            Query(actor=actor),
            Query(student_id=student),
            Query(subject="document"),
            Query(subject_id=subject),
            Query(action="document.version_opened"),
            Query(action="document."),
            Query(request_id="the-request"),
            Query(actor=actor, since=now, until=now + second),
        ]
        nothing = [
            Query(actor=AccountId(uuid4())),
            Query(actor=actor, action="audit.searched"),
            Query(action="document_version"),
            Query(action="documen%."),
            Query(until=now - second),
            Query(since=now + timedelta(days=1)),
        ]

        for sealed_before in (False, True):
            if sealed_before:
                await _seal(transactions)
            assert [[one.entry.action for one in await _found(transactions, query)] for query in asked] == [
                ["document.version_opened"]
            ] * len(asked)
            assert [await _found(transactions, query) for query in nothing] == [[]] * len(nothing)

    async def test_pages_follow_one_another_from_the_latest_on(self, transactions: Transactions) -> None:
        for number in range(7):
            async with transactions() as work:
                work.note(Deed("session.begun", details={"number": str(number)}))
            if number == 3:
                await _seal(transactions)
        whole = await _found(transactions, Query())

        async with transactions() as work:
            first = await work.audit_trail.search(Query(), 3)
            second = await work.audit_trail.search(Query(), 3, position_of(first[-1]))
            third = await work.audit_trail.search(Query(), 3, position_of(second[-1]))

        assert [*first, *second, *third] == whole
        assert len(third) == 1
        assert whole == sorted(whole, key=lambda one: (one.entry.at, one.place), reverse=True)

    async def test_what_was_sealed_waits_no_more(self, transactions: Transactions) -> None:
        await _noted(transactions, 3)

        seal = await _seal(transactions)

        async with transactions() as work:
            assert await work.audit_trail.waiting(10) == []
            assert await work.audit_trail.last() == seal.head
            assert list(await work.audit_trail.seals(1, 10)) == [seal]
            assert await work.audit_trail.heads([1, 2]) == {1: seal.head}
            kept = await work.audit_trail.at([one.place for one in seal.entries])
        assert [kept[one.place].entry.id for one in seal.entries] == [one.entry_id for one in seal.entries]

    async def test_the_lowest_places_are_sealed_first(self, transactions: Transactions) -> None:
        await _noted(transactions, 5)

        async with transactions() as work:
            two, five = await work.audit_trail.waiting(2), await work.audit_trail.waiting(10)

        assert list(two) == list(five)[:2]
        assert [one.place for one in five] == sorted(one.place for one in five)

    async def test_a_number_is_given_to_one_seal_only(self, transactions: Transactions) -> None:
        await _noted(transactions, 1)
        first = await _seal(transactions)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.audit_trail.seal(Seal(first.head, "", ()))

    async def test_seals_are_given_from_a_number_on(self, transactions: Transactions) -> None:
        for _ in range(3):
            await _noted(transactions, 1)
            await _seal(transactions)

        async with transactions() as work:
            found = [await work.audit_trail.seals(since, limit) for since, limit in ((1, 2), (3, 2), (4, 2))]

        assert [[seal.number for seal in seals] for seals in found] == [[1, 2], [3], []]

    async def test_an_entry_that_waits_or_is_sealed_is_no_stray(self, transactions: Transactions) -> None:
        await _noted(transactions, 2)
        await _seal(transactions)
        await _noted(transactions, 2)

        async with transactions() as work:
            strays, more = await work.audit_trail.strays(0, 1_000_000)

        assert (list(strays), more) == ([], None)

    async def test_strays_are_looked_for_piece_by_piece(self, transactions: Transactions) -> None:
        await _noted(transactions, 3)
        async with transactions() as work:
            places = [one.place for one in await work.audit_trail.waiting(10)]
            _, more = await work.audit_trail.strays(places[0], 2)
            _, end = await work.audit_trail.strays(places[2], 2)

        assert more is not None
        assert places[1] < more <= places[2]
        assert end is None

    async def test_a_person_is_forgotten_and_no_digest_changes(self, transactions: Transactions) -> None:
        account, student, other = AccountId(uuid4()), StudentId(uuid4()), StudentId(uuid4())
        async with transactions(Origin(account, address="192.0.2.7")) as work:
            work.note(Deed("document.version_opened", student_id=student, reason="about her"))
            work.note(Deed("document.version_opened", student_id=other, reason="about somebody else"))
        async with transactions(Origin(AccountId(uuid4()), address="192.0.2.8")) as work:
            work.note(Deed("document.version_opened", student_id=other, reason="of somebody else"))
        await _seal(transactions)
        before = await _found(transactions, Query())

        async with transactions() as work:
            forgotten = await work.audit_trail.forget_person(student, account, 10)
            again = await work.audit_trail.forget_person(student, account, 10)
        after = await _found(transactions, Query())

        assert (forgotten, again) == (2, 0)
        told = [
            (one.entry.address and one.entry.address.words, one.entry.reason and one.entry.reason.words)
            for one in after
        ]
        assert sorted(told, key=str) == sorted(
            [(None, None), (None, "about somebody else"), ("192.0.2.8", "of somebody else")], key=str
        )
        assert [one.entry.address_digest for one in after] == [one.entry.address_digest for one in before]

    async def test_addresses_of_yesterday_are_not_forgotten_by_their_age(self, transactions: Transactions) -> None:
        async with transactions(Origin(address="192.0.2.7")) as work:
            work.note(Deed("session.begun"))
            now = work.now

        async with transactions() as work:
            forgotten = await work.audit_trail.forget_addresses(now - timedelta(days=1), 10)

        assert forgotten == 0

    async def test_only_one_unit_at_a_time_seals(self, transactions: Transactions) -> None:
        async with transactions() as work:
            assert await work.audit_trail.is_mine_to_seal()
        async with transactions() as work:
            assert await work.audit_trail.is_mine_to_seal()


async def _noted(transactions: Transactions, times: int) -> None:
    async with transactions(Origin(AccountId(uuid4()), address="192.0.2.7")) as work:
        for number in range(times):
            work.note(Deed("session.begun", details={"number": str(number)}))


async def _note_and_fail(transactions: Transactions) -> None:
    async with transactions() as work:
        work.note(Deed("session.begun"))
        work.record(AccountRegistered(AccountId(uuid4())), 1)
        raise RuntimeError


async def _seal(transactions: Transactions) -> Seal:
    async with transactions() as work:
        kept = await work.audit_trail.waiting(100)
        seal = seal_of(kept, await work.audit_trail.last(), work.now, _sign)
        await work.audit_trail.seal(seal)
    return seal


async def _found(transactions: Transactions, query: Query) -> Sequence[Kept]:
    async with transactions() as work:
        return await work.audit_trail.search(query, 100)
