"""The figures that a process looks up when it is asked for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TypeVar

from ...adapters.postgres import figures
from ...adapters.postgres.job_figures import job_figures
from ..backups.daily import are_taken, latest
from ..parts.opened import Opened
from .gauge import Gauge, Remembered

T = TypeVar("T")

_NOW = 5.0  # seconds for which what moves fast is remembered, so that no number of askers is a load
_SLOWLY = 60.0
_A_DAY = timedelta(days=1)


def gauges_of(opened: Opened) -> tuple[Gauge, ...]:
    """Return the figures of a process with these parts."""
    every = (_of_jobs, _of_process, _of_rules, _of_invariants, _of_backups, _of_business, _of_payments)
    return tuple(gauge for part in every for gauge in part(opened))


def _of_jobs(opened: Opened) -> Iterator[Gauge]:
    reading = opened.database.reading
    totals = Remembered(partial(job_figures, reading), _NOW)
    by_name = Remembered(partial(figures.open_jobs, reading), _NOW)
    outbox = Remembered(partial(figures.outbox, reading), _NOW)

    async def jobs() -> Mapping[str, float]:
        found = await totals()
        return {"waiting": found.waiting, "leased": found.leased, "parked": found.parked}

    async def oldest() -> Mapping[str, float]:
        return {"": (await totals()).oldest_waiting_seconds}

    by = ("name", "priority", "state")
    yield Gauge("higherstudy_jobs", "Jobs that are due, that a worker has, that were set aside.", jobs, "state")
    yield Gauge("higherstudy_oldest_waiting_job_seconds", "For how long the oldest waiting job is due.", oldest)
    yield Gauge("higherstudy_jobs_open", "Jobs that are not done, by name.", _first(by_name), by)
    yield Gauge("higherstudy_jobs_oldest_seconds", "Since when the oldest is due or set aside.", _second(by_name), by)
    yield Gauge("higherstudy_outbox_events", "Events that are still to be passed on.", _alone(_first(outbox)))
    yield Gauge("higherstudy_outbox_oldest_seconds", "For how long the oldest waits.", _alone(_second(outbox)))
    if opened.nearby.depth is not None:
        depth = Remembered(opened.nearby.depth, _NOW)
        yield Gauge("higherstudy_queue_messages", "Ids of jobs in Redis that no worker has taken.", depth, "priority")


def _of_process(opened: Opened) -> Iterator[Gauge]:
    async def ahead() -> Mapping[str, float]:
        return {"": await opened.clock.ahead()}

    async def connections() -> Mapping[str, float]:
        return opened.database.connections

    async def reading() -> Mapping[str, float]:
        return opened.database.reading.connections

    yield Gauge(
        "higherstudy_clock_ahead_seconds",
        "How far this process's clock is ahead of the database's; negative when it is behind.",
        ahead,
    )
    yield Gauge("higherstudy_database_connections", "Connections of this process, and who waits.", connections, "state")
    yield Gauge("higherstudy_reading_connections", "Those of them that only read.", reading, "state")


def _of_rules(opened: Opened) -> Iterator[Gauge]:
    async def reviews() -> Mapping[str, float]:
        packs = opened.rules.packs.rulebook().packs
        return {pack.id: datetime.combine(pack.review_by + _A_DAY, time(), UTC).timestamp() for pack in packs}

    async def behind() -> Mapping[str, float]:
        return {"": float(opened.rules.packs.is_behind)}

    yield Gauge(
        "higherstudy_rule_pack_review_timestamp_seconds",
        "From when on a rule pack in force is stale, unless somebody reviews it.",
        reviews,
        "pack",
    )
    yield Gauge("higherstudy_rules_behind", "Whether a newer edition of the rules cannot be read here.", behind)


def _of_invariants(opened: Opened) -> Iterator[Gauge]:
    last = Remembered(partial(figures.last_look, opened.database.reading), _NOW)

    async def looked_at() -> Mapping[str, float]:
        found = await last()
        return {} if found is None else {"": found[0]}

    async def breaches() -> Mapping[str, float]:
        found = await last()
        return {} if found is None else {name: one.breaches for name, one in found[1].items() if not one.failure}

    async def failures() -> Mapping[str, float]:
        found = await last()
        return {} if found is None else {name: float(bool(one.failure)) for name, one in found[1].items()}

    yield Gauge(
        "higherstudy_invariants_checked_timestamp_seconds", "When what must hold was last looked at.", looked_at
    )
    yield Gauge("higherstudy_invariant_breaches", "Rows that break what must hold.", breaches, "invariant")
    yield Gauge("higherstudy_invariant_unchecked", "Whether it could not be looked at.", failures, "invariant")


def _of_backups(opened: Opened) -> Iterator[Gauge]:
    settings = opened.database.settings

    async def taken() -> Mapping[str, float]:
        newest = latest(settings)
        return {} if newest is None else {"": newest.timestamp()}

    if are_taken(settings):
        yield Gauge("higherstudy_backup_timestamp_seconds", "When the newest backup of the data was taken.", taken)


def _of_business(opened: Opened) -> Iterator[Gauge]:
    reading = opened.database.reading
    counts = Remembered(partial(figures.counts, reading), _SLOWLY)

    async def exports() -> Mapping[str, float]:
        return {"": await figures.ready_exports(reading)}

    def count(what: str) -> Callable[[], Awaitable[Mapping[str, float]]]:
        async def look() -> Mapping[str, float]:
            return {"": (await counts())[what]}

        return look

    yield Gauge("higherstudy_students", "Students, about.", count("students"))
    yield Gauge("higherstudy_plans", "Plans, about.", count("plans"))
    yield Gauge("higherstudy_documents", "Papers, about.", count("documents"))
    yield Gauge("higherstudy_programmes", "Programmes of all catalogues, about.", count("programmes"))
    states = Remembered(partial(figures.applications_by_state, reading), _SLOWLY)
    yield Gauge("higherstudy_applications", "Applications, about.", states, "state")
    erasures = Remembered(partial(figures.unfinished_erasures, reading), _SLOWLY)
    yield Gauge("higherstudy_erasures_open", "Erasures that wait or are under way.", erasures, "state")
    yield Gauge("higherstudy_exports_ready", "Exports that lie ready.", Remembered(exports, _SLOWLY))


def _of_payments(opened: Opened) -> Iterator[Gauge]:
    found = Remembered(partial(figures.payments, opened.database.reading), _SLOWLY)

    def one(what: str) -> Callable[[], Awaitable[Mapping[str, float]]]:
        async def look() -> Mapping[str, float]:
            return {"": (await found())[what]}

        return look

    yield Gauge(
        "higherstudy_payment_differences", "How often the provider's books and ours differ.", one("differences")
    )
    yield Gauge("higherstudy_refunds_running", "Refunds that have not ended.", one("refunds_running"))
    yield Gauge("higherstudy_refunds_late", "Those of them whose day has passed.", one("refunds_late"))
    yield Gauge(
        "higherstudy_payment_notices_unknown",
        "What the provider told of and nobody followed up in a quarter of an hour.",
        one("notices_unknown"),
    )


def _first(pair: Callable[[], Awaitable[tuple[T, object]]]) -> Callable[[], Awaitable[T]]:
    async def look() -> T:
        return (await pair())[0]

    return look


def _second(pair: Callable[[], Awaitable[tuple[object, T]]]) -> Callable[[], Awaitable[T]]:
    async def look() -> T:
        return (await pair())[1]

    return look


def _alone(number: Callable[[], Awaitable[float]]) -> Callable[[], Awaitable[Mapping[str, float]]]:
    async def look() -> Mapping[str, float]:
        return {"": await number()}

    return look
