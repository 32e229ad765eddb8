"""Uploads that arrive in one place and are kept in another do what every place for uploads must."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from uuid import uuid4

import pytest

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.files import MemoryFiles
from higherstudy.adapters.memory.incoming import MemoryIncoming
from higherstudy.adapters.relayed.incoming import RelayedIncoming
from higherstudy.domain.shared.errors import Forbidden, NotFound, RuleBroken
from higherstudy.ports.contracts.incoming import IncomingContract, Putter
from higherstudy.ports.contracts.passing_time import PassingTime
from higherstudy.ports.files import Files
from higherstudy.ports.incoming import Incoming


class _MovedTime:
    def __init__(self, clock: MemoryClock) -> None:
        self.now, self._clock = clock.now, clock

    async def go_on(self, by: timedelta) -> None:
        self._clock.move(by)


class TestRelayedIncoming(IncomingContract):
    @pytest.fixture
    def clock(self) -> MemoryClock:
        return MemoryClock()

    @pytest.fixture
    def files(self, clock: MemoryClock) -> Files:
        return MemoryFiles(clock)

    @pytest.fixture
    def arriving(self, clock: MemoryClock) -> MemoryIncoming:
        return MemoryIncoming(MemoryFiles(clock), clock)

    @pytest.fixture
    def incoming(self, arriving: MemoryIncoming, files: Files) -> Incoming:
        return RelayedIncoming(arriving, files)

    @pytest.fixture
    def time(self, clock: MemoryClock) -> PassingTime:
        return _MovedTime(clock)

    @pytest.fixture
    def put(self, arriving: MemoryIncoming) -> Putter:
        async def sent(_: Incoming, url: str, headers: Mapping[str, str], content: bytes) -> bool:
            try:
                arriving.put(url, headers, content)
            except Forbidden:
                return False
            return True

        return sent


async def test_other_bytes_than_those_of_the_hash_are_never_kept() -> None:
    clock = MemoryClock()
    files, name = MemoryFiles(clock), str(uuid4())

    class Changed(MemoryIncoming):
        async def read(self, name: str) -> AsyncIterator[bytes]:
            yield b"%PDF-1.7 another transcript"

    with pytest.raises(RuleBroken):
        await RelayedIncoming(Changed(MemoryFiles(clock), clock), files).keep(name, "0" * 64)

    assert [kept async for kept in files.kept_before(clock.now().replace(year=2100))] == []
    with pytest.raises(NotFound):
        await RelayedIncoming(MemoryIncoming(files, clock), files).keep(name, "0" * 64)
