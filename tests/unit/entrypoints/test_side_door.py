"""The side door answers those who watch, and is not held open by those who do not ask."""

import asyncio

import pytest

from higherstudy.entrypoints.http.connections import HeadInTime
from higherstudy.entrypoints.parts.checks import Check, Checks
from higherstudy.entrypoints.watching.side_door import SideDoor, side_door


async def there() -> bool:
    return True


async def gone() -> bool:
    return False


async def figures() -> bytes:
    return b"higherstudy_jobs 1\n"


async def said_to(port: int, sent: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    await writer.drain()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


def a_door(part: Check) -> SideDoor:
    return SideDoor(Checks({"database": part}), figures)


async def test_a_process_that_cannot_work_is_a_503_with_the_reason() -> None:
    async with side_door("127.0.0.1", 0, a_door(Check(gone))) as port:
        answer = await said_to(port, b"GET /health/ready HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert answer.endswith(b'{"status":"unavailable","parts":{"database":"unavailable"},"figures":{}}')


@pytest.mark.parametrize(
    ("sent", "status", "body"),
    [
        (b"GET /health/live HTTP/1.1\r\n\r\n", b"200", b'{"status":"ok"}'),
        (b"GET /metrics?x=1 HTTP/1.0\r\n\r\n", b"200", b"higherstudy_jobs 1\n"),
        (b"HEAD /metrics HTTP/1.1\r\n\r\n", b"200", b""),
        (b"GET /v1/accounts HTTP/1.1\r\n\r\n", b"404", b"{}"),
        (b"DELETE /metrics HTTP/1.1\r\n\r\n", b"405", b"{}"),
    ],
)
async def test_each_address_has_its_answer(sent: bytes, status: bytes, body: bytes) -> None:
    async with side_door("127.0.0.1", 0, a_door(Check(there))) as port:
        answer = await said_to(port, sent.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))

    head, _, content = answer.partition(b"\r\n\r\n")
    assert head.split(b" ")[1] == status
    assert content == body


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"\xff\xfe /x HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: " + b"x" * 90_000 + b"\r\n\r\n",
    ],
)
async def test_what_is_no_request_is_sent_away(sent: bytes) -> None:
    async with side_door("127.0.0.1", 0, a_door(Check(there))) as port:
        assert not (await said_to(port, sent)).startswith(b"HTTP/1.1 200")
        assert b"200" in await said_to(port, b"GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n")


class _QuickHead(HeadInTime):
    longest_head = 0.05


async def test_who_says_nothing_is_not_waited_for() -> None:
    async with side_door("127.0.0.1", 0, a_door(Check(there)), protocol=_QuickHead) as port:
        assert await said_to(port, b"GET /health/live") == b""


async def test_an_address_that_is_taken_cannot_be_had() -> None:
    async with side_door("127.0.0.1", 0, a_door(Check(there))) as port:
        with pytest.raises(OSError, match="in use"):
            async with side_door("127.0.0.1", port, a_door(Check(there))):
                pass
