"""What any teller of editions must do."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ..editions import Editions
from ..transactions import Transactions
from .catalogue_rows import AT, an_import


class EditionsContract:
    """Override ``transactions`` with a store's, and ``editions`` with what tells the editions of the same store."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on the store."""
        raise NotImplementedError

    @pytest.fixture
    def editions(self, transactions: Transactions) -> Editions:
        """Return what tells the editions."""
        raise NotImplementedError

    async def test_it_stays_the_same_while_nothing_changes(self, editions: Editions) -> None:
        assert await editions.current() == await editions.current()

    async def test_it_is_another_one_after_each_import(self, editions: Editions, transactions: Transactions) -> None:
        seen = [await editions.current()]

        for _ in range(3):
            await _import(transactions)
            seen.append(await editions.current())

        assert len(set(seen)) == 4

    async def test_one_that_began_earlier_and_ends_later_counts_too(
        self, editions: Editions, transactions: Transactions
    ) -> None:
        early, late = an_import(), an_import()
        async with transactions() as work:
            await work.imports.add(early)
            await work.imports.add(late)
        async with transactions() as work:
            late.finish(AT + timedelta(seconds=9))
            await work.imports.save(late)
        before = await editions.current()

        async with transactions() as work:
            early.finish(AT + timedelta(seconds=3))
            await work.imports.save(early)

        assert await editions.current() != before

    async def test_what_changes_nothing_is_no_other_edition(
        self, editions: Editions, transactions: Transactions
    ) -> None:
        before = await editions.current()

        async with transactions() as work:
            await work.imports.add(an_import())
        await _import(transactions, dry_run=True)

        assert await editions.current() == before


async def _import(transactions: Transactions, *, dry_run: bool = False) -> None:
    run = replace(an_import(), dry_run=dry_run)
    async with transactions() as work:
        await work.imports.add(run)
    async with transactions() as work:
        run.finish(AT + timedelta(seconds=3))
        await work.imports.save(run)
