"""Whoever stops in the middle of a request is not waited for."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
import uvicorn
from records import Server

from higherstudy.entrypoints.http.connections import HeadInTime
from higherstudy.entrypoints.http.errors import TooSlow
from higherstudy.entrypoints.http.patience import Message, Patience

QUICK = Patience(piece=timedelta(seconds=0.2), body=timedelta(seconds=0.5))
HALF_A_HEAD = b"POST /v1/sessions HTTP/1.1\r\nHost: server\r\n"
HALF_A_BODY = HALF_A_HEAD + b'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"email": '


class _QuickHead(HeadInTime):
    longest_head = 0.3


class _Server(uvicorn.Server):
    """Says when it takes requests."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.ready.set()


@pytest.fixture
async def port(server: Server) -> AsyncIterator[int]:
    """The port of a server with little patience."""
    server.app._patience = QUICK
    app: Any = server.app
    config = uvicorn.Config(app, port=0, log_config=None, http=_QuickHead, ws="none", lifespan="off")
    one = _Server(config)
    serving = asyncio.create_task(one.serve())
    await one.ready.wait()
    yield one.servers[0].sockets[0].getsockname()[1]
    one.should_exit = True
    await serving


async def _answer_to(port: int, sent: bytes) -> bytes:
    """Return all that comes until the server closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    answer = await asyncio.wait_for(reader.read(), 4)
    writer.close()
    return answer


async def test_half_a_body_gets_a_408_and_the_connection_is_closed(port: int) -> None:
    answer = await _answer_to(port, HALF_A_BODY)

    assert answer.startswith(b"HTTP/1.1 408")
    assert b"too_slow" in answer


@pytest.mark.parametrize("sent", [b"", HALF_A_HEAD])
async def test_a_connection_without_a_whole_head_is_closed(port: int, sent: bytes) -> None:
    assert await _answer_to(port, sent) == b""


async def test_half_a_head_after_an_answer_is_not_waited_for_either(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /health/live HTTP/1.1\r\nHost: server\r\n\r\n")
    first = await reader.readuntil(b'{"status":"ok"}')
    writer.write(HALF_A_HEAD)

    rest = await asyncio.wait_for(reader.read(), 4)

    assert first.startswith(b"HTTP/1.1 200")
    assert rest == b""
    writer.close()


async def test_an_answer_that_takes_longer_than_a_head_may_is_sent(port: int, server: Server) -> None:
    async with server.ports.transactions():
        asking = asyncio.create_task(_search(port))
        await asyncio.sleep(0.6)

    assert await asking == 200


async def _search(port: int) -> int:
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        return (await client.get("/v1/programmes")).status_code


async def test_a_body_that_only_drips_is_given_up_and_one_that_flows_is_taken_however_long() -> None:
    async def pieces(size: int, number: int) -> int:
        left = number

        async def receive() -> Message:
            nonlocal left
            left -= 1
            await asyncio.sleep(0.1)
            return {"type": "http.request", "body": b"x" * size, "more_body": left > 0}

        patient, came, more = QUICK.over(receive), 0, True
        while more:
            message = await patient()
            came += len(message["body"])
            more = message["more_body"]
        return came

    with pytest.raises(TooSlow):
        await pieces(1, 8)
    assert await pieces(4096, 8) == 8 * 4096


async def test_waiting_for_the_sender_to_leave_has_no_end() -> None:
    to_come: list[tuple[Message, float]] = [
        ({"type": "http.request", "body": b""}, 0),
        ({"type": "http.disconnect"}, 0.4),
    ]
    messages = iter(to_come)

    async def receive() -> Message:
        message, after = next(messages)
        await asyncio.sleep(after)
        return message

    patient = QUICK.over(receive)
    await patient()

    assert (await patient())["type"] == "http.disconnect"


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/docs", "/v1/openapi.json", "/v1/programmes"])
async def test_whatever_can_be_got_can_be_asked_for_without_its_content(anybody: httpx2.AsyncClient, path: str) -> None:
    got = await anybody.get(path)

    asked = await anybody.head(path)

    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-type"] == got.headers["content-type"]
    assert asked.headers["content-length"] == got.headers["content-length"]
