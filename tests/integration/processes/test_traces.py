"""One trace leads through all processes, and whoever collects traces is never waited for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from processes import Processes, processes
from waiting import until

import servers
from servers.programs import free_port

PASSWORD = "seven quiet rivers at dawn"
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@dataclass
class Collector:
    """Takes spans by OTLP over HTTP, and keeps them by the service that sent them."""

    address: str = ""
    raw: bytes = b""
    spans: list[tuple[str, Span]] = field(default_factory=list)

    def take(self, body: bytes) -> None:
        self.raw += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = next(a.value.string_value for a in resource.resource.attributes if a.key == "service.name")
            self.spans += [(service, span) for scope in resource.scope_spans for span in scope.spans]

    def named(self, start: str) -> tuple[str, Span] | None:
        """Return the service and the span of the trace whose name begins so."""
        return next(((s, one) for s, one in self.of_trace if one.name.startswith(start)), None)

    @property
    def of_trace(self) -> list[tuple[str, Span]]:
        return [(service, span) for service, span in self.spans if span.trace_id.hex() == TRACE]


@pytest.fixture
def collector() -> Iterator[Collector]:
    taken = Collector()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so by the library
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    taken.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield taken
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def here(database: servers.Database, tmp_path: Path) -> Iterator[Processes]:
    settings = {"DATABASE_URL": database.app_url, "MIGRATION_DATABASE_URL": database.owner_url, "LOG_FORMAT": "json"}
    with processes(tmp_path, settings) as some:
        yield some


async def register(place: Processes, email: str) -> None:
    async with place.started[0].client() as client:
        body = {"email": email, "password": PASSWORD, "name": "Sample Student"}
        headers = {"traceparent": f"00-{TRACE}-{PARENT}-01", "X-Request-Id": "traced-1"}
        answer = await client.post("/v1/accounts", json=body, headers=headers)
        await client.get("/v1/calendars/a-secret-of-hers.ics", headers=headers)
    assert answer.status_code == 201, answer.text


async def test_one_trace_leads_through_api_relay_and_worker(here: Processes, collector: Collector) -> None:
    telling = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.address, "OTEL_BSP_SCHEDULE_DELAY": "100"}
    for start in (here.serve, here.relay, here.work):
        start(**telling)

    await register(here, "traced@example.org")
    await until(lambda: collector.named("job mail_welcome") is not None, 40)
    for process in here.started:  # what was not sent yet is sent at the end
        process.stop()

    asked, passed_on, job = (collector.named(name) for name in ("POST /v1/accounts", "pass on", "job mail_welcome"))
    assert asked is not None
    assert passed_on is not None
    assert job is not None
    assert [service for service, _ in (asked, passed_on, job)] == [
        "higherstudy-serve",
        "higherstudy-relay",
        "higherstudy-work",
    ]
    assert asked[1].parent_span_id.hex() == PARENT
    assert passed_on[1].parent_span_id == asked[1].span_id
    assert job[1].parent_span_id == passed_on[1].span_id
    statements = [(service, span) for service, span in collector.of_trace if span.name == "INSERT"]
    assert any(
        service == "higherstudy-serve" and span.parent_span_id == asked[1].span_id for service, span in statements
    )
    for private in (b"traced@example.org", PASSWORD.encode(), b"a-secret"):
        assert private not in collector.raw
    assert f'"trace_id":"{TRACE}"' in here.started[2].log.read_text(encoding="utf-8")


async def test_a_collector_that_is_not_there_slows_and_fails_nothing(here: Processes) -> None:
    serve = here.serve(OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{free_port()}", OTEL_BSP_SCHEDULE_DELAY="50")

    await register(here, "untraced@example.org")
    begun = time.monotonic()
    serve.stop()

    assert time.monotonic() - begun < 9
    assert "Traceback" not in serve.log.read_text(encoding="utf-8")
