"""The bad network of the fault tests does what it says, so that a test which passes through it means something."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from proxy import LOCAL, Proxy
from waiting import until

A_LOT = bytes(1024) * 512


@pytest.fixture
async def echo() -> AsyncIterator[int]:
    """The port of a server that sends back whatever comes."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(65536):
                writer.write(piece)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, LOCAL, 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def said_back(port: int, said: bytes, patience: float = 5) -> bytes:
    """Say it through a new connection, and return what comes back in the given seconds."""
    async with asyncio.timeout(patience):
        reader, writer = await asyncio.open_connection(LOCAL, port)
        try:
            sending = asyncio.ensure_future(_send(writer, said))
            heard = await reader.readexactly(len(said))
            await sending
            return heard
        finally:
            writer.close()


async def _send(writer: asyncio.StreamWriter, said: bytes) -> None:
    writer.write(said)
    await writer.drain()


async def test_a_network_that_is_well_passes_everything_both_ways(echo: int) -> None:
    with Proxy(LOCAL, echo) as proxy:
        assert await said_back(proxy.port, A_LOT) == A_LOT


async def test_a_slow_network_takes_its_time(echo: int) -> None:
    with Proxy(LOCAL, echo) as proxy:
        proxy.be(delay=0.2)
        begun = time.monotonic()

        await said_back(proxy.port, b"hello")

        assert 0.2 <= time.monotonic() - begun < 2


async def test_a_narrow_network_lets_so_many_bytes_through_a_second(echo: int) -> None:
    with Proxy(LOCAL, echo) as proxy:
        proxy.be(rate=1024 * 1024)
        begun = time.monotonic()

        await said_back(proxy.port, A_LOT)

        assert 0.5 <= time.monotonic() - begun < 4


async def test_a_silent_network_answers_nothing_until_it_is_well_and_then_loses_nothing(echo: int) -> None:
    with Proxy(LOCAL, echo) as proxy:
        proxy.be(silent=True)
        answer = asyncio.ensure_future(said_back(proxy.port, b"hello"))
        done, _ = await asyncio.wait({answer}, timeout=0.3)
        assert not done

        proxy.heal()

        assert await answer == b"hello"


@pytest.mark.parametrize("by_reset", [True, False], ids=["reset", "closed"])
async def test_a_cut_ends_what_is_there_and_lets_others_come(echo: int, by_reset: bool) -> None:
    with Proxy(LOCAL, echo) as proxy:
        proxy.be(silent=True)
        answer = asyncio.ensure_future(said_back(proxy.port, b"hello"))
        await until(lambda: proxy.open == 1)

        proxy.cut(by_reset=by_reset)

        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await answer
        proxy.heal()
        assert await said_back(proxy.port, b"again") == b"again"


async def test_a_network_may_refuse_and_break_off_after_so_many_bytes(echo: int) -> None:
    with Proxy(LOCAL, echo) as proxy:
        proxy.be(refusing=True)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await said_back(proxy.port, b"hello")

        proxy.be(breaks_after=1000)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await said_back(proxy.port, A_LOT)
        assert await said_back(proxy.port, b"short") == b"short"


async def test_a_server_that_is_gone_is_a_reset_and_another_may_take_its_place(echo: int) -> None:
    with Proxy(LOCAL, 1) as proxy:
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await said_back(proxy.port, b"hello")

        proxy.target = (LOCAL, echo)

        assert await said_back(proxy.port, b"hello") == b"hello"


async def test_the_same_seed_breaks_at_the_same_moments(echo: int) -> None:
    async def fates(seed: int) -> list[bool]:
        with Proxy(LOCAL, echo, seed=seed) as proxy:
            proxy.be(storm=2000)
            return [await _survives(proxy.port) for _ in range(30)]

    first, again, other = await fates(1), await fates(1), await fates(2)

    assert first == again
    assert first != other
    assert True in first
    assert False in first


async def _survives(port: int) -> bool:
    try:
        return await said_back(port, bytes(800)) == bytes(800)
    except (ConnectionError, asyncio.IncompleteReadError):
        return False
