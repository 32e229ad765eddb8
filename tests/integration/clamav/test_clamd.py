"""A real clamd looks at content as any scanner must."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

import servers
from higherstudy.adapters.clamav.scanner import ClamavScanner
from higherstudy.ports.contracts.scanner import ScannerContract, harmless_proof
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.scanner import Scanner
from servers.clamav import LARGEST, is_installed
from servers.programs import free_port


async def pieces(content: bytes, size: int = 65536) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


class TestClamavScanner(ScannerContract):
    @pytest.fixture
    def scanner(self, clamd: str) -> Scanner:
        return ClamavScanner(clamd)

    @pytest.fixture
    def away(self) -> Scanner:
        return ClamavScanner(f"127.0.0.1:{free_port()}")


@pytest.fixture
def own() -> Iterator[servers.OwnClamd]:
    if not is_installed():
        pytest.skip("clamd is not installed (Debian: clamav-daemon)")
    server = servers.OwnClamd()
    try:
        server.program.start()
        yield server
    finally:
        server.close()


async def test_it_is_reached_by_its_socket_too(own: servers.OwnClamd) -> None:
    scanner = ClamavScanner(own.socket)

    assert await scanner.check()
    assert await scanner.scan(pieces(harmless_proof()))
    assert await scanner.scan(pieces(b"%PDF-1.7")) is None


async def test_what_it_does_not_look_at_is_not_clean(own: servers.OwnClamd) -> None:
    with pytest.raises(Unavailable):
        await ClamavScanner(own.place).scan(pieces(bytes(LARGEST + 1), 2**20))


async def test_one_that_stands_still_is_not_waited_for_in_vain(own: servers.OwnClamd) -> None:
    scanner = ClamavScanner(own.place, timeout=timedelta(seconds=1))
    own.program.freeze()
    try:
        with pytest.raises(Unavailable):
            await scanner.scan(pieces(b"%PDF-1.7"))
    finally:
        own.program.thaw()
    assert await scanner.scan(pieces(b"%PDF-1.7")) is None


async def test_one_that_was_killed_and_came_back_is_asked_again(own: servers.OwnClamd) -> None:
    scanner = ClamavScanner(own.place)
    own.program.kill()
    with pytest.raises(Unavailable):
        await scanner.scan(pieces(b"%PDF-1.7"))
    with pytest.raises(Unavailable):
        await scanner.check()

    own.program.start()

    assert await scanner.scan(pieces(harmless_proof()))


@pytest.mark.parametrize("answer", [b"stream: ", b"UNKNOWN COMMAND\0", b"stream: Can't open file ERROR\0", b""])
async def test_an_answer_that_says_neither_is_no_verdict(answer: bytes) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(bytes(4))
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0, family=socket.AF_INET)
    port = server.sockets[0].getsockname()[1]
    try:
        with pytest.raises(Unavailable):
            await ClamavScanner(f"127.0.0.1:{port}").scan(pieces(b"%PDF-1.7"))
    finally:
        server.close()
        await server.wait_closed()
