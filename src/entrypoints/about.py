"""What the work that is being done belongs to: a request, a job, a trace; log lines and events carry it on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

from ..domain.shared.events import Origin

ABOUT: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 - nobody writes to it
"""The ids of the present work by name, as log lines show them."""

_trace: Callable[[], str] = str


@contextmanager
def about(ids: Mapping[str, str]) -> Iterator[None]:
    """Let what is done inside belong to these ids besides those that it belongs to already; blank ones are left out."""
    token = ABOUT.set({**ABOUT.get(), **{name: value for name, value in ids.items() if value}})
    try:
        yield
    finally:
        ABOUT.reset(token)


def traced_by(trace: Callable[[], str]) -> None:
    """Let ``trace`` tell the W3C traceparent of the present work from now on, blank outside any trace."""
    global _trace  # noqa: PLW0603 - one process is traced by one thing
    _trace = trace


def completed(origin: Origin) -> Origin:
    """Return the origin with the present request and trace, where it names none itself."""
    request_id = origin.request_id or ABOUT.get().get("request_id", "")
    trace = origin.trace or _trace()
    if request_id == origin.request_id and trace == origin.trace:
        return origin
    return replace(origin, request_id=request_id, trace=trace)
