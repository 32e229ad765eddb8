"""The load: keep-alive HTTP/1.1 connections that each send one request after another for some seconds."""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import uvloop


class Caller(asyncio.Protocol):
    """One connection: sends a request, waits for the whole answer, notes how long it took, and sends the next."""

    def __init__(self, requests: Iterator[bytes], until: float) -> None:
        self._requests = requests
        self._until = until
        self._buffer = b""
        self._sent = 0.0
        self.took: list[float] = []
        self.failed = 0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(rest) < length:
            return
        now = time.perf_counter()
        self.took.append(now - self._sent)
        self.failed += head[9:10] != b"2"
        self._buffer = b""
        if now < self._until:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if time.perf_counter() < self._until:
            self.failed += 1
        if not self.ended.done():
            self.ended.set_result(None)

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(next(self._requests))


def requests_for(what: str, tokens: list[str], port: int, seed: str, programmes: list[str]) -> Iterator[bytes]:
    """Yield the requests: each next one by another account, and creates with a key and an intake of their own."""
    number = itertools.count()
    for token, at in zip(itertools.cycle(tokens), number, strict=False):
        head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n"
        if what == "list":
            yield f"GET /v1/students/me/applications?limit=20 HTTP/1.1\r\n{head}\r\n".encode()
            continue
        round_, programme = divmod(at // len(tokens), len(programmes))
        body = json.dumps({"programme_id": programmes[programme], "term": "autumn", "starts_on": "2027-08-31"}).encode()
        assert round_ == 0, "each account may apply once for an intake"
        yield (
            f"POST /v1/students/me/applications HTTP/1.1\r\n{head}Content-Type: application/json\r\n"
            f"Idempotency-Key: {seed}-{at}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body


async def main(port: int, what: str, connections: int, seconds: float, told: dict[str, Any], seed: str) -> None:
    """Print requests a second, the slowest of a hundred in milliseconds, and how many failed."""
    requests = requests_for(what, told["tokens"], port, seed, told["programmes"].get(seed, []))
    loop = asyncio.get_running_loop()
    begun = time.perf_counter()
    callers = [
        (await loop.create_connection(lambda: Caller(requests, begun + seconds), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    async with asyncio.timeout(seconds + 30):
        await asyncio.gather(*(caller.ended for caller in callers))
    took = sorted(one for caller in callers for one in caller.took)
    rate = len(took) / (time.perf_counter() - begun)
    failed = sum(caller.failed for caller in callers)
    slow = took[int(len(took) * 0.99)] * 1000
    print(json.dumps({"rate": rate, "p50": took[len(took) // 2] * 1000, "p99": slow, "failed": failed}))


if __name__ == "__main__":
    port, what, connections, seconds, words, seed = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(port), what, int(connections), float(seconds), json.loads(Path(words).read_text()), seed))
