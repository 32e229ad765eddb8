"""What any keeper of rule packs and their editions must do."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.rulebook.editions import Edition, StoredPack
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, EditionId, ImpactId
from ..transactions import Transactions
from .samples import AT

BY = AccountId(uuid4())


def a_pack() -> tuple[StoredPack, str]:
    """A text that was taken in, and what is kept beside it."""
    text = f'title = "{uuid4()} ঢাকা"\n'
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return StoredPack(sha256, "contract-pack", "2027.1", "A pack", len(text.encode()), AT, BY), text


def an_edition(number: int, *packs: str) -> Edition:
    """An edition that somebody let come into force."""
    return Edition(EditionId(uuid4()), number, packs, packs[:1], AT, BY, "a new amount", ImpactId(uuid4()))


class RuleEditionsContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_pack_comes_back_with_its_text_as_it_was(self, transactions: Transactions) -> None:
        pack, text = a_pack()

        async with transactions() as work:
            new = await work.rule_editions.add_pack(pack, text)
        async with transactions() as work:
            found, texts = await work.rule_editions.pack(pack.sha256), await work.rule_editions.texts([pack.sha256])

        assert (new, found, texts) == (True, pack, {pack.sha256: text})

    async def test_a_text_that_comes_again_stays_with_whoever_brought_it_first(
        self, transactions: Transactions
    ) -> None:
        pack, text = a_pack()
        again = StoredPack(pack.sha256, pack.pack_id, pack.version, pack.title, pack.size, AT + timedelta(1), None)

        async with transactions() as work:
            await work.rule_editions.add_pack(pack, text)
        async with transactions() as work:
            new = await work.rule_editions.add_pack(again, text)
            found = await work.rule_editions.pack(pack.sha256)

        assert (new, found) == (False, pack)

    async def test_every_text_that_is_not_kept_is_named(self, transactions: Transactions) -> None:
        pack, text = a_pack()
        async with transactions() as work:
            await work.rule_editions.add_pack(pack, text)

        async with transactions() as work:
            with pytest.raises(NotFound) as missing:
                await work.rule_editions.texts(["f" * 64, pack.sha256, "e" * 64])

        assert [reason.params["sha256"] for reason in missing.value.reasons] == ["e" * 64, "f" * 64]

    async def test_a_pack_that_is_not_kept_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.rule_editions.pack("0" * 64)

    async def test_packs_are_listed_newest_first_page_by_page(self, transactions: Transactions) -> None:
        kept = sorted((a_pack() for _ in range(3)), key=lambda pair: pair[0].sha256)
        async with transactions() as work:
            for pack, text in kept:
                await work.rule_editions.add_pack(pack, text)

        async with transactions() as work:
            behind_first = await work.rule_editions.packs(kept[0][0].sha256, 1000)
            one_behind = await work.rule_editions.packs(kept[0][0].sha256, 1)
            behind_last = await work.rule_editions.packs(kept[2][0].sha256, 1000)
            behind_none = await work.rule_editions.packs("0" * 64, 1000)

        ours = [pack for pack, _ in kept]
        assert [pack for pack in behind_first if pack in ours] == ours[1:]
        assert [pack for pack in behind_last if pack in ours] == []
        assert one_behind == behind_first[:1]
        assert behind_none == []

    async def test_the_edition_with_the_greatest_number_is_the_latest(self, transactions: Transactions) -> None:
        async with transactions() as work:
            latest = await work.rule_editions.latest()
            edition = an_edition(latest.number + 1 if latest else 1, uuid4().hex, uuid4().hex)
            await work.rule_editions.add(edition)

        async with transactions() as work:
            assert await work.rule_editions.latest() == edition
            assert await work.rule_editions.find(edition.sha256) == edition
            assert await work.rule_editions.editions(None, 1) == [edition]
            assert edition not in await work.rule_editions.editions(edition.number, 100)

    async def test_an_edition_that_never_was_is_not_there(self, transactions: Transactions) -> None:
        async with transactions() as work:
            assert await work.rule_editions.find("0" * 64) is None

    async def test_of_two_who_let_the_next_edition_come_into_force_the_second_gets_a_conflict(
        self, transactions: Transactions
    ) -> None:
        async with transactions() as work:
            latest = await work.rule_editions.latest()
            number = latest.number + 1 if latest else 1
            await work.rule_editions.add(an_edition(number, uuid4().hex))

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.rule_editions.add(an_edition(number, uuid4().hex))
