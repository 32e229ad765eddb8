"""What the work that is being done belongs to: a request, a job, a trace; log lines and events carry it on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from operator import attrgetter

from ..domain.shared.events import Envelope, Origin
from ..ports.transactions import Transactions, UnitOfWork

ABOUT: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 - nobody writes to it
"""The ids of the present work by name, as log lines show them."""

_trace: Callable[[], str] = str
_passing: Callable[[Envelope], Origin] = attrgetter("origin")


@contextmanager
def about(ids: Mapping[str, str]) -> Iterator[None]:
    """Let what is done inside belong to these ids besides those that it belongs to already; blank ones are left out."""
    token = ABOUT.set({**ABOUT.get(), **{name: value for name, value in ids.items() if value}})
    try:
        yield
    finally:
        ABOUT.reset(token)


def traced_by(trace: Callable[[], str], passing: Callable[[Envelope], Origin]) -> None:
    """Let ``trace`` tell the W3C traceparent of the present work from now on, blank outside any trace, and ``passing``
    the origin of what follows from an event."""
    global _trace, _passing
    _trace, _passing = trace, passing


def not_traced() -> None:
    """Let nobody trace this process any more."""
    traced_by(str, attrgetter("origin"))


def passed_on(envelope: Envelope) -> Origin:
    """Return the origin of what follows from the event, which is being passed on now."""
    return _passing(envelope)


def completed(origin: Origin) -> Origin:
    """Return the origin with the present request and trace, where it names none itself."""
    request_id = origin.request_id or ABOUT.get().get("request_id", "")
    trace = origin.trace or _trace()
    if request_id == origin.request_id and trace == origin.trace:
        return origin
    return replace(origin, request_id=request_id, trace=trace)


class Completing:
    """Opens units of work whose events carry the present request and trace."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def __call__(self, origin: Origin = Origin()) -> AbstractAsyncContextManager[UnitOfWork]:  # noqa: B008 - frozen
        """Return a unit of that origin, completed."""
        return self._transactions(completed(origin))
