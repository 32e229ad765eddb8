"""Providers of payments, mail and text messages as tests need them: over HTTP, with books of their own.

They honour what the real ones honour and no more: a payment with an idempotency key that was seen before is answered as
the first time; a mail or a text message has no such key, and each one that is accepted is sent.
"""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

LOCAL = "127.0.0.1"
_LONGEST = 64 * 1024


@dataclass
class Books:
    """What the providers did: the truth of a test, kept apart from every database of ours."""

    charged: Counter[str] = field(default_factory=Counter)
    """How often each reference was charged."""
    mailed: Counter[str] = field(default_factory=Counter)
    """How often each mail was sent, by the id in its headers."""
    texted: Counter[str] = field(default_factory=Counter)
    """How often each text message was sent, by its reference."""
    asked: Counter[str] = field(default_factory=Counter)
    """How many requests of each kind came in, refused ones too."""

    def twice(self) -> dict[str, int]:
        """Return how many of each kind were done again: 0 where each happened once."""
        kinds = {"charged": self.charged, "mailed": self.mailed, "texted": self.texted}
        return {kind: book.total() - len(book) for kind, book in kinds.items()}


@dataclass(frozen=True)
class Mood:
    """How the providers behave: as it comes, they do what they are asked at once."""

    slow: float = 0.0
    """So many seconds each answer takes."""
    refuses: float = 0.0
    """This share of requests is answered 503 and has no effect."""
    cuts: float = 0.0
    """This share has its effect, and the connection ends without an answer."""


class Providers:
    """A server for all three on one free port, in a thread of its own; ``with`` runs it."""

    def __init__(self, *, seed: int = 0) -> None:
        """Take the seed of its moods."""
        self.books = Books()
        self.mood = Mood()
        self.url = ""
        self._chance = random.Random(seed)
        self._answers: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="providers", daemon=True)
        self._server: asyncio.Server | None = None

    def __enter__(self) -> Self:
        """Listen on a free port."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all connections and listen no more; the books stay open."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, LOCAL, 0, limit=_LONGEST)
        self.url = f"http://{LOCAL}:{self._server.sockets[0].getsockname()[1]}"

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        own = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not own]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # whoever asked was killed, or this is our own end
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return whether the connection stays."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        path = head[0].split(" ")[1]
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = json.loads(await reader.readexactly(int(headers.get("content-length", "0"))) or b"{}")
        status, answer, cut = await self._answer(path, headers, body)
        if cut:
            return False
        said = json.dumps(answer).encode()
        writer.write(f"HTTP/1.1 {status} -\r\ncontent-type: application/json\r\n".encode())
        writer.write(f"content-length: {len(said)}\r\n\r\n".encode() + said)
        await writer.drain()
        return True

    async def _answer(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> tuple[int, Any, bool]:
        mood = self.mood
        self.books.asked[path] += 1
        if mood.slow:
            await asyncio.sleep(mood.slow)
        if self._chance.random() < mood.refuses:
            return 503, {"error": "not now"}, False
        status, answer = self._done(path, headers, body)
        return status, answer, self._chance.random() < mood.cuts

    def _done(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        match path:
            case "/charges":
                return self._charge(headers.get("idempotency-key", ""), body)
            case "/mail":
                self.books.mailed[body["headers"]["X-Message"]] += 1
                return 202, {}
            case "/texts":
                self.books.texted[body["reference"]] += 1
                return 201, {"sid": f"SM{self.books.texted.total()}"}
            case _:
                return 404, {"error": "unknown"}

    def _charge(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Charge once a key, as Stripe does: the first answer again for the same request, an error for another."""
        if key and key in self._answers:
            first, answer = self._answers[key]
            return (200, answer) if first == body else (400, {"error": "idempotency_error"})
        self.books.charged[body["reference"]] += 1
        answer = {"id": f"ch_{self.books.charged.total()}", "amount": body["amount"]}
        if key:
            self._answers[key] = (body, answer)
        return 200, answer
