"""Spans for requests, events, jobs and statements, sent by OTLP over HTTP; only imported where they are wanted.

A span holds ids, templates of routes and statements without their values: neither addresses that were asked for,
which may hold secret links, nor the words of errors, which may hold what people have said.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import event
from sqlalchemy.ext.asyncio.engine import AsyncEngine

from ...domain.shared.events import Envelope, Origin
from ...ports.jobs import Job
from ..about import about

Asgi = Callable[..., Awaitable[None]]
Fetch = Callable[..., Awaitable[list[Any]]]

_EXPORT_SECONDS = 2.0
_LONGEST_STATEMENT = 2000
_carrier = TraceContextTextMapPropagator()


def traceparent() -> str:
    """Return the W3C traceparent of the present span, blank outside any."""
    carrier: dict[str, str] = {}
    _carrier.inject(carrier)
    return carrier.get("traceparent", "")


class Telemetry:
    """Traces one process."""

    def __init__(self, endpoint: str, process: str) -> None:
        resource = Resource.create({"service.name": f"higherstudy-{process}"})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=_EXPORT_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("higherstudy")

    def app(self, app: Asgi) -> Asgi:
        """Return the application with a span for each request, named after its route."""

        async def traced(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            told = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            method = scope["method"]
            with self._span(method, SpanKind.SERVER, told, {"http.request.method": method}) as span:

                async def answer(message: MutableMapping[str, Any]) -> None:
                    if message["type"] == "http.response.start":
                        span.set_attribute("http.response.status_code", message["status"])
                        if message["status"] >= 500:
                            span.set_status(Status(StatusCode.ERROR))
                    await send(message)

                await app(scope, receive, answer)
                route = scope.get("path_template") or "unmatched"
                span.update_name(f"{method} {route}")
                span.set_attribute("http.route", route)

        return traced

    @contextmanager
    def job(self, job: Job) -> Iterator[None]:
        """Let what is done inside be a span of the trace that the job was asked for in."""
        said = {"job.id": str(job.id), "job.name": job.name, "job.attempt": job.attempts}
        with self._span(f"job {job.name}", SpanKind.CONSUMER, {"traceparent": job.origin.trace}, said):
            yield

    def passed_on(self, envelope: Envelope) -> Origin:
        """Note in the event's trace that it was passed on, and return the origin for what follows from it."""
        if not envelope.origin.trace:
            return envelope.origin
        said = {"event.tag": envelope.event.tag, "event.id": str(envelope.id)}
        told = {"traceparent": envelope.origin.trace}
        with self._span(f"pass on {envelope.event.tag}", SpanKind.PRODUCER, told, said):
            return replace(envelope.origin, trace=traceparent())

    def follow_engine(self, engine: AsyncEngine) -> None:
        """Give each statement of the engine a span, inside of other spans only."""

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def begin(_: Any, __: Any, statement: str, ___: Any, context: Any, ____: Any) -> None:
            context.span = self._statement(statement)

        @event.listens_for(engine.sync_engine, "after_cursor_execute")
        def end(_: Any, __: Any, ___: Any, ____: Any, context: Any, _____: Any) -> None:
            context.span.end()

        @event.listens_for(engine.sync_engine, "handle_error")
        def fail(failure: Any) -> None:
            span = getattr(failure.execution_context, "span", None)
            if span is not None:
                span.set_status(Status(StatusCode.ERROR, type(failure.original_exception).__name__))
                span.end()

    def fetch(self, fetch: Fetch) -> Fetch:
        """Return what reads rows by a statement with a span for each."""

        async def traced(statement: str, *values: Any) -> list[Any]:
            span = self._statement(statement)
            try:
                return await fetch(statement, *values)
            except BaseException as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise
            finally:
                span.end()

        return traced

    def follow_clients(self, *, redis: bool, s3: bool) -> None:
        """Give each call of these clients a span."""
        if redis:
            from opentelemetry.instrumentation.redis import RedisInstrumentor  # noqa: PLC0415 - where there is one

            RedisInstrumentor().instrument(tracer_provider=self._provider)
        if s3:
            from opentelemetry.instrumentation.botocore import AiobotocoreInstrumentor  # noqa: PLC0415 - likewise

            instrumentor = AiobotocoreInstrumentor()  # type: ignore[no-untyped-call]
            instrumentor.instrument(tracer_provider=self._provider)

    def shut_down(self) -> None:
        """Send what is left; come back when that is done or has failed."""
        self._provider.shutdown()

    def _statement(self, statement: str) -> Span:
        """Return a span for the statement; one that records nothing where nobody asked for what is done."""
        if not trace.get_current_span().get_span_context().is_valid:
            return trace.INVALID_SPAN
        name = statement.split(maxsplit=1)[0].upper() if statement.strip() else "statement"
        said = {"db.system.name": "postgresql", "db.query.text": statement[:_LONGEST_STATEMENT]}
        return self._tracer.start_span(name, kind=SpanKind.CLIENT, attributes=said)

    @contextmanager
    def _span(self, name: str, kind: SpanKind, told: dict[str, str], said: dict[str, Any]) -> Iterator[Span]:
        parent = _carrier.extract(told)
        with self._tracer.start_as_current_span(
            name, parent, kind, said, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                with about({"trace_id": format(span.get_span_context().trace_id, "032x")}):
                    yield span
            except BaseException as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise
