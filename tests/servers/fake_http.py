"""A service that speaks HTTP on this machine, and lets tests choose what goes wrong with its next requests."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from .programs import LOCAL


class Asked(NamedTuple):
    """A request."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Answer(NamedTuple):
    """What is said to it."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request."""

    takes: bool = False
    """Whether it does what it was asked all the same."""
    says: Answer | None = None
    """What it answers in the place of what it should; None for nothing."""
    stays: bool = False
    """Whether it keeps the connection open without a word; it is closed otherwise."""
    drips: bool = False
    """Whether its answer comes a byte at a time, and never to its end."""


SILENT = Fault(stays=True)
CLOSES = Fault()
TAKES_AND_CLOSES = Fault(takes=True)
"""What a crash of ours or of theirs between the acceptance and the answer looks like."""
TAKES_AND_IS_SILENT = Fault(takes=True, stays=True)
DRIPS = Fault(takes=True, drips=True)


def says(status: int, body: bytes = b"", **headers: str) -> Fault:
    """Return the fault of such an answer; ``_`` in names of headers stands for ``-``."""
    return Fault(says=Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()}))


@dataclass
class FakeService:
    """What all of them have: where they are, what they were asked, and what goes wrong next."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    """One for each of the next requests; afterwards all is well."""
    ended: threading.Event = field(default_factory=threading.Event)

    def answer(self, asked: Asked) -> Answer:
        """Return what the service says when all is well."""
        raise NotImplementedError


@contextmanager
def served(service: FakeService) -> Iterator[None]:
    """Let it answer at a free port of this machine, which its ``url`` says."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def do_DELETE(self) -> None:
            self._serve()

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            asked = Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            with suppress(ConnectionError):  # whoever asked did not wait
                _serve(service, asked, self)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer((LOCAL, 0), Handler)
    server.daemon_threads = True
    service.url = f"http://{LOCAL}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        service.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _serve(service: FakeService, asked: Asked, to: BaseHTTPRequestHandler) -> None:
    service.asked.append(asked)
    if not service.faults:
        _say(service.answer(asked), to)
        return
    fault = service.faults.popleft()
    answer = service.answer(asked) if fault.takes else None
    if fault.says is not None:
        _say(fault.says, to)
        return
    if answer is not None and fault.drips:
        _say(answer, to, more=10_000)
        while not service.ended.wait(0.05):
            to.wfile.write(b" ")
    if fault.stays:
        service.ended.wait()
    to.close_connection = True


def _say(answer: Answer, to: BaseHTTPRequestHandler, more: int = 0) -> None:
    to.send_response(answer.status)
    for name, value in answer.headers.items():
        to.send_header(name, value)
    to.send_header("Content-Length", str(len(answer.body) + more))
    to.end_headers()
    to.wfile.write(answer.body)
