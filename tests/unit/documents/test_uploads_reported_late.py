"""An upload that is reported while a sweep is about to clear it away: whoever was told that it is there keeps it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta

import pytest
from uploading import Uploading, nobody
from worlds import PDF

from higherstudy.domain.documents.upload import LIFE, UploadState
from higherstudy.domain.documents.use_cases.sweeping import DropLeftovers, ExpireUploads
from higherstudy.domain.documents.use_cases.uploads import CompleteUpload
from higherstudy.domain.shared.events import Origin
from higherstudy.ports.transactions import Transactions, UnitOfWork


def interrupted(transactions: Transactions, units: int, happens: Callable[[], Awaitable[object]]) -> Transactions:
    """Return transactions between which, after so many units, something else happens."""
    left = units

    @asynccontextmanager
    async def unit(origin: Origin) -> AsyncIterator[UnitOfWork]:
        nonlocal left
        async with transactions(origin) as work:
            yield work
        left -= 1
        if left == 0:
            await happens()

    def opened(origin: Origin = Origin()) -> AbstractAsyncContextManager[UnitOfWork]:  # noqa: B008 - frozen
        return unit(origin)

    return opened


@pytest.mark.parametrize(("sweep", "units"), [(ExpireUploads, 1), (DropLeftovers, 1), (DropLeftovers, 2)])
async def test_its_bytes_stay_and_it_is_accepted(sweep: type[ExpireUploads] | type[DropLeftovers], units: int) -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload = await world.requested(owner, passport)
    await world.handed_over(owner, upload, PDF)
    world.clock.move(LIFE + timedelta(seconds=1))
    complete = CompleteUpload(world.transactions, world.incoming)

    late = interrupted(world.transactions, units, lambda: complete(owner, upload.id))
    await sweep(late, world.incoming)(nobody)

    assert (await world.scanned(upload)).state is UploadState.ACCEPTED
    assert len((await world.document(owner, passport)).versions) == 1


async def test_one_that_was_given_up_cannot_be_reported_any_more_though_its_bytes_are_still_to_go() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload = await world.requested(owner, passport)
    await world.handed_over(owner, upload, PDF)
    world.clock.move(LIFE + timedelta(seconds=1))
    complete = CompleteUpload(world.transactions, world.incoming)

    late = interrupted(world.transactions, 2, lambda: complete(owner, upload.id))
    given_up = await ExpireUploads(late, world.incoming)(nobody)

    assert (given_up, (await world.scanned(upload)).state) == (1, UploadState.EXPIRED)
    assert await world.left() == []


async def test_reporting_it_from_a_second_tab_while_it_is_decided_is_answered_with_the_decision() -> None:
    world = Uploading()
    owner, passport = await world.begin()
    upload = await world.requested(owner, passport)
    await world.handed_over(owner, upload, PDF)

    async def first_tab() -> None:
        await CompleteUpload(world.transactions, world.incoming)(owner, upload.id)
        await world.scanned(upload)

    second_tab = CompleteUpload(interrupted(world.transactions, 1, first_tab), world.incoming)
    seen = await second_tab(owner, upload.id)

    assert (seen.state, seen.number) == (UploadState.ACCEPTED, 1)
