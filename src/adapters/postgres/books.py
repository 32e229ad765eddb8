"""The books, in PostgreSQL: entries and their postings, the sum of each account beside them, and numbered papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.payments.ledger import Entry, Kind, Posting
from ...domain.payments.papers import Paper, Series
from ...domain.payments.reconciling import Difference, Found, What
from ...domain.shared.ids import LedgerEntryId, OrderId, RefundId
from ...domain.shared.money import Money
from ...ports.books import Account, Behind
from .engine import translated
from .tables_payments import (
    ledger_entries,
    ledger_postings,
    ledger_sums,
    money_papers,
    paper_numbers,
    payment_differences,
)


class PostgresBooks:
    """The books as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def post(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        for entry in entries:
            entry.demand_balanced()
        wanted = {(one.kind.value, one.cause): one for one in reversed(entries) if one.postings}
        if not wanted:
            return ()
        rows = [_entry_row(one) for _, one in sorted(wanted.items())]
        statement = insert_or(ledger_entries).values(rows).on_conflict_do_nothing(index_elements=["kind", "cause"])
        with translated():
            kept = {row.id for row in await self._connection.execute(statement.returning(ledger_entries.c.id))}
        new = [one for one in entries if one.id in kept]
        if new:
            await self._add_postings(new)
        return new

    async def _add_postings(self, new: Sequence[Entry]) -> None:
        sums: defaultdict[tuple[str, str], int] = defaultdict(int)
        rows = []
        for entry in new:
            for place, one in enumerate(entry.postings):
                account, currency, minor = one.account, one.amount.currency, one.amount.minor
                sums[account, currency] += minor
                rows.append(
                    {
                        "entry_id": entry.id,
                        "place": place,
                        "account": account,
                        "currency": currency,
                        "minor": minor,
                    }
                )
        # In the same order by everybody, so that nobody waits for whoever waits for her.
        added = [
            {"account": account, "currency": currency, "minor": minor}
            for (account, currency), minor in sorted(sums.items())
        ]
        adding = insert_or(ledger_sums).values(added)
        together = {"minor": ledger_sums.c.minor + adding.excluded.minor}
        with translated():
            await self._connection.execute(insert(ledger_postings).values(rows))
            await self._connection.execute(
                adding.on_conflict_do_update(index_elements=["account", "currency"], set_=together)
            )

    async def balances(self, before: datetime | None = None) -> Mapping[Account, int]:
        query: Select[Any] = select(ledger_sums)
        if before is not None:
            p = ledger_postings.c
            query = (
                select(p.account, p.currency, func.sum(p.minor).label("minor"))
                .join(ledger_entries, ledger_entries.c.id == p.entry_id)
                .where(ledger_entries.c.at < before)
                .group_by(p.account, p.currency)
            )
        with translated():
            rows = await self._connection.execute(query)
            return {Account(row.account, row.currency): int(row.minor) for row in rows}

    async def entries(
        self, since: datetime, until: datetime, limit: int, behind: Behind | None = None
    ) -> Sequence[Entry]:
        c = ledger_entries.c
        which = (c.at >= since) & (c.at < until)
        if behind is not None:
            which &= tuple_(c.at, c.id) > tuple_(behind.at, behind.id)
        return await self._find(which, limit)

    async def booked(self, kind: Kind, causes: Collection[str]) -> Mapping[str, Entry]:
        if not causes:
            return {}
        c = ledger_entries.c
        found = await self._find((c.kind == kind.value) & c.cause.in_(list(causes)))
        return {one.cause: one for one in found}

    async def happened(self, kinds: Collection[Kind], since: datetime, until: datetime) -> Sequence[Entry]:
        c = ledger_entries.c
        words = [one.value for one in kinds]
        return await self._find(c.kind.in_(words) & (c.happened_at >= since) & (c.happened_at < until))

    async def of_order(self, order_id: OrderId) -> Sequence[Entry]:
        return await self._find(ledger_entries.c.order_id == order_id)

    async def _find(self, which: ColumnElement[bool], limit: int | None = None) -> list[Entry]:
        c = ledger_entries.c
        query = select(ledger_entries).where(which).order_by(c.at, c.id).limit(limit)
        with translated():
            rows = (await self._connection.execute(query)).all()
            p = ledger_postings.c
            of = select(ledger_postings).where(p.entry_id.in_([row.id for row in rows])).order_by(p.entry_id, p.place)
            postings: defaultdict[Any, list[Posting]] = defaultdict(list)
            for one in (await self._connection.execute(of)) if rows else ():
                postings[one.entry_id].append(Posting(one.account, Money(one.minor, one.currency)))
        return [_read(row, postings[row.id]) for row in rows]

    async def write_paper(
        self, series: Series, at: datetime, order_id: OrderId, amount: Money, refund_id: RefundId | None = None
    ) -> Paper:
        first = insert_or(paper_numbers).values(series=series.value, year=at.year, last=1)
        counted = first.on_conflict_do_update(
            index_elements=["series", "year"], set_={"last": paper_numbers.c.last + 1}
        )
        with translated():
            place = (await self._connection.execute(counted.returning(paper_numbers.c.last))).scalar_one()
            row = {
                "series": series.value,
                "year": at.year,
                "place": place,
                "at": at,
                "order_id": order_id,
                "amount": amount.minor,
                "currency": amount.currency,
                "refund_id": refund_id,
            }
            await self._connection.execute(insert(money_papers).values(row))
        return Paper(series, at.year, place, at, order_id, amount, refund_id)

    async def papers_of(self, order_id: OrderId) -> Sequence[Paper]:
        with translated():
            rows = await self._connection.execute(select(money_papers).where(money_papers.c.order_id == order_id))
            return sorted(map(_read_paper, rows), key=lambda one: (one.at, one.number))

    async def note_differences(self, found: Sequence[Found], now: datetime, since: datetime) -> Sequence[Difference]:
        known = {(one.found.what, one.found.subject): one for one in await self._open(None)}
        new = []
        t = payment_differences.c
        with translated():
            for one in found:
                before = known.pop((one.what, one.subject), None)
                first = now if before is None else before.first_seen
                difference = Difference(one, first, now)
                statement = insert_or(payment_differences).values(_difference_row(difference))
                changes = {name: statement.excluded[name] for name in ("last_seen", "at", "currency", "there", "here")}
                keys = ["what", "subject", "first_seen"]
                await self._connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes))
                if before is None:
                    new.append(difference)
            for over in known.values():
                if over.found.at >= since:
                    which = (t.what == over.found.what.value) & (t.subject == over.found.subject)
                    gone = update(payment_differences).where(which & t.gone_at.is_(None)).values(gone_at=now)
                    await self._connection.execute(gone)
        return new

    async def differences(self, limit: int) -> Sequence[Difference]:
        return await self._open(limit)

    async def count_differences(self) -> int:
        query = select(func.count()).where(payment_differences.c.gone_at.is_(None))
        with translated():
            return int((await self._connection.execute(query)).scalar_one())

    async def _open(self, limit: int | None) -> list[Difference]:
        t = payment_differences.c
        query = select(payment_differences).where(t.gone_at.is_(None))
        with translated():
            rows = await self._connection.execute(query.order_by(t.first_seen, t.what, t.subject).limit(limit))
            return [_read_difference(row) for row in rows]


def _entry_row(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at,
        "happened_at": entry.happened_at,
        "kind": entry.kind.value,
        "cause": entry.cause,
        "order_id": entry.order_id,
    }


def _read(row: Row[Any], postings: Sequence[Posting]) -> Entry:
    order_id = None if row.order_id is None else OrderId(row.order_id)
    return Entry(LedgerEntryId(row.id), row.at, row.happened_at, Kind(row.kind), row.cause, tuple(postings), order_id)


def _read_paper(row: Row[Any]) -> Paper:
    refund_id = None if row.refund_id is None else RefundId(row.refund_id)
    amount = Money(row.amount, row.currency)
    return Paper(Series(row.series), row.year, row.place, row.at, OrderId(row.order_id), amount, refund_id)


def _difference_row(one: Difference) -> dict[str, Any]:
    money = one.found.there or one.found.here
    return {
        "what": one.found.what.value,
        "subject": one.found.subject,
        "first_seen": one.first_seen,
        "last_seen": one.last_seen,
        "gone_at": one.gone_at,
        "at": one.found.at,
        "currency": "" if money is None else money.currency,
        "there": None if one.found.there is None else one.found.there.minor,
        "here": None if one.found.here is None else one.found.here.minor,
    }


def _read_difference(row: Row[Any]) -> Difference:
    there, here = (None if minor is None else Money(minor, row.currency) for minor in (row.there, row.here))
    found = Found(What(row.what), row.subject, there, here, row.at)
    return Difference(found, row.first_seen, row.last_seen, row.gone_at)
