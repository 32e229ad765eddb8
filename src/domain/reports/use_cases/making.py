"""Making a report in the background, and taking its file away when its time is over."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

from ....ports.files import Files
from ....ports.messages import Messages
from ....ports.pictures import Pictures
from ....ports.sheets import SheetCell, Sheets
from ....ports.transactions import Transactions, UnitOfWork
from ....ports.typesetting import Typesetting
from ....ports.vault import Vault
from ...documents.use_cases.looking import Watched
from ...documents.use_cases.sealed import place_of
from ...identity.account import Asker
from ...identity.errors import AccessRefused, RoleRefused
from ...identity.scopes import Granted
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, DomainError, Invalid, NotFound, Reason, RuleBroken
from ...shared.ids import DocumentId, ReportId, StudentId
from ..content import Cell
from ..listing import MOST_ROWS_IN_PDF, Row, head_of, list_content, title_of
from ..readiness import readiness_content
from ..report import LISTS_STUDENTS, Form, Report, State
from .asking import demand_still
from .gathering import GatherList, GatherReadiness
from .wording import Wording

_AT_A_TIME = 100
Progress = Callable[[int], Awaitable[None]]
"""Hears how much is done, as that grows."""


@dataclass(frozen=True)
class MakeReport:
    """Put a report into a file; it may be broken off at any point and begun again.

    The file counts once it is published, in a unit during which no erasure of the student can begin. Whoever is too
    late for that takes away what was made, and nobody is told of it.
    """

    transactions: Transactions
    files: Files
    vault: Vault
    messages: Messages
    pictures: Pictures
    typesetting: Typesetting
    sheets: Mapping[Form, Sheets]
    readiness: GatherReadiness
    listing: GatherList
    at_most: int
    lasting: timedelta

    async def __call__(self, report_id: ReportId) -> None:
        """Return once it can be had, cannot be made, or is not wanted any more; raise Unavailable when a store does not
        answer, Conflict where somebody in it was erased meanwhile: it is begun again then."""
        begun = await self._begun(report_id)
        if begun is None:
            return
        report, asker = begun
        named: set[StudentId] = set()
        try:
            keys = await self.vault.keys_of(report.holder)
            content = Watched(self._content(report, asker, named), at_most=self.at_most)
            stored = await self.files.store(
                keys.sealing(place_of(DocumentId(report.id)), content.pieces()), at_most=sys.maxsize
            )
        except (AccessRefused, RoleRefused):
            await self._end(report_id, None)
            return
        except (Invalid, NotFound, RuleBroken) as error:
            await self._end(report_id, error)
            return
        published = False
        try:
            if not content.ended:
                await self._end(report_id, RuleBroken(Reason("file.too_large")))
            else:
                published = await self._publish(report_id, stored.sha256, content, named)
        finally:
            if not published:
                await self.files.delete(stored.sha256)

    async def _begun(self, report_id: ReportId) -> tuple[Report, Asker] | None:
        async with self.transactions() as work:
            try:
                report = await work.reports.get(report_id)
            except NotFound:  # erased meanwhile
                return None
            if not report.is_open or await _is_fenced(work, report):
                return None
            asker = await _let(work, report)
            if asker is None:
                report.withdraw()
            else:
                report.begin()
            await work.reports.save(report)
        return None if asker is None else (report, asker)

    async def _content(self, report: Report, asker: Asker, named: set[StudentId]) -> AsyncIterator[bytes]:
        words = Wording(self.messages.in_language(report.language), self.pictures)
        language = words.messages.language
        if report.plan_id is not None:
            found = await self.readiness(asker, report.plan_id)
            yield await self.typesetting.pdf(words.content(readiness_content(found)), language)
            return
        async with self.transactions() as work:
            today = work.now.date()
        rows = self.listing(asker, report.kind, named)
        if report.form is Form.PDF:
            shown = await _few(rows)
            yield await self.typesetting.pdf(words.content(list_content(report.kind, shown, today)), language)
            return
        head = [words.text(one) for one in head_of(report.kind)]
        title = words.text(title_of(report.kind))
        async for piece in self.sheets[report.form].written(title, head, in_cells(rows, words), today):
            yield piece

    async def _publish(self, report_id: ReportId, sha256: str, content: Watched, named: set[StudentId]) -> bool:
        async with self.transactions() as work:
            try:
                report = await work.reports.get(report_id)
            except NotFound:
                return False
            if await _is_fenced(work, report):
                return False
            if report.state is State.READY:  # another worker was first
                return report.sha256 == sha256
            if report.state is not State.MAKING:
                return False
            if await _let(work, report) is None:
                report.withdraw()
                await work.reports.save(report)
                return False
            if report.kind in LISTS_STUDENTS and set(await work.erasures.whole(named)) != named:
                raise Conflict
            event = report.publish(sha256, content.size, content.sha256, work.now, self.lasting)
            await work.reports.save(report)
            work.record(event, report.version)
        return True

    async def _end(self, report_id: ReportId, error: DomainError | None) -> None:
        """Say that it could not be made, or, without an error, that it may not be seen any more."""
        with suppress(NotFound, RuleBroken):
            async with self.transactions() as work:
                report = await work.reports.get(report_id)
                event = None
                if error is None:
                    report.withdraw()
                else:
                    event = report.fail(error.reasons[0].code if error.reasons else error.code)
                await work.reports.save(report)
                if event is not None:
                    work.record(event, report.version)


async def _let(work: UnitOfWork, report: Report) -> Asker | None:
    """Return who has asked, where she may still see what the report shows."""
    try:
        asker = await asker_of(work, report)
        demand_still(work, asker, report)
    except (NotFound, RoleRefused):
        return None
    return asker


async def asker_of(work: UnitOfWork, report: Report) -> Asker:
    """Return who has asked, with what she may do now; raise NotFound where her account is closed or gone."""
    account = await work.accounts.get(report.asked_by)
    if account.closed_at is not None:
        raise NotFound
    grants: dict[StudentId, tuple[Granted, ...]] = {}
    for grant in await work.grants.live_of(account.id, work.now):
        grants[grant.student_id] = (*grants.get(grant.student_id, ()), grant.granted)
    return Asker(account.id, account.roles, account.student_id, grants=grants)


async def _is_fenced(work: UnitOfWork, report: Report) -> bool:
    return report.student_id is not None and await work.erasures.is_fenced(report.student_id)


async def _few(rows: AsyncIterator[Row]) -> Sequence[Row]:
    found: list[Row] = []
    async for row in rows:
        if len(found) == MOST_ROWS_IN_PDF:
            raise RuleBroken(Reason("report.too_long_for_pdf", {"at_most": MOST_ROWS_IN_PDF}))
        found.append(row)
    return found


async def in_cells(rows: AsyncIterator[Row], words: Wording) -> AsyncIterator[Sequence[SheetCell]]:
    """Yield the rows with ready texts; numbers and days stay what they are."""
    async for row in rows:
        yield [_cell(one, words) for one in row]


def _cell(cell: Cell, words: Wording) -> SheetCell:
    return cell if cell is None or isinstance(cell, int | date | Decimal) else words.cell(cell)


@dataclass(frozen=True)
class RemoveReports:
    """Take away the files of reports whose time is over, and of those that were withdrawn."""

    transactions: Transactions
    files: Files

    async def __call__(self, report: Progress) -> int:
        """Return how many were taken away; raise Unavailable when the store does not answer."""
        removed = 0
        while over := await self._over():
            for one in over:
                await self.files.delete(one.sha256)
                removed += await self._note(one.id)
            await report(removed)
        return removed

    async def _over(self) -> Sequence[Report]:
        async with self.transactions() as work:
            return await work.reports.over(work.now, _AT_A_TIME)

    async def _note(self, report_id: ReportId) -> bool:
        with suppress(Conflict, NotFound):  # another sweep was first, or she was erased
            async with self.transactions() as work:
                one = await work.reports.get(report_id)
                one.withdraw()
                await work.reports.save(one)
            return True
        return False
