"""A Segment for tests: it takes batches as the real one does, keeps one happening an id, and fails as it is told."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .programs import LOCAL

WRITE_KEY = "a-write-key"


@dataclass
class Segment:
    """``faults`` are what the next requests get in place of an answer: a status, bytes, or seconds of silence."""

    host: str = ""
    arrived: dict[str, dict[str, Any]] = field(default_factory=dict)
    batches: list[int] = field(default_factory=list)
    faults: list[int | bytes | float] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    def take(self, authorization: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Return status and body."""
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, float):
                time.sleep(fault)
            elif isinstance(fault, bytes):
                return 400, fault
            else:
                return fault, b'{"code": "oops", "message": "Try again."}'
        if authorization != "Basic " + base64.b64encode(f"{WRITE_KEY}:".encode()).decode():
            return 401, b'{"code": "unauthorized", "message": "No such write key."}'
        if path != "/v1/batch":
            return 404, b"{}"
        self.bodies.append(body.decode())
        batch = json.loads(body)["batch"]
        self.batches.append(len(batch))
        for one in batch:
            self.arrived.setdefault(one["messageId"], one)
        return 200, b'{"success": true}'


@contextmanager
def segment() -> Iterator[Segment]:
    """Start one on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, answer = ours.take(self.headers.get("authorization", ""), self.path, body)
            with suppress(OSError):  # whoever asked has gone
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("location", "/elsewhere")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer((LOCAL, 0), Handler)
    server.daemon_threads = True
    ours = Segment(f"http://{LOCAL}:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield ours
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
