"""Wherever a worker dies while it looks at an upload, the next one brings it to the same end."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

import pytest
from uploading import WORM, Uploading
from worlds import PDF

from higherstudy.domain.documents.upload import UploadState
from higherstudy.domain.documents.use_cases.scanning import ScanUpload
from higherstudy.domain.documents.use_cases.uploads import GetUpload
from higherstudy.domain.shared.events import Origin
from higherstudy.ports.files import Files, Look, StoredFile
from higherstudy.ports.incoming import Incoming
from higherstudy.ports.transactions import Transactions, UnitOfWork


class Died(Exception):
    """The process is gone."""


class Life:
    """Counts what a worker does to the world, and ends it before or after one of these steps."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def step(self) -> None:
        """Raise Died when no step is left."""
        self.left -= 1
        if self.left < 0:
            raise Died


class DyingIncoming:
    """The incoming bytes as a worker meets them that dies at some step."""

    def __init__(self, incoming: Incoming, life: Life) -> None:
        self._incoming, self._life = incoming, life

    def __getattr__(self, name: str) -> object:
        return getattr(self._incoming, name)

    async def read(self, name: str) -> AsyncIterator[bytes]:
        async for piece in self._incoming.read(name):
            self._life.step()
            yield piece

    async def drop(self, name: str) -> None:
        self._life.step()
        await self._incoming.drop(name)
        self._life.step()


class DyingFiles:
    """The kept files as that worker meets them."""

    def __init__(self, files: Files, life: Life) -> None:
        self._files, self._life = files, life

    def __getattr__(self, name: str) -> object:
        return getattr(self._files, name)

    async def store(self, content: AsyncIterator[bytes], *, at_most: int, look: Look | None = None) -> StoredFile:
        self._life.step()
        stored = await self._files.store(content, at_most=at_most, look=look)
        self._life.step()
        return stored


def dying_transactions(transactions: Transactions, life: Life) -> Transactions:
    """Return transactions that are cut short before their commit, or whose answer is lost after it."""

    @asynccontextmanager
    async def unit(origin: Origin) -> AsyncIterator[UnitOfWork]:
        async with transactions(origin) as work:
            yield work
            life.step()
        life.step()

    def opened(origin: Origin = Origin()) -> AbstractAsyncContextManager[UnitOfWork]:  # noqa: B008 - frozen
        return unit(origin)

    return opened


@pytest.mark.parametrize(
    ("content", "state", "versions"), [(PDF, UploadState.ACCEPTED, 1), (WORM, UploadState.REFUSED, 0)]
)
async def test_the_next_worker_brings_it_to_the_same_end(content: bytes, state: UploadState, versions: int) -> None:
    deaths = 0
    while True:
        world = Uploading()
        owner, passport = await world.begin()
        upload = await world.received(owner, passport, content)
        life = Life(deaths)
        incoming = DyingIncoming(world.incoming, life)
        files: Files = DyingFiles(world.files, life)  # type: ignore[assignment]
        dying = ScanUpload(dying_transactions(world.transactions, life), incoming, files, world.vault, world.scanner)  # type: ignore[arg-type]

        with suppress(Died):
            await dying.decide(upload.id)
        await world.scanned(upload)

        after = await GetUpload(world.transactions)(owner, upload.id)
        assert after.state is state, f"after {deaths} steps"
        assert len((await world.document(owner, passport)).versions) == versions
        # A worker that died after it had stored the file leaves it behind; a day later it is swept away.
        kept = set(await world.kept(owner, passport))
        assert (kept, await world.left()) == ({content} if state is UploadState.ACCEPTED else set(), [])
        assert sum(type(event).__name__ in ("UploadAccepted", "UploadRefused") for event in await world.events()) == 1
        if life.left >= 0:  # it came to its own end
            break
        deaths += 1

    assert deaths >= 7
