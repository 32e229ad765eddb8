"""Rows about students: each becomes an offer to an address, and no account is ever looked up for it."""

from __future__ import annotations

from collections.abc import Sequence

from ...shared.errors import Invalid
from ...shared.ids import RecordOfferId
from ..catalogue_import import Import, RowProblem, Severity
from ..given import KeptRow
from ..offer import OPEN_FOR, OfferState, RecordOffer, digest_of
from ..people_columns import Matched
from ..student_rows import StudentRow, read_student_row
from .taken_rows import Around, Became, TakenRow


async def take_students(around: Around, rows: Sequence[KeptRow], matched: Matched) -> list[TakenRow]:
    """Return what became of the rows; of several rows with one address in an import the first counts."""
    return [await _take(around, row, matched) for row in rows]


async def _take(around: Around, row: KeptRow, matched: Matched) -> TakenRow:
    cells = matched.cells(row.cells)
    try:
        read = read_student_row(cells, matched.headers, around.rulebook, around.zones, around.today)
    except Invalid as error:
        return around.refused(row.number, error.reasons, matched.headers)
    if await around.work.imports.is_named_before(row):
        column = matched.headers.get("email", "email")
        problem = RowProblem(around.run.origin, row.number, column, "import.student_repeated")
        return TakenRow(row.number, Became.REFUSED, (problem,))
    return TakenRow(row.number, await _offer(around, row.number, read))


async def _offer(around: Around, number: int, read: StudentRow) -> Became:
    """Offer it unless it is offered already.

    An address whose holder has declined is treated as one whose holder has not answered, as far as anybody can see.
    """
    work, digest = around.work, digest_of(read.values)
    last = await work.record_offers.last_to(around.run.by, read.email)
    if last is not None and last.digest == digest and (last.state is not OfferState.OPEN or last.is_open(work.now)):
        return Became.UNCHANGED
    became = Became.CHANGED if last is not None and last.looks_open else Became.ADDED
    if around.run.dry_run or (last is not None and last.state is OfferState.DECLINED):
        return became
    offer = RecordOffer(
        id=RecordOfferId(around.ids.new()),
        import_id=around.run.id,
        row=number,
        by=around.run.by,
        email=read.email,
        values=read.values,
        digest=digest,
        offered_at=work.now,
        until=work.now + OPEN_FOR,
    )
    if last is not None and last.state is OfferState.OPEN:
        last.replace_by(work.now)
        await work.record_offers.save(last)
        offer.replaces = last.id
    await work.record_offers.add(offer)
    work.record(offer.offered(), offer.version)
    return became


async def take_students_back(around: Around, undone: Import, after: int, limit: int) -> list[TakenRow]:
    """Return what became of the next offers of the import that is undone: those that are open are withdrawn, and what
    they replaced stands again; one that was accepted is hers, and is named."""
    offers = await around.work.record_offers.of_import(undone.id, after, limit)
    return [await _take_back(around, one) for one in offers]


async def _take_back(around: Around, offer: RecordOffer) -> TakenRow:
    work = around.work
    if offer.state is OfferState.ACCEPTED:
        return _kept(around, offer, "import.accepted_since")
    if offer.state is OfferState.REPLACED:
        return _kept(around, offer, "import.replaced_since")
    if offer.state is OfferState.WITHDRAWN:
        return TakenRow(offer.row, Became.UNCHANGED)
    before = None if offer.replaces is None else await work.record_offers.get(offer.replaces)
    stands_again = before is not None and before.state is OfferState.REPLACED
    if not around.run.dry_run:
        offer.withdraw(work.now)
        await work.record_offers.save(offer)
        if before is not None and stands_again:
            before.stand_again()
            await work.record_offers.save(before)
    return TakenRow(offer.row, Became.CHANGED if stands_again else Became.REMOVED)


def _kept(around: Around, offer: RecordOffer, code: str) -> TakenRow:
    problem = RowProblem(around.run.origin, offer.row, "", code, severity=Severity.WARNING)
    return TakenRow(offer.row, Became.REFUSED, (problem,))
