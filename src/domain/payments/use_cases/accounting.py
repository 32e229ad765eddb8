"""What accountants and administrators are shown of the books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from ....ports.books import Account, Behind
from ....ports.sheets import SheetCell, Sheets
from ....ports.transactions import Transactions
from ...audit.deed import Deed
from ...identity.account import Asker
from ...identity.policies import demand_bookkeeper
from ...shared.dataclass import dataclass
from ...shared.errors import Invalid, Reason
from ...shared.money import Money
from ..ledger import Entry
from ..refund import RefundCase

_AT_A_TIME = 500
_MOST_RUNNING = 10_000
LONGEST_SPAN = timedelta(days=3660)
HEAD = ("at", "entry", "kind", "cause", "order", "account", "currency", "debit", "credit", "balance")
"""The columns of an export; the balance is the account's own, after the line."""
AGES = (5, 15, 30)
"""Refunds are counted by how many days ago they were asked for: up to each of these, and beyond."""


@dataclass(frozen=True)
class ExportLedger:
    """Write every posting of a span as CSV, with the running balance of each account."""

    transactions: Transactions
    sheets: Sheets

    async def __call__(self, asker: Asker, since: datetime, until: datetime) -> AsyncIterator[bytes]:
        """Return the file, piece by piece, from ``since`` to before ``until``; the export itself is noted.

        Raises RoleRefused for all but administrators, Invalid for a span that ends before it begins or is of more than
        ten years.
        """
        demand_bookkeeper(asker)
        demand_span(since, until)
        async with self.transactions(asker.origin) as work:
            balances = dict(await work.books.balances(since))
            work.note(Deed("ledger.exported", "ledger"))
        rows = self._rows(asker, since, until, balances)
        return self.sheets.written("Ledger", HEAD, rows, until.date())

    async def _rows(
        self, asker: Asker, since: datetime, until: datetime, balances: dict[Account, int]
    ) -> AsyncIterator[Sequence[SheetCell]]:
        behind: Behind | None = None
        while True:
            async with self.transactions(asker.origin) as work:
                page = await work.books.entries(since, until, _AT_A_TIME, behind)
            for entry in page:
                for row in rows_of(entry, balances):
                    yield row
            if len(page) < _AT_A_TIME:
                return
            behind = Behind(page[-1].at, page[-1].id)


def rows_of(entry: Entry, balances: dict[Account, int]) -> list[Sequence[SheetCell]]:
    """Return the lines of the entry, and count the balances on."""
    rows = list[Sequence[SheetCell]]()
    for one in entry.postings:
        account = Account(one.account, one.amount.currency)
        balances[account] = balances.get(account, 0) + one.amount.minor
        amount = one.amount.amount
        rows.append(
            (
                entry.at.isoformat(),
                str(entry.id),
                entry.kind.value,
                entry.cause,
                "" if entry.order_id is None else str(entry.order_id),
                one.account,
                one.amount.currency,
                amount if amount > 0 else None,
                -amount if amount < 0 else None,
                Money(balances[account], account.currency).amount,
            )
        )
    return rows


def demand_span(since: datetime, until: datetime) -> None:
    """Raise Invalid for a span that ends before it begins, or is longer than ten years."""
    if not timedelta() < until - since <= LONGEST_SPAN:
        raise Invalid(Reason("ledger.wrong_span", {"at_most": LONGEST_SPAN.days}, "until"))


@dataclass(frozen=True)
class GetBalances:
    """Show what each account holds."""

    transactions: Transactions

    async def __call__(self, asker: Asker) -> Mapping[Account, int]:
        """Return the balances in minor units; raise RoleRefused for all but administrators."""
        demand_bookkeeper(asker)
        async with self.transactions(asker.origin) as work:
            return await work.books.balances()


@dataclass(frozen=True, slots=True)
class Age:
    """How many refunds were asked for at most so many days ago (None: longer), and their amounts by currency."""

    at_most: int | None
    count: int
    amounts: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class MoneyReport:
    """Revenue and taxes of a span by service and rate, and how old the refunds are that run."""

    since: datetime
    until: datetime
    revenue: tuple[tuple[str, Money], ...]
    """By account; what was sold, less what went back."""
    ages: tuple[Age, ...]
    late: int
    """How many refunds have not come by the day that the student was told."""


@dataclass(frozen=True)
class ReportMoney:
    """Say what was earned in a span, and how long students wait for their money."""

    transactions: Transactions

    async def __call__(self, asker: Asker, since: datetime, until: datetime) -> MoneyReport:
        """Return the report; raise RoleRefused for all but administrators, Invalid for a wrong span."""
        demand_bookkeeper(asker)
        demand_span(since, until)
        async with self.transactions(asker.origin) as work:
            before, after = await work.books.balances(since), await work.books.balances(until)
            running = await work.refunds.running(_MOST_RUNNING)
            today = work.now.date()
            late = await work.refunds.count_late(today)
        moved = {
            account: before.get(account, 0) - minor
            for account, minor in after.items()
            if account.name.startswith(("revenue:", "tax:"))
        }
        revenue = tuple((one.name, Money(moved[one], one.currency)) for one in sorted(moved) if moved[one])
        return MoneyReport(since, until, revenue, ages_of(running, today), late)


def ages_of(running: Sequence[RefundCase], today: date) -> tuple[Age, ...]:
    """Return how many of the refunds are of which age."""
    bounds: tuple[int | None, ...] = (*AGES, None)
    found: defaultdict[int | None, list[RefundCase]] = defaultdict(list)
    for case in running:
        days = (today - case.asked_at.date()).days
        found[next((bound for bound in AGES if days <= bound), None)].append(case)
    return tuple(Age(bound, len(found[bound]), _amounts(found[bound])) for bound in bounds)


def _amounts(cases: Sequence[RefundCase]) -> tuple[Money, ...]:
    sums: defaultdict[str, int] = defaultdict(int)
    for case in cases:
        sums[case.amount.currency] += case.amount.minor
    return tuple(Money(minor, currency) for currency, minor in sorted(sums.items()))
